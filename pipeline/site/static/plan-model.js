// SPDX-License-Identifier: AGPL-3.0-or-later
// The plan as a tree of headings with lanes of items, and its filters. Knows no elements.
"use strict";

(() => {
  const { t, fold } = koteihyo;
  const NONE = "";
  const FACETS = ["chapter", "section", "ministry", "phase", "kind", "category", "confidence"];

  // Facets of each item as lists of values, texts folded for search, and the tree of headings.
  koteihyo.planModel = (edition) => {
    const { items } = edition;
    const count = items.id.length;
    const values = {
      chapter: items.page_no.map((page) => [edition.chapterOf(page) ?? NONE]),
      section: items.id.map((_, i) => [edition.place(i)[0] ?? NONE]),
      ministry: items.id.map((_, i) => listed(edition.ministries(i))),
      phase: items.phase.map((phase) => [phase ?? NONE]),
      kind: items.kind.map((kind) => [kind]),
      category: items.category.map((category) => [category ?? NONE]),
      confidence: items.confidence.map((value) => [koteihyo.confidenceClass(value)]),
    };
    const coded = {};
    const choices = {};
    for (const facet of FACETS) {
      const order = new Map();
      coded[facet] = values[facet].map((list) => list.map((value) => code(order, value)));
      choices[facet] = [...order.keys()];
    }
    const texts = items.text.map((text, i) => fold(`${text}\n${edition.place(i).join("\n")}`));
    const { nodes, nodeOf } = tree(edition);
    return { edition, count, coded, choices, texts, nodes, nodeOf, widths: items.text.map(koteihyo.textWidth), axis: axis(edition) };
  };

  koteihyo.planModel.FACETS = FACETS;

  function listed(values) {
    return values.length ? values : [NONE];
  }

  function code(order, value) {
    if (!order.has(value)) order.set(value, order.size);
    return order.get(value);
  }

  // First and last year that any chart of the edition shows.
  function axis({ columns, items }) {
    const starts = [...columns.fy_start, ...items.fy_start.filter((y) => y !== null)];
    const ends = [...columns.fy_start.map((y, i) => columns.fy_end[i] ?? y), ...items.fy_end.filter((y) => y !== null)];
    if (!starts.length) return { first: new Date().getFullYear(), last: new Date().getFullYear() };
    return { first: least(starts), last: -least(ends.map((y) => -y)) };
  }

  // Math.min(...values) fails on long lists.
  function least(values) {
    return values.reduce((a, b) => (b < a ? b : a));
  }

  // A node for each chapter and heading, in the document's order; a heading printed again is the same node.
  function tree(edition) {
    const { items, sections, rows } = edition;
    const nodes = [];
    const known = new Map();

    function node(chapter, path, detail) {
      let parent = null;
      const parts = [chapter ?? t("noChapter"), ...path];
      let key = "";
      for (const [depth, title] of parts.entries()) {
        key += `\u0000${title}`;
        if (!known.has(key)) {
          known.set(key, { key, title, depth, parent, children: [], items: [], row: null });
          if (parent) parent.children.push(known.get(key));
          else nodes.push(known.get(key));
        }
        parent = known.get(key);
      }
      if (detail !== undefined) parent.row = detail;
      return parent;
    }

    const printed = [
      ...sections.page_no.map((page, i) => ({ page, y: sections.box[i][1], i, path: sections.path[i] })),
      ...rows.page_no.map((page, i) => ({
        page,
        y: rows.box[i][1],
        row: i,
        path: [rows.group_label[i], rows.name[i]].filter(Boolean),
      })),
    ];
    const first = new Map();
    items.page_no.forEach((page, i) => first.has(page) || first.set(page, i));
    printed.sort((a, b) => a.page - b.page || (a.i ?? a.row) - (b.i ?? b.row));
    const byPage = new Map();
    for (const heading of printed) byPage.set(heading.page, [...(byPage.get(heading.page) ?? []), heading]);
    const itemsByPage = new Map();
    items.page_no.forEach((page, i) => itemsByPage.set(page, [...(itemsByPage.get(page) ?? []), i]));
    const nodeOf = new Array(items.id.length);
    for (const page of [...new Set([...byPage.keys(), ...itemsByPage.keys()])].sort((a, b) => a - b)) {
      for (const heading of byPage.get(page) ?? []) node(edition.chapterOf(page), heading.path, heading.row);
      for (const item of itemsByPage.get(page) ?? []) {
        const path = edition.place(item);
        nodeOf[item] = node(edition.chapterOf(page), path.length ? path : [t("noHeading")]);
        nodeOf[item].items.push(item);
      }
    }
    // As drawn in the document; sorted once, as filters keep the order.
    const { chart_no: chart, lane, start_pos: start } = items;
    const order = (a, b) => items.page_no[a] - items.page_no[b] || chart[a] - chart[b] || lane[a] - lane[b] || start[a] - start[b];
    for (const headed of known.values()) headed.items.sort(order);
    return { nodes, nodeOf };
  }

  // Nodes are numbered in the document's order, so that closed ones fit into an address.
  koteihyo.planNodes = (model) => {
    if (!model.order) {
      model.order = [];
      const visit = (node) => {
        node.number = model.order.length;
        model.order.push(node);
        node.children.forEach(visit);
      };
      model.nodes.forEach(visit);
    }
    return model.order;
  };

  // Which items the filters let through, and how many each choice of a facet would leave, the others kept.
  koteihyo.planFilter = (model, filters) => {
    const words = fold(filters.words ?? "").split(/\s+/).filter(Boolean);
    const tests = [...FACETS.map((facet) => facetTest(model, facet, filters[facet] ?? [])), ...yearTests(model, filters)];
    const shown = [];
    for (let i = 0; i < model.count; i += 1) {
      if (words.length && !words.every((word) => model.texts[i].includes(word))) continue;
      let missed = null;
      let misses = 0;
      for (let f = 0; f < tests.length && misses < 2; f += 1) {
        if (tests[f].lets(i)) continue;
        missed = tests[f];
        misses += 1;
      }
      if (misses === 0) {
        shown.push(i);
        for (const test of tests) test.count(i);
      } else if (misses === 1) {
        missed.count(i);
      }
    }
    return { shown, counts: Object.fromEntries(tests.map((test) => [test.name, test.counts])) };
  };

  function facetTest(model, name, wanted) {
    const coded = model.coded[name];
    const chosen = new Set(wanted.map((value) => model.choices[name].indexOf(value)));
    const counts = new Array(model.choices[name].length).fill(0);
    return {
      name,
      counts,
      lets: wanted.length ? (i) => coded[i].some((value) => chosen.has(value)) : () => true,
      count: (i) => coded[i].forEach((value) => (counts[value] += 1)),
    };
  }

  // By the year in which an item begins, and by one in which it runs; counts are by year from the axis's first.
  function yearTests(model, filters) {
    const { fy_start: start, fy_end: end } = model.edition.items;
    const { first, last } = model.axis;
    const starts = new Array(last - first + 1).fill(0);
    const active = new Array(last - first + 1).fill(0);
    return [
      { name: "starts", counts: starts, lets: (i) => !filters.starts || start[i] === filters.starts, count: (i) => start[i] !== null && (starts[start[i] - first] += 1) },
      {
        name: "active",
        counts: active,
        lets: (i) => !filters.active || (start[i] !== null && start[i] <= filters.active && end[i] >= filters.active),
        count: (i) => {
          for (let year = start[i] ?? Infinity; year <= end[i]; year += 1) active[year - first] += 1;
        },
      },
    ];
  }

  // Rows of the drawn plan, from the top: each a heading with the lanes of its items. `closed` holds keys of nodes.
  koteihyo.planRows = (model, shown, closed, filtered, unit) => {
    const wanted = new Uint8Array(model.count);
    for (const i of shown) wanted[i] = 1;
    const counts = new Map();
    const rows = [];
    const total = (node) => {
      if (!counts.has(node)) {
        const own = node.items.reduce((n, i) => n + wanted[i], 0);
        counts.set(node, node.children.reduce((n, child) => n + total(child), own));
      }
      return counts.get(node);
    };
    const visit = (node) => {
      if (total(node) === 0 && (filtered || !node.row && node.depth === 0)) return;
      const isClosed = closed.has(node.key);
      const own = isClosed ? [] : node.items.filter((i) => wanted[i]);
      rows.push({ node, count: total(node), closed: isClosed, lanes: lanes(model, own, unit) });
      if (!isClosed) node.children.forEach(visit);
    };
    model.nodes.forEach(visit);
    return rows;
  };

  const inBar = (kind) => kind === "bar" || kind === "callout" || kind === "mark";

  // Lanes of `items` in their order; what would overlap here, texts included, goes to a lane below.
  function lanes(model, items, unit) {
    const { page_no: page, chart_no: chart, lane, start_pos: start, end_pos: end, kind } = model.edition.items;
    const result = [];
    let source = null;
    let base = 0;
    for (const item of items) {
      const from = `${page[item]}/${chart[item]}/${lane[item]}`;
      if (from !== source) {
        source = from;
        base = result.length;
      }
      const left = start[item] ?? model.axis.first;
      const written = inBar(kind[item]) ? unit.inBar(item, (end[item] ?? left) - left) : unit.text(item);
      const right = Math.max(end[item] ?? left, left + written);
      let at = base;
      while (at < result.length && result[at].some((other) => left < other.right - 1e-6 && other.left < right - 1e-6)) {
        at += 1;
      }
      if (at === result.length) result.push([]);
      result[at].push({ item, left, right });
    }
    return result;
  }
})();
