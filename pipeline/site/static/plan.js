// SPDX-License-Identifier: AGPL-3.0-or-later
// The plan drawn again: headings at the left, years as columns, filters, an item beside it. Draws only what is in view.
"use strict";

(() => {
  const { el, t, address, go, fold } = koteihyo;
  const { FACETS } = koteihyo.planModel;
  const COLOURS = ["phase", "ministry", "category", "confidence"];
  const LANE = 40;
  const HEADING = 300;
  const OVERSCAN = 900;
  const FIRST_CHOICES = 8;
  let state = null;

  koteihyo.view("plan", async (main, route, { again, stale }) => {
    const edition = await koteihyo.edition(route.args[0]);
    if (stale()) return "";
    if (!again || state?.edition !== edition || !main.contains(state.root)) {
      state = build(edition);
      koteihyo.put(main, state.root);
    }
    state.route = route;
    update();
    return `${edition.edition.title} ${t("plan")}`;
  });

  function build(edition) {
    const model = koteihyo.planModel(edition);
    const grid = el("div", { class: "grid", role: "treegrid", "aria-label": t("plan") });
    const years = el("div", { class: "years" });
    const scroller = el("div", { class: "scroller", on: { scroll: () => requestAnimationFrame(draw) } }, years, grid);
    const filters = el("form", { class: "filters", "aria-label": t("filter"), on: { submit: (e) => e.preventDefault() } });
    const count = el("p", { class: "count", role: "status" });
    const panel = el("aside", { class: "panel", hidden: true, "aria-label": t("text") });
    const tools = el("div", { class: "tools" });
    const root = el(
      "div",
      { class: "plan" },
      el("div", { class: "planhead" }, el("h1", { tabindex: "-1" }, edition.edition.title), count, tools),
      el("div", { class: "planbody" }, el("details", { class: "side", open: innerWidth > 900 }, el("summary", {}, t("filter")), filters), scroller, panel),
    );
    const made = { edition, model, grid, years, scroller, filters, count, panel, tools, root, drawn: new Map(), closed: new Set(), opened: new Set(), offsets: [], rows: [] };
    new ResizeObserver(() => state === made && made.route && requestAnimationFrame(() => layout())).observe(scroller);
    grid.addEventListener("keydown", onKey);
    return made;
  }

  function readFilters(params) {
    const filters = Object.fromEntries(FACETS.map((facet) => [facet, params.getAll(facet)]));
    filters.words = params.get("words") ?? "";
    filters.active = Number(params.get("active")) || null;
    filters.starts = Number(params.get("starts")) || null;
    return filters;
  }

  function update() {
    const { model, route } = state;
    state.filters = readFilters(route.params);
    state.closed = new Set(route.params.getAll("closed").map((n) => keyAt(Number(n))).filter(Boolean));
    state.colour = COLOURS.includes(route.params.get("colour")) ? route.params.get("colour") : "phase";
    state.result = koteihyo.planFilter(model, state.filters);
    state.filtered = state.result.shown.length < model.count;
    state.count.textContent = t("shownOf", { n: state.result.shown.length, all: model.count });
    drawFilters();
    drawTools();
    layout();
    showPanel(route.params.get("item"));
  }

  // Nodes are numbered in the document's order, so that closed ones fit into an address.
  function allNodes() {
    if (!state.model.order) {
      state.model.order = [];
      const visit = (node) => {
        node.number = state.model.order.length;
        state.model.order.push(node);
        node.children.forEach(visit);
      };
      state.model.nodes.forEach(visit);
    }
    return state.model.order;
  }

  function keyAt(number) {
    return allNodes()[number]?.key;
  }

  function change(edit, options = { replace: true }) {
    const params = new URLSearchParams(state.route.params);
    edit(params);
    go(address("plan", [state.edition.edition.id], params), options);
  }

  function toggle(params, key, value) {
    const kept = params.getAll(key).filter((other) => other !== value);
    const had = kept.length < params.getAll(key).length;
    params.delete(key);
    for (const other of kept) params.append(key, other);
    if (!had) params.append(key, value);
  }

  function layout() {
    const { model, scroller, years } = state;
    const { first, last } = model.axis;
    const span = last - first + 1;
    const heading = scroller.clientWidth < 700 ? 130 : HEADING;
    state.heading = heading;
    state.year = Math.max(scroller.clientWidth < 700 ? 76 : 96, (scroller.clientWidth - heading - 16) / span);
    const em = 13;
    const unit = {
      least: Math.min(0.3, 40 / state.year),
      text: (text) => Math.min(3, (koteihyo.textWidth(text) * em + 24) / state.year),
    };
    state.rows = koteihyo.planRows(model, state.result.shown, state.closed, state.filtered, unit);
    let y = 0;
    state.offsets = state.rows.map((row) => {
      const top = y;
      const indent = row.node.depth * 14 + 40;
      const lines = Math.ceil((koteihyo.textWidth(row.node.title) * em) / (heading - indent - 8));
      row.height = Math.max(row.lanes.length * LANE + 6, lines * 19 + 12);
      y += row.height;
      return top;
    });
    state.height = y;
    const width = heading + span * state.year;
    state.grid.style.setProperty("height", `${y}px`);
    for (const node of [state.grid, years]) {
      node.style.setProperty("width", `${width}px`);
      node.style.setProperty("--heading", `${heading}px`);
      node.style.setProperty("--year", `${state.year}px`);
    }
    state.grid.setAttribute("aria-rowcount", state.rows.length);
    koteihyo.put(years, 
      el("span", { class: "corner" }),
      ...Array.from({ length: span }, (_, i) => el("span", { class: "year" }, t("fiscalYear", { y: first + i }))),
    );
    for (const node of state.drawn.values()) node.remove();
    state.drawn.clear();
    state.empty?.remove();
    state.empty = state.rows.length ? null : el("p", { class: "empty" }, t("nothing"));
    if (state.empty) state.scroller.append(state.empty);
    drawToday();
    draw();
  }

  // The fiscal year begins on 1 April.
  function drawToday() {
    state.todayLine?.remove();
    const now = new Date();
    const year = now.getMonth() < 3 ? now.getFullYear() - 1 : now.getFullYear();
    const position = year + (now - new Date(year, 3, 1)) / (new Date(year + 1, 3, 1) - new Date(year, 3, 1));
    const { first, last } = state.model.axis;
    if (position < first || position > last + 1) return;
    const left = `${state.heading + (position - first) * state.year}px`;
    state.todayLine = el("div", { class: "today", style: { left }, "aria-hidden": "true" }, el("span", {}, t("today")));
    state.grid.prepend(state.todayLine);
  }

  function draw(everything = false) {
    const top = everything ? -1 : state.scroller.scrollTop - OVERSCAN;
    const bottom = everything ? Infinity : state.scroller.scrollTop + state.scroller.clientHeight + OVERSCAN;
    const wanted = new Set();
    for (let i = firstBelow(top); i < state.rows.length && state.offsets[i] < bottom; i += 1) wanted.add(i);
    for (const [i, node] of state.drawn) {
      if (!wanted.has(i) && !node.contains(document.activeElement)) {
        node.remove();
        state.drawn.delete(i);
      }
    }
    const fresh = [...wanted].filter((i) => !state.drawn.has(i)).sort((a, b) => a - b);
    for (const i of fresh) {
      const node = drawRow(i);
      state.drawn.set(i, node);
      // In document order, so that Tab and screen readers go down the plan.
      const after = [...state.drawn.keys()].filter((other) => other > i).sort((a, b) => a - b)[0];
      state.grid.insertBefore(node, after === undefined ? null : state.drawn.get(after));
    }
  }

  // The first row that reaches below a height.
  function firstBelow(y) {
    let low = 0;
    let high = state.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (state.offsets[middle] + state.rows[middle].height < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function drawRow(index) {
    const row = state.rows[index];
    const { node, closed } = row;
    const parts = node.children.length > 0 || node.items.length > 0;
    const button = el(
      "button",
      {
        type: "button",
        class: "fold",
        "aria-expanded": String(!closed),
        "aria-label": `${node.title} ${t(closed ? "expand" : "collapse")}`,
        on: { click: () => change((params) => toggle(params, "closed", String(node.number))) },
      },
      closed ? "▸" : "▾",
    );
    const detail = node.row === null ? null : el("span", { class: "rowdetail" }, state.edition.rows.owner_text[node.row] ?? "");
    const head = el(
      "div",
      { class: "rowhead", role: "rowheader", style: { "padding-inline-start": `${node.depth * 14 + 4}px` } },
      el("div", { class: "stay" }, parts ? button : null, el("span", { class: "title" }, node.title), el("span", { class: "number" }, String(row.count)), detail),
    );
    const cell = el("div", { class: "lanes", role: "gridcell" }, row.lanes.map((lane, y) => lane.map((placed, i) => drawItem(placed, y, lane[i + 1]))));
    return el(
      "div",
      {
        class: `row depth${Math.min(node.depth, 4)}`,
        role: "row",
        "aria-level": String(node.depth + 1),
        "aria-rowindex": String(index + 1),
        "aria-expanded": parts ? String(!closed) : null,
        style: { top: `${state.offsets[index]}px`, height: `${row.height}px` },
      },
      head,
      cell,
    );
  }

  function drawItem({ item, left, right }, lane) {
    const { items } = state.edition;
    const { first } = state.model.axis;
    const kind = items.kind[item];
    const x = (left - first) * state.year;
    const drawnEnd = items.end_pos[item] ?? left;
    const bar = kind === "bar" || kind === "callout" || kind === "mark";
    const width = Math.max((bar ? Math.max(drawnEnd, left + 0.1) : right) - left, 0.1) * state.year - 2;
    const years = koteihyo.span(items.fy_start[item], items.fy_end[item], items.open_end[item]);
    const text = items.text[item] || t(`kind.${kind}`);
    const params = new URLSearchParams(state.route.params);
    params.set("item", items.id[item]);
    return el(
      "a",
      {
        class: `item ${kind} ${colourClass(item)} ${items.open_end[item] ? "open" : ""} ${items.parent[item] === null ? "" : "inner"}`,
        href: address("plan", [state.edition.edition.id], params),
        title: `${text}\n${years}`,
        "aria-label": `${text}、${years}、${t(`kind.${kind}`)}`,
        "aria-current": state.route.params.get("item") === items.id[item] ? "true" : null,
        "data-item": String(item),
        style: { left: `${x}px`, top: `${lane * LANE + 3}px`, width: `${width}px`, height: `${LANE - 6}px` },
        on: { click: onItem },
      },
      el("span", { class: "words" }, kind === "marker" && !/^[▲△▼★☆◆◇●○]/u.test(text) ? `▲${text}` : text),
    );
  }

  function onItem(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const id = state.edition.items.id[Number(event.currentTarget.dataset.item)];
    change((params) => params.set("item", id), { replace: state.route.params.has("item") });
  }

  function colourClass(item) {
    const { model, colour } = state;
    if (colour === "confidence") return `confidence-${koteihyo.confidenceClass(state.edition.items.confidence[item])}`;
    const value = model.coded[colour][item][0];
    return model.choices[colour][value] === "" ? "colour-none" : `colour-${rank(colour, value) % 12}`;
  }

  // The commonest values get the first colours, which differ most.
  function rank(facet, value) {
    state.model.ranks ??= {};
    if (!state.model.ranks[facet]) {
      const uses = new Array(state.model.choices[facet].length).fill(0);
      for (const list of state.model.coded[facet]) for (const code of list) uses[code] += 1;
      const named = uses.map((_, i) => i).filter((i) => state.model.choices[facet][i] !== "");
      named.sort((a, b) => uses[b] - uses[a]);
      state.model.ranks[facet] = new Map(named.map((code, i) => [code, i]));
    }
    return state.model.ranks[facet].get(value) ?? 0;
  }

  function label(facet, value) {
    if (facet === "kind") return t(`kind.${value}`);
    if (facet === "confidence") return t(value);
    return value === "" ? t("none") : value;
  }

  function drawFilters() {
    const { model, filters, result } = state;
    const active = document.activeElement;
    const focus = state.filters0?.contains(active) ? active.getAttribute("data-key") : null;
    const selection = active?.selectionStart;
    const { first, last } = model.axis;
    const yearChoice = (key) =>
      el(
        "label",
        { class: "field" },
        t(key === "active" ? "activeIn" : "startsIn"),
        el(
          "select",
          { "data-key": key, on: { change: (e) => change((params) => setOrDelete(params, key, e.target.value)) } },
          el("option", { value: "" }, t("any")),
          Array.from({ length: last - first + 1 }, (_, i) =>
            el("option", { value: String(first + i), selected: filters[key] === first + i }, t("fiscalYear", { y: first + i })),
          ),
        ),
      );
    state.filters0 = state.root.querySelector(".filters");
    koteihyo.put(state.filters0, 
      el("label", { class: "field" }, t("words"), el("input", { type: "search", "data-key": "words", value: filters.words, placeholder: t("wordsHint"), on: { input: onWords } })),
      el("div", { class: "pairs" }, yearChoice("active"), yearChoice("starts")),
      FACETS.map((facet) => drawFacet(facet, filters[facet], result.counts[facet])),
      el("button", { type: "button", class: "plain", "data-key": "clear", on: { click: clearFilters } }, t("clear")),
    );
    if (focus) {
      const again = state.filters0.querySelector(`[data-key="${CSS.escape(focus)}"]`);
      again?.focus();
      if (focus === "words") again.setSelectionRange(selection, selection);
    }
  }

  function drawFacet(facet, chosen, counts) {
    const { model } = state;
    const choices = model.choices[facet]
      .map((value, i) => ({ value, n: counts[i] }))
      .filter(({ value, n }) => n > 0 || chosen.includes(value));
    if (model.choices[facet].length < 2) return null;
    if (facet !== "chapter" && facet !== "section" && facet !== "confidence") choices.sort((a, b) => b.n - a.n);
    const all = state.opened.has(facet);
    const visible = all ? choices : choices.filter(({ value }, i) => i < FIRST_CHOICES || chosen.includes(value));
    return el(
      "fieldset",
      {},
      el("legend", {}, t(facet)),
      visible.map(({ value, n }) =>
        el(
          "label",
          { class: "choice" },
          el("input", {
            type: "checkbox",
            checked: chosen.includes(value),
            "data-key": `${facet}=${value}`,
            on: { change: () => change((params) => toggle(params, facet, value)) },
          }),
          el("span", { class: "name" }, label(facet, value)),
          el("span", { class: "number" }, String(n)),
        ),
      ),
      visible.length < choices.length
        ? el("button", { type: "button", class: "plain", "data-key": `more ${facet}`, on: { click: () => { state.opened.add(facet); drawFilters(); } } }, t("more", { n: choices.length - visible.length }))
        : null,
    );
  }

  function setOrDelete(params, key, value) {
    if (value) params.set(key, value);
    else params.delete(key);
  }

  let typing = 0;
  function onWords(event) {
    // Japanese input methods send text that is not decided yet.
    if (event.isComposing) return;
    const { value } = event.target;
    clearTimeout(typing);
    typing = setTimeout(() => change((params) => setOrDelete(params, "words", value)), 120);
  }

  function clearFilters() {
    change((params) => {
      for (const key of [...FACETS, "words", "active", "starts"]) params.delete(key);
    });
  }

  function drawTools() {
    const usable = COLOURS.filter((facet) => state.model.choices[facet].length > 1 || facet === "confidence");
    const legend = el("span", { class: "legend" });
    if (state.colour === "confidence") {
      for (const step of ["high", "middle", "low"]) legend.append(el("span", { class: `swatch confidence-${step}` }, t(step)));
    } else {
      state.model.choices[state.colour]
        .map((value, i) => ({ value, i, n: state.result.counts[state.colour][i] }))
        .filter(({ value, n }) => value !== "" && n > 0)
        .sort((a, b) => rank(state.colour, a.i) - rank(state.colour, b.i))
        .slice(0, 12)
        .forEach(({ value, i }) => legend.append(el("span", { class: `swatch colour-${rank(state.colour, i) % 12}` }, value)));
    }
    const parents = allNodes().filter((node) => node.depth === 1);
    koteihyo.put(state.tools, 
      el(
        "label",
        {},
        `${t("colour")} `,
        el(
          "select",
          { on: { change: (e) => change((params) => params.set("colour", e.target.value)) } },
          usable.map((facet) => el("option", { value: facet, selected: facet === state.colour }, t(facet))),
        ),
      ),
      legend,
      el("span", { class: "spring" }),
      el("button", { type: "button", class: "plain", on: { click: () => change((params) => params.delete("closed")) } }, t("expandAll")),
      el("button", { type: "button", class: "plain", on: { click: () => change((params) => { params.delete("closed"); for (const node of parents) params.append("closed", String(node.number)); }) } }, t("collapseAll")),
    );
  }

  function showPanel(id) {
    const { panel, edition } = state;
    const item = edition.itemAt.get(id);
    for (const link of state.grid.querySelectorAll('[aria-current="true"]')) link.removeAttribute("aria-current");
    if (item === undefined) {
      panel.hidden = true;
      panel.replaceChildren();
      return;
    }
    state.grid.querySelector(`[data-item="${item}"]`)?.setAttribute("aria-current", "true");
    const opened = panel.hidden;
    panel.hidden = false;
    koteihyo.itemDetails(edition, item).then((details) => {
      if (state.route.params.get("item") !== id) return;
      const close = el("button", { type: "button", class: "close", "aria-label": t("close"), on: { click: closePanel } }, "×");
      koteihyo.put(panel, close, details);
      panel.scrollTop = 0;
      if (opened) reveal(item);
    });
  }

  function closePanel() {
    const item = state.edition.itemAt.get(state.route.params.get("item"));
    change((params) => params.delete("item"));
    state.grid.querySelector(`[data-item="${item}"]`)?.focus();
  }

  function rowOf(item) {
    return state.rows.findIndex((row) => row.lanes.some((lane) => lane.some((placed) => placed.item === item)));
  }

  function reveal(item, focus = false) {
    const index = rowOf(item);
    if (index < 0) return;
    const lane = state.rows[index].lanes.findIndex((placedOnes) => placedOnes.some((placed) => placed.item === item));
    const y = state.offsets[index] + lane * LANE;
    const { scroller } = state;
    if (y < scroller.scrollTop || y + LANE > scroller.scrollTop + scroller.clientHeight - 40) {
      scroller.scrollTop = y - scroller.clientHeight / 3;
    }
    draw();
    if (focus) state.grid.querySelector(`[data-item="${item}"]`)?.focus({ preventScroll: false });
  }

  // Arrow keys go from item to item as they stand, also to those that are not drawn yet.
  function onKey(event) {
    if (event.key === "Escape" && !state.panel.hidden) return closePanel();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = event.target.dataset?.item;
    if (!step || at === undefined) return;
    event.preventDefault();
    const order = state.rows.flatMap((row) => row.lanes.flatMap((lane) => lane.map((placed) => placed.item)));
    const next = order[order.indexOf(Number(at)) + step];
    if (next !== undefined) reveal(next, true);
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state && document.contains(state.root) && !state.panel.hidden) closePanel();
  });
  // On paper there is no scrolling.
  addEventListener("beforeprint", () => state && document.contains(state.root) && draw(true));
  addEventListener("afterprint", () => state && document.contains(state.root) && draw());

  // Width of a text in its own size: full-width characters take one, narrow ones about half.
  koteihyo.textWidth = (text) => {
    let width = 0;
    for (let i = 0; i < text.length; i += 1) width += text.charCodeAt(i) < 0x2000 ? 0.55 : 1;
    return width;
  };
})();
