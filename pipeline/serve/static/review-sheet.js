// SPDX-License-Identifier: AGPL-3.0-or-later
// The page at the desk: headings to click, and the span of the item with ends to drag from column to column.
"use strict";

(() => {
  const { el, t } = koteihyo;
  // Points: the knob of an end, and what a finger or mouse may miss it by.
  const KNOB = 5;
  const REACH = 9;
  const LEAST = 3;

  // `choice` holds what is chosen now ({start, end, section, row}); `choose` is called with what a person changes;
  // `place` is the address of another item.
  koteihyo.reviewSheet = (edition, target, choice, choose, place) => {
    const at = edition.pageAt.get(target.page);
    const [width, height] = [edition.pages.width[at], edition.pages.height[at]];
    const source = koteihyo.picture(edition, target.page);
    const columns = columnsOf(edition, target);
    const svg = el("svg:svg", { viewBox: `0 0 ${width} ${height}`, class: "overlay", role: "group", "aria-label": t("picture") });
    const sheet = el(
      "div",
      { class: "sheet", style: { "aspect-ratio": `${width} / ${height}` } },
      source ? el("img", { src: source, alt: t("picture"), class: "sheetpicture" }) : el("p", { class: "hint" }, t("noPicture")),
      svg,
    );
    const parts = { svg, columns, choice, choose, target, place };
    drawStill(edition, parts);
    const span = target.box ? drawSpan(parts) : () => {};
    if (target.what === "new") drawNew(parts);
    sheet.showSpan = span;
    return sheet;
  };

  function columnsOf(edition, target) {
    const { columns, charts } = edition;
    const chart = edition.chartAt.get(`${target.page}/${target.chart}`);
    if (chart === undefined) return [];
    const box = charts.box[chart];
    return columns.page_no
      .map((page, i) => ({ page, i }))
      .filter(({ page, i }) => page === target.page && columns.chart_no[i] === target.chart)
      .map(({ i }) => ({ x0: columns.x0[i], x1: columns.x1[i], start: columns.fy_start[i], end: columns.fy_end[i] ?? columns.fy_start[i], label: columns.label[i], y0: box[1], y1: box[3] }))
      .sort((a, b) => a.x0 - b.x0);
  }

  koteihyo.reviewColumns = columnsOf;

  function rect([x0, y0, x1, y1], attributes) {
    return el("svg:rect", { x: x0, y: y0, width: Math.max(x1 - x0, 2), height: Math.max(y1 - y0, 2), ...attributes });
  }

  // A little room, so that the frame does not hide the words.
  function wider([x0, y0, x1, y1]) {
    return [x0 - 2, y0 - 2, x1 + 2, y1 + 2];
  }

  // Columns, the rows and headings of the page as buttons, and between them its other items as links.
  function drawStill(edition, parts) {
    const { svg, columns, choice, choose, target } = parts;
    for (const column of columns) svg.append(rect([column.x0, column.y0, column.x1, column.y1], { class: "box layer-headers" }));
    for (const [name, table, label] of [
      ["row", edition.rows, (i) => edition.rows.name[i]],
      ["section", edition.sections, (i) => `${edition.sections.marker[i]}${edition.sections.title[i]}`],
    ]) {
      if (name === "section" && target.what !== "new") drawItems(edition, parts);
      table.page_no.forEach((page, i) => {
        if (page !== target.page || !table.box[i]) return;
        const shape = rect(wider(table.box[i]), { class: `box pick layer-${name === "section" ? "sections" : "rows"}`, "data-pick": table.id[i] });
        if (choice[name] === table.id[i]) shape.classList.add("picked");
        const pick = () => choose({ [name]: table.id[i] });
        svg.append(
          el(
            "svg:g",
            { role: "button", tabindex: "0", "aria-label": `${t(name === "section" ? "section" : "tableRow")}：${label(i)}`, on: { click: pick, keydown: (e) => (e.key === "Enter" || e.key === " ") && (e.preventDefault(), pick()) } },
            el("svg:title", {}, label(i)),
            shape,
          ),
        );
      });
    }
    if (target.box) svg.append(rect(wider(target.box), { class: "box chosen still" }));
  }

  // Large ones first, so that what stands in them can be clicked too. The list is the keyboard's way to them.
  function drawItems(edition, { svg, target, place }) {
    const { items } = edition;
    const area = (i) => (items.box[i][2] - items.box[i][0]) * (items.box[i][3] - items.box[i][1]);
    const here = items.page_no.map((page, i) => (page === target.page ? i : -1)).filter((i) => i >= 0 && items.box[i] && items.id[i] !== target.id);
    for (const i of here.sort((a, b) => area(b) - area(a))) {
      const name = items.text[i] || t(`kind.${items.kind[i]}`);
      svg.append(el("svg:a", { href: place(items.id[i]), class: "other", "aria-label": name, tabindex: "-1" }, el("svg:title", {}, `${name}\n${t("chooseItem")}`), rect(wider(items.box[i]), { class: "box" })));
    }
  }

  // A new item is drawn as a frame; its years are those of the columns that it covers.
  function drawNew({ svg, columns, choose }) {
    svg.classList.add("drawing");
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest('[role="button"], .handle')) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      const [from, frame] = [point(svg, event), rect([0, 0, 0, 0], { class: "box chosen still" })];
      svg.append(frame);
      let box = null;
      const move = (e) => {
        const to = point(svg, e);
        box = [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.max(from.x, to.x), Math.max(from.y, to.y)];
        for (const [name, value] of [["x", box[0]], ["y", box[1]], ["width", box[2] - box[0]], ["height", box[3] - box[1]]]) frame.setAttribute(name, value);
      };
      const up = () => {
        frame.remove();
        for (const [name, listener] of [["pointermove", move], ["pointerup", up], ["pointercancel", up]]) svg.removeEventListener(name, listener);
        // Less is a click.
        if (!box || box[2] - box[0] < LEAST || box[3] - box[1] < LEAST) return;
        const under = columns.filter((column) => Math.min(column.x1, box[2]) - Math.max(column.x0, box[0]) > (column.x1 - column.x0) / 4);
        choose(under.length ? { box, start: under[0].start, end: under[under.length - 1].end } : { box });
      };
      for (const [name, listener] of [["pointermove", move], ["pointerup", up], ["pointercancel", up]]) svg.addEventListener(name, listener);
    });
  }

  function point(svg, event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  }

  // The span over the columns, with an end to drag on each side. Returns what draws it again after a choice.
  function drawSpan({ svg, columns, choice, choose, target }) {
    if (!columns.length) return () => {};
    // The knobs stand above the item, or they would hide its first and last words.
    const [top, bottom] = [target.box[1] - 3, target.box[3] + 3];
    const band = rect([0, top, 0, bottom], { class: "spanband" });
    const ends = ["start", "end"].map((name) => handle(name));
    svg.append(band, ...ends);

    function columnAt(name) {
      const year = choice[name];
      if (year === null) return null;
      const found = columns.filter((column) => column.start <= year && year <= column.end);
      return (name === "start" ? found[0] : found[found.length - 1]) ?? null;
    }

    function show() {
      const [first, last] = [columnAt("start"), columnAt("end")];
      band.classList.toggle("none", !first || !last);
      if (first && last) {
        band.setAttribute("x", first.x0);
        band.setAttribute("width", Math.max(last.x1 - first.x0, 1));
      }
      for (const [i, column] of [first, last].entries()) {
        const x = column ? (i ? column.x1 : column.x0) : i ? columns[columns.length - 1].x1 : columns[0].x0;
        ends[i].setAttribute("transform", `translate(${x} 0)`);
        const year = choice[i ? "end" : "start"];
        ends[i].setAttribute("aria-valuenow", year ?? columns[0].start);
        ends[i].setAttribute("aria-valuetext", year === null ? t("noYears") : t("fiscalYear", { y: year }));
      }
    }

    function handle(name) {
      const node = el(
        "svg:g",
        { class: "handle", "data-end": name, role: "slider", tabindex: "0", "aria-label": t(name === "start" ? "startHandle" : "endHandle"), "aria-valuemin": columns[0].start, "aria-valuemax": columns[columns.length - 1].end, on: { keydown: onKey, pointerdown: onDown } },
        el("svg:rect", { class: "reach", x: -REACH, width: 2 * REACH, y: top - 2 * KNOB, height: bottom - top + 2 * KNOB }),
        el("svg:line", { y1: top, y2: bottom }),
        el("svg:circle", { cy: top - KNOB, r: KNOB }),
      );

      function set(column) {
        const year = name === "start" ? column.start : column.end;
        const other = name === "start" ? "end" : "start";
        // An end that is dragged over the other one takes it along.
        const crossed = choice[other] === null || (name === "start" ? choice.end < year : choice.start > year);
        choose(crossed ? { start: column.start, end: column.end } : { [name]: year });
      }

      function onKey(event) {
        const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        const now = columns.indexOf(columnAt(name) ?? columns[0]);
        set(columns[Math.min(columns.length - 1, Math.max(0, now + step))]);
      }

      function onDown(event) {
        event.preventDefault();
        node.focus();
        node.setPointerCapture(event.pointerId);
        const move = (e) => set(nearest(point(svg, e).x));
        const up = () => {
          node.removeEventListener("pointermove", move);
          node.removeEventListener("pointerup", up);
          node.removeEventListener("pointercancel", up);
        };
        node.addEventListener("pointermove", move);
        node.addEventListener("pointerup", up);
        node.addEventListener("pointercancel", up);
      }

      // The column whose edge on this end's side is nearest.
      function nearest(x) {
        const edge = (column) => Math.abs((name === "start" ? column.x0 : column.x1) - x);
        return columns.reduce((best, column) => (edge(column) < edge(best) ? column : best));
      }

      return node;
    }

    show();
    return show;
  }
})();
