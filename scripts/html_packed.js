// report.html: the charts that would make the page too long lie in it compressed; here they are
// drawn. Without scripts, and in a browser without DecompressionStream, the page says in which
// file beside it each is.
(() => {
  "use strict";
  const packed = JSON.parse(document.getElementById("packed").textContent);
  const unpack = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
  };
  const draw = async (place) => {
    const figure = document.createElement("figure");
    figure.className = "wide";
    figure.tabIndex = 0;
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", place.dataset.words);
    figure.innerHTML = await unpack(packed[place.dataset.chart]);
    place.replaceWith(figure);
  };
  const places = [...document.querySelectorAll("[data-chart]")].filter((p) => packed[p.dataset.chart]);
  if (typeof DecompressionStream === "undefined" || !places.length) return;
  Promise.all(places.map(draw)).then(() => document.dispatchEvent(new Event("charts")));
})();
