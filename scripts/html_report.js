// report.html's conveniences. The page says all it has to say without them: this sorts tables,
// hides strategies, shows ratios and logarithmic axes, and reads values off the charts.
(() => {
  "use strict";
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const root = document.documentElement, tip = document.getElementById("tip");
  const NS = "http://www.w3.org/2000/svg", BASE = "tombstone";
  const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, ns: 1, "µs": 1e3, ms: 1e6, s: 1e9 };
  root.classList.add("js");

  // ---- numbers ----
  const numberOf = (text) => {
    const found = text.match(/^-?([\d,]+(?:\.\d+)?)\s*(GB|MB|kB|B|ns|µs|ms|s)?\b/);
    if (found) return parseFloat(found[1].replace(/,/g, "")) * (UNITS[found[2]] || 1);
    return /^nothing|^under/.test(text) ? 0 : NaN;
  };
  const sizeOf = (bytes) => {
    const unit = bytes >= 1e9 ? "GB" : bytes >= 1e6 ? "MB" : bytes >= 1e3 ? "kB" : "B";
    return `${Number((bytes / UNITS[unit]).toPrecision(3))} ${unit}`;
  };
  const nameOf = (row) => row.cells[0].textContent.trim().split(": ")[0]; // peer/null: harness alone
  const strategyOf = (name) => name.split("/").pop();

  // ---- sorting ----
  const sort = (table, at, button) => {
    const head = button.closest("th"), body = table.tBodies[0];
    const up = head.getAttribute("aria-sort") !== "ascending";
    all("th[aria-sort]", table).forEach((th) => th.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const key = (row) => row.cells[at].dataset.text || row.cells[at].textContent.trim();
    const compare = (a, b) => {
      const x = numberOf(key(a)), y = numberOf(key(b));
      if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1; // what was not measured comes last
      const order = isNaN(x) ? key(a).localeCompare(key(b)) : x - y;
      return up ? order : -order;
    };
    body.append(...[...body.rows].sort(compare));
  };
  for (const table of all("table")) {
    if (!table.tHead || table.tBodies[0].rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((th, at) => {
      const button = document.createElement("button");
      button.type = "button";
      if (!th.textContent.trim()) return;
      if (th.querySelector("a")) { // a link cannot stand within a button
        button.setAttribute("aria-label", `Sort by ${th.textContent}`);
        button.textContent = " \u2195";
      } else {
        button.append(...th.childNodes);
      }
      th.append(button);
      button.addEventListener("click", () => sort(table, at, button));
    });
  }

  // ---- which strategies are shown ----
  const names = JSON.parse(document.getElementById("names").textContent);
  const hidden = new Set();
  const show = () => {
    for (const row of all("tbody tr")) {
      const name = nameOf(row), own = strategyOf(name);
      row.classList.toggle("off", hidden.has(name.includes("/") ? own : name));
    }
    for (const group of all("[data-t]"))
      group.classList.toggle("off", group.dataset.t.split(" ").every((n) => hidden.has(n)));
    ebbAddress.set("hide", [...hidden].join(","));
  };

  // ---- ratios ----
  const baseOf = (row, rows) => {
    const name = nameOf(row);
    const wanted = name.includes("/") ? `${name.split("/")[0]}/${BASE}` : BASE;
    const found = rows.filter((r) => nameOf(r) === wanted);
    return found.length === 1 ? found[0] : undefined; // one row for each allocator is no base
  };
  const setRatios = (on) => {
    for (const table of all("table")) {
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) {
        const base = baseOf(row, rows);
        [...row.cells].forEach((cell, at) => {
          if (at === 0 || !base || row === base) return;
          if (!on) {
            if (cell.dataset.text) cell.textContent = cell.dataset.text;
            delete cell.dataset.text;
            return;
          }
          const text = cell.textContent.trim(), of = base.cells[at];
          const value = numberOf(text) / numberOf(of ? of.textContent.trim() : "");
          if (!isFinite(value) || /[×%→]| to |:/.test(text)) return;
          cell.dataset.text = text;
          cell.textContent = `${value.toFixed(2)} ×`;
        });
      }
    }
  };

  // ---- logarithmic axes ----
  const frameOf = (panel) => {
    const [left, right, steps] = panel.dataset.x.split(" ").map(Number);
    const [top, height, most] = panel.dataset.y.split(" ").map(Number);
    return { left, right, steps, top, height, most, least: most / 1e6 };
  };
  const heightOf = (f, value) => f.top + f.height * (1 - Math.max(0,
    Math.log(Math.max(value, f.least) / f.least) / Math.log(f.most / f.least)));
  const commands = (d) => d.match(/[MLHVZ][^MLHVZ]*/g).map((c) => [c[0], c.slice(1).trim().split(/[ ,]+/).map(Number)]);
  const moved = (d, f) => commands(d).map(([c, n]) => {
    const y = (v) => heightOf(f, f.most * (1 - (v - f.top) / f.height)).toFixed(1);
    return c === "V" ? `V${y(n[0])}` : c === "H" ? `H${n[0]}` : c === "Z" ? "Z" : `${c}${n[0]} ${y(n[1])}`;
  }).join("");
  const setLogarithmic = (on) => {
    for (const panel of all("g[data-x]")) {
      const f = frameOf(panel);
      for (const path of all("path", panel)) {
        if (!path.dataset.d) path.dataset.d = path.getAttribute("d");
        path.setAttribute("d", on ? moved(path.dataset.d, f) : path.dataset.d);
      }
      for (const tick of all(":scope > [data-v]", panel)) tick.classList.toggle("off", on);
      all(".log", panel).forEach((e) => e.remove());
      for (let v = on ? 10 ** Math.ceil(Math.log10(f.least)) : Infinity; v <= f.most; v *= 10) {
        const y = heightOf(f, v), text = document.createElementNS(NS, "text");
        const line = document.createElementNS(NS, "line");
        for (const [k, n] of [["x1", f.left], ["x2", f.right], ["y1", y], ["y2", y], ["stroke", "var(--grid)"]])
          line.setAttribute(k, n);
        for (const [k, n] of [["x", f.left - 6], ["y", y + 4], ["text-anchor", "end"], ["fill", "var(--ink)"]])
          text.setAttribute(k, n);
        text.textContent = sizeOf(v);
        line.classList.add("log");
        text.classList.add("log");
        panel.prepend(line, text);
      }
    }
  };

  // ---- values under the pointer ----
  const valueAt = (d, x) => {
    let at = 0, now = NaN, y = NaN;
    for (const [c, n] of commands(d)) {
      if (c === "M" || c === "L") [at, y] = n;
      else if (c === "H") at = n[0];
      else if (c === "V") y = n[0];
      if (at <= x + 0.05) now = y;
    }
    return now;
  };
  const point = (event) => {
    const svg = event.target.closest("figure svg");
    const cross = document.getElementById("cross");
    if (cross) cross.remove();
    tip.style.display = "none";
    if (!svg) return;
    const m = svg.getScreenCTM().inverse(), at = new DOMPoint(event.clientX, event.clientY).matrixTransform(m);
    for (const panel of all("g[data-x]", svg)) {
      const f = frameOf(panel);
      if (at.x < f.left || at.x > f.right || at.y < f.top - 10 || at.y > f.top + f.height + 10) continue;
      const lines = [];
      for (const group of all("g[data-t]:not(.off)", panel)) {
        const path = group.querySelector('path[fill="none"]');
        if (!path) continue;
        const y = valueAt(path.dataset.d || path.getAttribute("d"), at.x);
        lines.push([f.most * (1 - (y - f.top) / f.height), group.dataset.t.split(" ").join(", ")]);
      }
      if (!lines.length) continue;
      const step = Math.round((at.x - f.left) / (f.right - f.left) * f.steps);
      tip.textContent = [`step ${step.toLocaleString("en")}`, ...lines.sort((a, b) => b[0] - a[0])
        .map(([held, who]) => `${sizeOf(Math.max(0, held)).padStart(8)}  ${who}`)].join("\n");
      tip.style.display = "block";
      tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 4)}px`;
      tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 4)}px`;
      const line = document.createElementNS(NS, "line");
      line.id = "cross";
      for (const [k, n] of [["x1", at.x], ["x2", at.x], ["y1", f.top], ["y2", f.top + f.height]])
        line.setAttribute(k, n);
      panel.append(line);
    }
  };
  document.addEventListener("pointermove", point);

  // ---- the controls ----
  const view = document.getElementById("view");
  const field = (legend, boxes) => {
    const set = document.createElement("fieldset"), title = document.createElement("legend");
    title.textContent = legend;
    set.append(title);
    for (const [label, checked, change] of boxes) {
      const box = document.createElement("input"), words = document.createElement("label");
      box.type = "checkbox";
      box.checked = checked;
      box.dataset.name = label;
      box.addEventListener("change", () => change(box.checked));
      words.append(box, " ", label);
      set.append(words);
    }
    view.append(set);
  };
  for (const name of (ebbAddress.get("hide") || "").split(","))
    if (names.includes(name)) hidden.add(name);
  // A choice that is made at once if the address names it, and named there once it is made.
  const choice = (name, change) => {
    const given = ebbAddress.get(name);
    if (given) change(given === "on");
    return [given === "on", (on) => { change(on); ebbAddress.set(name, on ? "on" : ""); }];
  };
  field("Show", names.map((n) => [n, !hidden.has(n), (on) => {
    if (on) hidden.delete(n); else hidden.add(n);
    show();
  }]));
  field("Figures", [[`as ratios to ${BASE}`, ...choice("ratios", setRatios)],
    ["logarithmic bytes in charts", ...choice("log", setLogarithmic)]]);
  const setTheme = (name) => { root.dataset.theme = name; };
  const dark = ebbAddress.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (ebbAddress.get("theme")) setTheme(dark);
  field("Colours", [["dark", dark === "dark", (on) => {
    setTheme(on ? "dark" : "light");
    ebbAddress.set("theme", on ? "dark" : "light");
  }]]);
  if (hidden.size) show();
  document.addEventListener("charts", () => { // more of them are drawn
    show();
    if (ebbAddress.get("log")) setLogarithmic(true);
  });
  document.addEventListener("rows", () => { // a table has other rows than before
    show();
    if (ebbAddress.get("ratios")) setRatios(true);
  });

  // ---- paper has no folds ----
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((d) => { d.open = false; }));
})();
