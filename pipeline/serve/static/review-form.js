// SPDX-License-Identifier: AGPL-3.0-or-later
// The values of an item at the desk, as fields; those that are chosen on the page can be chosen here too.
"use strict";

(() => {
  const { el, t } = koteihyo;
  const KINDS = ["bar", "mark", "marker", "label", "heading", "callout"];

  // The number of the chart that a box stands in or nearest to; the first of its page when there is no box.
  koteihyo.chartNear = ({ charts }, page, box) => {
    const middle = box ? (box[1] + box[3]) / 2 : 0;
    const away = (i) => Math.max(charts.box[i][1] - middle, middle - charts.box[i][3], 0);
    const near = charts.page_no.map((_, i) => i).filter((i) => charts.page_no[i] === page).sort((a, b) => away(a) - away(b))[0];
    return near === undefined ? null : charts.chart_no[near];
  };

  // Where an item stands that was not drawn on the page: beside its heading, under its years.
  koteihyo.boxOf = (edition, target, choice) => {
    const { charts, sections } = edition;
    const chart = charts.box[edition.chartAt.get(`${target.page}/${target.chart}`)];
    const columns = koteihyo.reviewColumns(edition, target).filter((c) => c.start <= choice.end && choice.start <= c.end);
    const at = sections.id.indexOf(choice.section);
    const beside = at >= 0 && sections.page_no[at] === target.page && sections.box[at] ? sections.box[at] : chart;
    return [columns[0]?.x0 ?? chart[0], beside[1], columns[columns.length - 1]?.x1 ?? chart[2], beside[3]];
  };

  // What the desk is about: an item, a text that is in no record, or an item that is still to be drawn on a page.
  koteihyo.reviewTarget = (edition, what, id) => {
    if (what === "new") {
      const page = Number(id);
      if (!edition.pageAt.has(page)) return null;
      const values = { text: "", kind: "bar", start: null, end: null, section: null, row: null, owners: [] };
      return { what, id, page, box: null, chart: koteihyo.chartNear(edition, page, null), row: null, values };
    }
    if (what === "texts") {
      const at = edition.findings.id.indexOf(id);
      if (at < 0) return null;
      const { findings } = edition;
      const [page, box] = [findings.page_no[at], findings.box[at]];
      const target = { what, id, at, page, box, chart: koteihyo.chartNear(edition, page, box), row: null };
      const columns = koteihyo.reviewColumns(edition, target).filter((c) => c.x0 < target.box[2] && target.box[0] < c.x1);
      const values = { text: findings.text[at].replace(/\s*\n\s*/g, ""), kind: "bar", start: columns[0]?.start ?? null, end: columns[columns.length - 1]?.end ?? null, section: null, row: null, owners: [] };
      return { ...target, values };
    }
    const at = edition.itemAt.get(id);
    if (at === undefined) return null;
    const { items, sections, rows } = edition;
    const section = items.section[at] === null ? null : sections.id[items.section[at]];
    const row = items.row[at] === null ? null : rows.id[items.row[at]];
    const values = { text: items.text[at], kind: items.kind[at], start: items.fy_start[at], end: items.fy_end[at], section, row, owners: items.owners[at] };
    return { what, id, at, page: items.page_no[at], box: items.box[at], chart: items.chart_no[at], row, values };
  };

  // What the server compares with what it has, so that nobody overwrites what they have not seen.
  koteihyo.reviewSeen = (edition, { at, values }) => ({
    text: values.text, kind: values.kind, fy_start: values.start, fy_end: values.end, owners: values.owners,
    section: values.section, row: values.row, corrected_by: edition.items.corrected_by[at],
  });

  koteihyo.reviewForm = (edition, target, choice, choose) => {
    const { items } = edition;
    const columns = koteihyo.reviewColumns(edition, target);
    const isItem = target.what === "items";
    const fields = [
      el("label", { class: "field" }, t("text"), el("textarea", { rows: "3", "data-field": "text", value: choice.text, on: { input: (e) => choose({ text: e.target.value.replace(/\n/g, "") }) } })),
      places(edition, target, choice, choose),
      el(
        "fieldset",
        {},
        el("legend", {}, t("years")),
        el("div", { class: "pairs" }, years("start", "from", columns, choice, choose), years("end", "to", columns, choice, choose)),
        el("p", { class: "hint" }, t("spanHint")),
      ),
      select("kind", t("kind"), KINDS.map((kind) => [kind, t(`kind.${kind}`)]), choice, choose),
      isItem ? owners(edition, choice, choose) : null,
    ];
    return el(
      "div",
      { class: "reviewfields" },
      isItem
        ? el("p", { class: "hint" }, `${t("confidence")} ${items.confidence[target.at].toFixed(2)}　${items.corrected_by[target.at] ?? koteihyo.evidenceText(edition, target.at)}`)
        : el("p", { class: "hint" }, target.what === "new" ? t("drawHint") : edition.findings.message[target.at]),
      fields,
    );
  };

  function select(key, label, options, choice, choose, hint = null) {
    return el(
      "div",
      {},
      el(
        "label",
        { class: "field" },
        label,
        el("select", { "data-field": key, on: { change: (e) => choose({ [key]: e.target.value || null }) } }, options.map(([value, text]) => el("option", { value, selected: value === (choice[key] ?? "") }, text))),
      ),
      hint ? el("p", { class: "hint" }, hint) : null,
    );
  }

  // Headings, rows, or both: what the page has. Where it has neither, an item stands under its chart's own words.
  function places(edition, target, choice, choose) {
    const parts = [headings(edition, target, choice, choose), rowsOf(edition, target, choice, choose)].filter(Boolean);
    if (parts.length) return parts;
    const chart = edition.chartAt.get(`${target.page}/${target.chart}`);
    const words = chart === undefined ? null : edition.charts.heading[chart] ?? edition.charts.title[chart];
    return el("div", {}, el("div", { class: "field" }, t("place")), el("p", { "data-shown": "noplace" }, words ?? t("none")), el("p", { class: "hint" }, t("noPlaces")));
  }

  // Headings of this page first, then those before it from the nearest on.
  function headings(edition, target, choice, choose) {
    const { sections } = edition;
    const known = new Set();
    const options = sections.id
      .map((id, i) => ({ id, i, page: sections.page_no[i] }))
      .filter(({ page }) => page <= target.page)
      .sort((a, b) => (a.page === target.page ? 0 : 1) - (b.page === target.page ? 0 : 1) || b.page - a.page || a.i - b.i)
      .filter(({ id, i }) => {
        const path = sections.path[i].join("\n");
        if (known.has(path) && id !== choice.section) return false;
        return known.add(path);
      })
      .slice(0, 300)
      .map(({ id, i, page }) => [id, `${page === target.page ? "" : `（${t("pageOf", { n: page })}）`}${sections.path[i].join(" › ")}`]);
    if (!options.length) return null;
    const chosen = sections.id.indexOf(choice.section);
    const path = chosen < 0 ? null : el("ol", { class: "path", "data-shown": "path" }, sections.path[chosen].map((part) => el("li", {}, part)));
    return el("div", {}, select("section", t("section"), [["", t("none")], ...options], choice, choose, t("headingHint")), path);
  }

  function rowsOf(edition, target, choice, choose) {
    const { rows } = edition;
    const options = rows.id
      .map((id, i) => [id, [rows.group_label[i], rows.name[i]].filter(Boolean).join(" › "), rows.page_no[i]])
      .filter(([, , page]) => page === target.page);
    if (!options.length) return null;
    return select("row", t("tableRow"), [["", t("none")], ...options], choice, choose, t("rowHint"));
  }

  function years(key, word, columns, choice, choose) {
    const first = Math.min(...columns.map((c) => c.start), choice.start ?? Infinity);
    const last = Math.max(...columns.map((c) => c.end), choice.end ?? -Infinity);
    const all = Number.isFinite(first) ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
    return el(
      "label",
      { class: "field" },
      t(word),
      el(
        "select",
        { "data-field": key, on: { change: (e) => choose({ [key]: Number(e.target.value) || null }) } },
        choice[key] === null ? el("option", { value: "", selected: true }, t("noYears")) : null,
        all.map((year) => el("option", { value: String(year), selected: year === choice[key] }, t("fiscalYear", { y: year }))),
      ),
    );
  }

  function owners(edition, choice, choose) {
    const counts = new Map();
    for (let i = 0; i < edition.items.id.length; i += 1) for (const owner of edition.ministries(i)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    const known = [...counts].sort((a, b) => b[1] - a[1]).map(([owner]) => owner);
    const input = el("input", { type: "text", "data-field": "owners", value: choice.owners.join("、"), on: { change: (e) => choose({ owners: e.target.value.split(/[、,，]/).map((o) => o.trim()).filter(Boolean) }) } });
    return el(
      "div",
      {},
      el("label", { class: "field" }, t("owners"), input),
      known.length
        ? el(
            "select",
            { "aria-label": t("addOwner"), on: { change: (e) => e.target.value && choose({ owners: [...new Set([...choice.owners, e.target.value])] }) } },
            el("option", { value: "" }, t("addOwner")),
            known.slice(0, 100).map((owner) => el("option", { value: owner }, owner)),
          )
        : null,
      el("p", { class: "hint" }, t("ownersHint")),
    );
  }
})();
