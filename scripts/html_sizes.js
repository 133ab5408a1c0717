// report.html: every table at the size and in the workload that the reader picks. The figures lie
// in the page as JSON; without scripts the charts of growth and details.md say the same.
(() => {
  "use strict";
  const { tables, workloads: all } = JSON.parse(document.getElementById("sizes").textContent);
  const names = Object.keys(all), next = document.querySelector('h2[id^="ablations"]');
  if (!names.length || !next) return;

  // ---- words ----
  const DASH = "–", BASE = "tombstone";
  const three = (x) => x === 0 ? "0" : Math.abs(x) >= 1000 ? Math.round(x).toLocaleString("en")
    : x.toPrecision(3);
  const figure = (x) => x === null ? DASH : three(x);
  const size = (x) => {
    if (x === null) return DASH;
    const unit = x >= 1e9 ? ["GB", 1e9] : x >= 1e6 ? ["MB", 1e6] : x >= 1e3 ? ["kB", 1e3] : ["B", 1];
    return `${three(x / unit[1])} ${unit[0]}`;
  };
  const HEADS = ["table", "ns/step", `time × ${BASE}`, "B/live at end", "held at end", "peak", "B/live, whole run"];
  const cells = ([table, ns, held, peak, area], { live, rows }) => {
    const name = tables[table], base = rows.find(([other]) => tables[other] === `${name.split("/")[0]}/${BASE}`);
    const beside = base && name.includes("/") && ns && base[1] ? `${(ns / base[1]).toFixed(2)} ×` : DASH;
    const perLive = live && held !== null ? held / live : null;
    return [name, figure(ns), beside, figure(perLive), size(held), size(peak), figure(area)];
  };

  // ---- the section ----
  const make = (tag, text, into) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (into) into.append(element);
    return element;
  };
  const section = document.createElement("section");
  make("h2", "Every table at one size", section).id = "at-one-size";
  make("p", "Pick a workload and a number of entries; a click on a heading sorts. Times are of this run, " +
    "bytes are exact.", section);
  const choose = (label, into) => {
    const words = make("label", `${label} `, into), select = make("select", "", words);
    into.append(" ");
    return select;
  };
  const controls = make("p", "", section), workload = choose("Workload", controls), entries = choose("entries", controls);
  const wide = make("div", "", section), table = make("table", "", wide), body = document.createElement("tbody");
  wide.className = "wide";
  wide.tabIndex = 0;
  wide.setAttribute("role", "group");
  wide.setAttribute("aria-label", "Table: every table at one size");
  table.className = "l1";
  const head = make("tr", "", make("thead", "", table));
  for (const words of HEADS) make("th", words, head).scope = "col";
  table.append(body);
  const options = (select, values, words) => {
    select.replaceChildren(...values.map((v) => {
      const option = make("option", words(v));
      option.value = v;
      return option;
    }));
  };
  const fill = () => {
    const cell = all[workload.value][entries.value];
    body.replaceChildren(...cell.rows.map((row) => {
      const tr = document.createElement("tr");
      cells(row, cell).forEach((text, at) => {
        const one = make(at ? "td" : "th", text, tr);
        if (!at) one.scope = "row";
      });
      return tr;
    }));
    for (const th of head.cells) th.removeAttribute("aria-sort");
    document.dispatchEvent(new Event("rows"));
  };
  const sizesOf = () => Object.keys(all[workload.value]).sort((a, b) => a - b);
  const setSizes = (wanted) => {
    const sizes = sizesOf();
    options(entries, sizes, (n) => Number(n).toLocaleString("en"));
    entries.value = sizes.includes(wanted) ? wanted : sizes[sizes.length - 1];
  };
  const chosen = () => { fill(); ebbAddress.set("at", `${workload.value}:${entries.value}`); };
  workload.addEventListener("change", () => { setSizes(entries.value); chosen(); });
  entries.addEventListener("change", chosen);

  const [wanted, n] = (ebbAddress.get("at") || "").split(":");
  options(workload, names, (name) => name);
  workload.value = names.includes(wanted) ? wanted : names.includes("churn") ? "churn" : names[0];
  setSizes(n);
  fill();
  next.closest("section").before(section);
  const link = make("a", "Every table at one size"), item = document.createElement("li");
  link.href = "#at-one-size";
  item.append(link);
  document.querySelector(`#contents a[href="#${next.id}"]`).closest("li").before(item);
  if (location.hash === "#at-one-size") section.scrollIntoView();
})();
