// SPDX-License-Identifier: AGPL-3.0-or-later
// One edition in the browser's memory: its tables, and what several views ask of them.
"use strict";

(() => {
  const { load } = koteihyo;
  const ready = new Map();

  koteihyo.catalog = () => load("catalog");

  koteihyo.edition = async (id) => {
    const entry = (await koteihyo.catalog()).editions.find((edition) => edition.id === id);
    if (!entry) throw new Error(`no edition ${id}`);
    const tables = await load(`edition-${entry.slug}`);
    if (ready.get(id)?.tables !== tables) ready.set(id, prepare(entry, tables));
    return ready.get(id);
  };

  function prepare(entry, tables) {
    const { items, pages, sections, rows, charts } = tables;
    const pageAt = new Map(pages.page_no.map((page, i) => [page, i]));
    const chartAt = new Map(charts.page_no.map((page, i) => [`${page}/${charts.chart_no[i]}`, i]));
    const itemAt = new Map(items.id.map((id, i) => [id, i]));
    const chapterOf = (page) => pages.chapter[pageAt.get(page)] ?? null;

    // Headings from the outermost: of sections their path, of table rows group and name, else the chart's own words.
    function place(item) {
      const section = items.section[item];
      if (section !== null) return sections.path[section];
      const row = items.row[item];
      if (row !== null) return [rows.group_label[row], rows.name[row]].filter(Boolean);
      const chart = chartAt.get(`${items.page_no[item]}/${items.chart_no[item]}`);
      const words = chart === undefined ? [] : [charts.heading[chart] ?? charts.title[chart]];
      return words.filter(Boolean);
    }

    // Organisations of an item: those found in owners and texts, else the owners as written.
    function ministries(item) {
      const owners = (tables.organizations[item] ?? []).filter((o) => o.role === "owner").map((o) => o.organization);
      return [...new Set(owners.length ? owners : items.owners[item])];
    }

    function pdfPage(page) {
      return safeLink(tables.edition.source_url, `#page=${page}`);
    }

    return { ...tables, entry, pageAt, chartAt, itemAt, chapterOf, place, ministries, pdfPage, tables };
  }

  // Only web addresses become links: an edition's register is a file that people pass around.
  function safeLink(url, fragment) {
    return url && /^https?:\/\//i.test(url) ? url.replace(/#.*$/, "") + fragment : null;
  }

  koteihyo.fold = (text) => text.normalize("NFKC").toLowerCase();

  koteihyo.picture = (edition, page) =>
    edition.entry.pictures ? `pictures/${edition.entry.slug}/p${page}.webp` : null;

  koteihyo.confidenceClass = (value) => (value >= 0.95 ? "high" : value >= 0.85 ? "middle" : "low");
})();
