// report.html: what the reader has chosen stands in the address, so that a link shows the same.
// Writing it there is refused in some sandboxes, which is no harm.
const ebbAddress = (() => {
  "use strict";
  const chosen = new URLSearchParams(location.search);
  const words = () => [...chosen].map(([name, value]) => `${name}=${value}`).join("&");
  return {
    get: (name) => chosen.get(name),
    set: (name, value) => {
      if (value) chosen.set(name, value); else chosen.delete(name);
      const query = words();
      try { history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash); } catch { /* see above */ }
    },
  };
})();
