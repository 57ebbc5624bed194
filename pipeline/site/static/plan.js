// SPDX-License-Identifier: AGPL-3.0-or-later
// The plan drawn again: headings at the left, years as columns, filters, an item beside it. Draws only what is in view.
"use strict";

(() => {
  const { el, t, address, go, LANE } = koteihyo;
  const { FACETS } = koteihyo.planModel;
  const COLOURS = ["phase", "ministry", "category", "confidence"];
  const HEADING = 300;
  // Below this width, pixels, headings take less room.
  const NARROW = 700;
  const OVERSCAN = 900;
  // A text too long for its bar goes on beside it for so many years at most, or plans would have a lane for each bar.
  const MOST_BESIDE = 1.5;
  // A bar that holds this part of its text is left as it is: lanes as in the document say more than the last words.
  const LEGIBLE = 0.6;
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
    const form = el("form", { class: "filters", "aria-label": t("filter"), on: { submit: (e) => e.preventDefault() } });
    const count = el("p", { class: "count", role: "status" });
    const panel = el("aside", { class: "panel", hidden: true, "aria-label": t("text") });
    const tools = el("div", { class: "tools" });
    const root = el(
      "div",
      { class: "plan" },
      el("div", { class: "planhead" }, el("h1", { tabindex: "-1" }, edition.edition.title), count, tools),
      el("div", { class: "planbody" }, el("details", { class: "side", open: innerWidth > 900 }, el("summary", {}, t("filter")), form), scroller, panel),
    );
    const made = { edition, model, grid, years, scroller, form, count, panel, tools, root, change, reveal, drawn: new Map(), closed: new Set(), opened: new Set(), offsets: [], rows: [] };
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
    koteihyo.planFilters(state);
    koteihyo.planTools(state);
    layout();
    koteihyo.planPanel(state, route.params.get("item"));
  }

  function keyAt(number) {
    return koteihyo.planNodes(state.model)[number]?.key;
  }

  function change(edit, options = { replace: true }) {
    const params = new URLSearchParams(state.route.params);
    edit(params);
    go(address("plan", [state.edition.edition.id], params), options);
  }

  function layout() {
    const { model, root, scroller, years } = state;
    const { first, last } = model.axis;
    const span = last - first + 1;
    const narrow = scroller.clientWidth < NARROW;
    const heading = narrow ? Math.max(130, 0.36 * scroller.clientWidth) : HEADING;
    state.indent = narrow ? 6 : 14;
    root.classList.toggle("narrow", narrow);
    state.heading = heading;
    state.year = Math.max(narrow ? 76 : 96, (scroller.clientWidth - heading - 16) / span);
    const em = 13;
    // Years that a text takes: on one line where it stands free, on two in its bar; a long one is cut.
    const unit = {
      text: (item) => Math.min(3, (model.widths[item] * em + 24) / state.year),
      inBar: (item, years) => {
        const needed = ((model.widths[item] / 2 + 1) * em + 24) / state.year;
        return years >= LEGIBLE * needed ? years : Math.min(MOST_BESIDE, needed);
      },
    };
    state.unit = unit;
    state.rows = koteihyo.planRows(model, state.result.shown, state.closed, state.filtered, unit);
    let y = 0;
    state.offsets = state.rows.map((row) => {
      const top = y;
      // The button at its left and the number at its right.
      const indent = row.node.depth * state.indent + (narrow ? 34 : 76);
      const lines = Math.ceil((koteihyo.textWidth(row.node.title) * em) / Math.max(heading - indent, 2 * em));
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
    koteihyo.put(
      years,
      el("span", { class: "corner" }),
      ...Array.from({ length: span }, (_, i) => el("span", { class: "year" }, t("fiscalYear", { y: first + i }))),
    );
    for (const node of state.drawn.values()) node.remove();
    state.drawn.clear();
    state.empty?.remove();
    state.empty = state.rows.length ? null : el("div", { class: "empty" }, el("p", {}, t("nothing")), withoutMinistry());
    if (state.empty) state.scroller.append(state.empty);
    drawToday();
    draw();
  }

  // Many items name no ministry: that none of one was found does not mean that it does nothing.
  function withoutMinistry() {
    const { model, filters, result } = state;
    const n = result.counts.ministry[model.choices.ministry.indexOf("")] ?? 0;
    if (!filters.ministry.length || filters.ministry.includes("") || !n) return null;
    const show = () => change((params) => koteihyo.toggleParam(params, "ministry", ""));
    return el("p", {}, `${t("withoutMinistry", { n })} `, el("button", { type: "button", class: "plain", on: { click: show } }, t("showThem")));
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
        on: { click: () => change((params) => koteihyo.toggleParam(params, "closed", String(node.number))) },
      },
      closed ? "▸" : "▾",
    );
    const detail = node.row === null ? null : el("span", { class: "rowdetail" }, state.edition.rows.owner_text[node.row] ?? "");
    const head = el(
      "div",
      { class: "rowhead", role: "rowheader", style: { "padding-inline-start": `${node.depth * state.indent + 4}px` } },
      el("div", { class: "stay" }, parts ? button : null, el("span", { class: "title" }, node.title), el("span", { class: "number" }, String(row.count)), detail),
    );
    const cell = el("div", { class: "lanes", role: "gridcell" }, row.lanes.map((lane, y) => lane.map((placed) => koteihyo.planItem(state, placed, y))));
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
    if (event.key === "Escape" && !state.panel.hidden) return koteihyo.closePlanPanel(state);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = event.target.dataset?.item;
    if (!step || at === undefined) return;
    event.preventDefault();
    const order = state.rows.flatMap((row) => row.lanes.flatMap((lane) => lane.map((placed) => placed.item)));
    const next = order[order.indexOf(Number(at)) + step];
    if (next !== undefined) reveal(next, true);
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state && document.contains(state.root) && !state.panel.hidden) koteihyo.closePlanPanel(state);
  });
  // On paper there is no scrolling.
  addEventListener("beforeprint", () => state && document.contains(state.root) && draw(true));
  addEventListener("afterprint", () => state && document.contains(state.root) && draw());

})();
