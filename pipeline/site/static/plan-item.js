// SPDX-License-Identifier: AGPL-3.0-or-later
// One item of the drawn plan: its place, form and colour.
"use strict";

(() => {
  const { el, t, address } = koteihyo;

  // Height of a lane, pixels: two lines of text.
  koteihyo.LANE = 40;

  koteihyo.planItem = (plan, { item, left, right }, lane) => {
    const { items } = plan.edition;
    const { first } = plan.model.axis;
    const kind = items.kind[item];
    const x = (left - first) * plan.year;
    const drawnEnd = items.end_pos[item] ?? left;
    const bar = kind === "bar" || kind === "callout" || kind === "mark";
    const width = Math.max((bar ? Math.max(drawnEnd, left + 0.1) : right) - left, 0.1) * plan.year - 2;
    // Words that do not fit into a short bar go on beside it, where the lane is free.
    const room = bar ? plan.unit.inBar(item, drawnEnd - left) * plan.year - 2 : width;
    const years = koteihyo.span(items.fy_start[item], items.fy_end[item], items.open_end[item]);
    const text = items.text[item] || t(`kind.${kind}`);
    const params = new URLSearchParams(plan.route.params);
    params.set("item", items.id[item]);
    return el(
      "a",
      {
        class: `item ${kind} ${colourClass(plan, item)} ${items.open_end[item] ? "open" : ""} ${items.parent[item] === null ? "" : "inner"} ${room > width ? "spill" : ""}`,
        href: address("plan", [plan.edition.edition.id], params),
        title: `${text}\n${years}`,
        "aria-label": `${text}、${years}、${t(`kind.${kind}`)}`,
        "aria-current": plan.route.params.get("item") === items.id[item] ? "true" : null,
        "data-item": String(item),
        style: { left: `${x}px`, top: `${lane * koteihyo.LANE + 3}px`, width: `${width}px`, height: `${koteihyo.LANE - 6}px` },
        on: { click: (event) => onItem(plan, event) },
      },
      el("span", { class: "words", style: room > width ? { width: `${room - 10}px` } : null }, kind === "marker" && !/^[▲△▼★☆◆◇●○]/u.test(text) ? `▲${text}` : text),
    );
  };

  function onItem(plan, event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const id = plan.edition.items.id[Number(event.currentTarget.dataset.item)];
    plan.change((params) => params.set("item", id), { replace: plan.route.params.has("item") });
  }

  function colourClass(plan, item) {
    const { model, colour } = plan;
    if (colour === "confidence") return `confidence-${koteihyo.confidenceClass(plan.edition.items.confidence[item])}`;
    const value = model.coded[colour][item][0];
    return model.choices[colour][value] === "" ? "colour-none" : `colour-${koteihyo.planRank(model, colour, value) % 12}`;
  }

  // The commonest values get the first colours, which differ most.
  koteihyo.planRank = (model, facet, value) => {
    model.ranks ??= {};
    if (!model.ranks[facet]) {
      const uses = new Array(model.choices[facet].length).fill(0);
      for (const list of model.coded[facet]) for (const code of list) uses[code] += 1;
      const named = uses.map((_, i) => i).filter((i) => model.choices[facet][i] !== "");
      named.sort((a, b) => uses[b] - uses[a]);
      model.ranks[facet] = new Map(named.map((code, i) => [code, i]));
    }
    return model.ranks[facet].get(value) ?? 0;
  };

  // Width of a text in its own size: full-width characters take one, narrow ones about half.
  koteihyo.textWidth = (text) => {
    let width = 0;
    for (let i = 0; i < text.length; i += 1) width += text.charCodeAt(i) < 0x2000 ? 0.55 : 1;
    return width;
  };
})();
