// SPDX-License-Identifier: AGPL-3.0-or-later
// What changed between two editions, and each measure's way through all of them.
"use strict";

(() => {
  const { el, t, address, go } = koteihyo;
  const TYPES = ["added", "removed", "reworded", "moved", "rescheduled", "recategorized", "expired", "rolled"];
  const BY_TIME = ["expired", "rolled"];
  const STEP = 100;

  koteihyo.view("changes", async (main, route, { stale }) => {
    const { pairs, editions } = await koteihyo.catalog();
    if (!pairs.length) {
      koteihyo.put(main, el("div", { class: "prose" }, el("h1", { tabindex: "-1" }, t("changes")), el("p", {}, t("noPairs"))));
      return t("changes");
    }
    const pair = pairs.find((p) => p.old === route.args[0] && p.new === route.args[1]) ?? pairs[pairs.length - 1];
    const [old, fresh, changes] = await Promise.all([koteihyo.edition(pair.old), koteihyo.edition(pair.new), koteihyo.load(pair.file)]);
    if (stale()) return "";
    const args = [pair.old, pair.new];
    const chosen = { type: route.params.getAll("type"), section: route.params.get("section"), owner: route.params.get("owner") };
    const limit = Number(route.params.get("n")) || STEP;
    const change = (edit) => {
      const params = new URLSearchParams(route.params);
      edit(params);
      go(address("changes", args, params), { replace: true });
    };
    const types = chosen.type.length ? chosen.type : TYPES.filter((type) => !BY_TIME.includes(type));
    const matches = (m, without) =>
      (without === "type" || m.types.some((type) => types.includes(type))) &&
      (without === "section" || !chosen.section || top(m) === chosen.section) &&
      (without === "owner" || !chosen.owner || m.owners.includes(chosen.owner));
    const shown = changes.measures.filter((m) => matches(m));
    const counted = (without, values) => tally(changes.measures.filter((m) => matches(m, without)), values);
    const typeCounts = counted("type", (m) => m.types);
    const select = (key, counts) =>
      el(
        "label",
        { class: "field" },
        t(key === "owner" ? "ministry" : "section"),
        el(
          "select",
          { on: { change: (e) => change((params) => (e.target.value ? params.set(key, e.target.value) : params.delete(key))) } },
          el("option", { value: "" }, t("any")),
          [...counts].map(([value, n]) => el("option", { value, selected: chosen[key] === value }, `${value}（${n}）`)),
        ),
      );
    const names = new Map(editions.map((e) => [e.id, e.title]));
    koteihyo.put(main, 
      el(
        "div",
        { class: "changesview" },
        el("h1", { tabindex: "-1" }, t("changes")),
        el(
          "div",
          { class: "changefilters" },
          el(
            "label",
            { class: "field" },
            t("pair"),
            el(
              "select",
              { on: { change: (e) => go(address("changes", e.target.value.split("\n"))) } },
              pairs.map((p) => el("option", { value: `${p.old}\n${p.new}`, selected: p === pair }, `${names.get(p.old)} → ${names.get(p.new)}`)),
            ),
          ),
          select("section", counted("section", (m) => [top(m)])),
          select("owner", counted("owner", (m) => m.owners)),
          el(
            "fieldset",
            { class: "layers" },
            el("legend", {}, t("types")),
            TYPES.map((type) =>
              el(
                "label",
                { class: "choice" },
                el("input", {
                  type: "checkbox",
                  checked: types.includes(type),
                  on: {
                    change: () =>
                      change((params) => {
                        const next = types.includes(type) ? types.filter((other) => other !== type) : [...types, type];
                        params.delete("type");
                        for (const value of next) params.append("type", value);
                      }),
                  },
                }),
                el("span", { class: `type type-${type}` }, t(type)),
                el("span", { class: "number" }, String(typeCounts.get(type) ?? 0)),
              ),
            ),
          ),
          el("p", { role: "status", class: "count" }, `${t("hits", { n: shown.length })}　${t("unchanged", { n: changes.unchanged })}`),
          el("p", { class: "count" }, el("a", { href: address("history", [], { delayed: "1" }) }, t("onlyDelayed"))),
        ),
        grouped(shown.slice(0, limit)).map(([title, measures]) =>
          el("section", {}, el("h2", {}, title), measures.map((m) => card(m, old, fresh))),
        ),
        shown.length > limit
          ? el("button", { type: "button", on: { click: () => change((params) => params.set("n", String(limit + 4 * STEP))) } }, t("more", { n: shown.length - limit }))
          : null,
      ),
    );
    return t("changes");
  });

  function top(measure) {
    const side = measure.new ?? measure.old;
    return side.chapter ?? side.path[0] ?? t("noChapter");
  }

  function tally(measures, values) {
    const counts = new Map();
    for (const measure of measures) for (const value of values(measure)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }

  function grouped(measures) {
    const groups = new Map();
    for (const m of measures) {
      const side = m.new ?? m.old;
      const title = [...side.path, side.row].filter(Boolean).join(" › ") || side.chapter || t("noHeading");
      groups.set(title, [...(groups.get(title) ?? []), m]);
    }
    return [...groups];
  }

  function card(measure, old, fresh) {
    const { words } = measure;
    const same = measure.new?.text ?? measure.old?.text;
    const texts = words
      ? [
          el("p", { class: "was" }, el("b", {}, t("old")), " ", words.filter(([op]) => op !== "new").map(([op, text]) => (op === "same" ? text : el("del", {}, text)))),
          el("p", { class: "now" }, el("b", {}, t("new")), " ", words.filter(([op]) => op !== "dropped").map(([op, text]) => (op === "same" ? text : el("ins", {}, text)))),
        ]
      : [el("p", {}, same)];
    const remarks = [];
    for (const [what, years] of [["begin", measure.start_years], ["end", measure.end_years]]) {
      if (years) remarks.push(t(years > 0 ? "later" : "earlier", { what: t(what), n: Math.abs(years) }));
    }
    if (measure.types.includes("recategorized")) remarks.push(`${t("category")}：${measure.old.category} → ${measure.new.category}`);
    if (measure.types.includes("moved")) remarks.push(`${t("movedFrom")}：${[...measure.old.path, measure.old.row].filter(Boolean).join(" › ")}`);
    const sides = [["old", measure.old, old], ["new", measure.new, fresh]].filter(([, side]) => side);
    return el(
      "article",
      { class: "change" },
      el("p", {}, measure.types.map((type) => el("span", { class: `type type-${type}` }, t(type))), measure.owners.map((owner) => el("span", { class: "owner" }, owner))),
      texts,
      remarks.map((remark) => el("p", { class: "remark" }, remark)),
      koteihyo.spans(sides.map(([name, side]) => ({ name: t(name), side }))),
      el(
        "p",
        { class: "links" },
        sides.map(([name, side, edition]) => [
          el("a", { href: address("item", [edition.edition.id, side.item_id]) }, `${t(name)}：${t("theItem")}`),
          el("a", { href: address("page", [edition.edition.id, String(side.page_no)], { item: side.item_id }) }, `${t(name)}：${t("pageOf", { n: side.page_no })}`),
          edition.pdfPage(side.page_no) ? el("a", { href: edition.pdfPage(side.page_no), rel: "noopener noreferrer" }, `${t(name)}：${t("openPdf", { n: side.page_no })}`) : null,
        ]),
      ),
      el(
        "details",
        { on: { toggle: (e) => e.target.open && fill(e.target, sides) } },
        el("summary", {}, t("compare")),
      ),
    );
  }

  // Pictures are asked for when somebody wants to see them.
  function fill(details, sides) {
    if (details.querySelector(".twocrops")) return;
    details.append(
      el(
        "div",
        { class: "twocrops" },
        sides.map(([name, side, edition]) =>
          el(
            "figure",
            {},
            el("figcaption", {}, `${t(name)} ${t("pageOf", { n: side.page_no })}`),
            koteihyo.crop(edition, side.page_no, edition.items.box[edition.itemAt.get(side.item_id)], address("page", [edition.edition.id, String(side.page_no)], { item: side.item_id })),
          ),
        ),
      ),
    );
  }

  // Spans of one measure one below the other, on one scale of years.
  koteihyo.spans = (lines) => {
    const dated = lines.filter(({ side }) => side.fy_start !== null);
    if (!dated.length) return null;
    const first = Math.min(...dated.map(({ side }) => side.fy_start));
    const last = Math.max(...dated.map(({ side }) => side.fy_end));
    const years = last - first + 1;
    return el(
      "table",
      { class: "spans" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("years")), Array.from({ length: years }, (_, i) => el("th", { scope: "col" }, String(first + i))))),
      el(
        "tbody",
        {},
        dated.map(({ name, side, href }) =>
          el(
            "tr",
            {},
            el("th", { scope: "row" }, href ? el("a", { href }, name) : name),
            side.fy_start > first ? el("td", { colspan: side.fy_start - first }) : null,
            el("td", { class: "on", colspan: side.fy_end - side.fy_start + 1 }, koteihyo.span(side.fy_start, side.fy_end, false)),
            side.fy_end < last ? el("td", { colspan: last - side.fy_end }) : null,
          ),
        ),
      ),
    );
  };

  koteihyo.lineage = async (line) => {
    const sides = await Promise.all(
      line.items.map(async ([id, item]) => {
        const edition = await koteihyo.edition(id);
        const at = edition.itemAt.get(item);
        return {
          name: edition.edition.title,
          href: address("item", [id, item]),
          side: { fy_start: edition.items.fy_start[at], fy_end: edition.items.fy_end[at] },
          text: edition.items.text[at],
        };
      }),
    );
    return el(
      "div",
      {},
      koteihyo.spans(sides),
      line.delays ? el("p", { class: "remark" }, t("delayed", { n: line.delays, y: line.delay_years })) : null,
    );
  };

  koteihyo.view("history", async (main, route, { stale }) => {
    const { pairs } = await koteihyo.catalog();
    const lines = pairs.length ? await koteihyo.load("history") : [];
    const only = route.params.get("delayed") === "1";
    const words = koteihyo.fold(route.params.get("words") ?? "").split(/\s+/).filter(Boolean);
    const limit = Number(route.params.get("n")) || STEP;
    const texts = await Promise.all(lines.map(async (line) => {
      const [id, item] = line.items[line.items.length - 1];
      const edition = await koteihyo.edition(id);
      return edition.items.text[edition.itemAt.get(item)];
    }));
    const found = lines
      .map((line, i) => ({ line, text: texts[i] }))
      .filter(({ line, text }) => (!only || line.delays) && words.every((word) => koteihyo.fold(text).includes(word)));
    const drawn = await Promise.all(found.slice(0, limit).map(async ({ line, text }) => el("article", { class: "change" }, el("h2", {}, text || t("none")), await koteihyo.lineage(line))));
    if (stale()) return "";
    const change = (edit) => {
      const params = new URLSearchParams(route.params);
      edit(params);
      go(address("history", [], params), { replace: true });
    };
    koteihyo.put(main, 
      el(
        "div",
        { class: "changesview" },
        el("h1", { tabindex: "-1" }, t("history")),
        lines.length
          ? el(
              "div",
              { class: "changefilters" },
              el("label", { class: "field" }, t("words"), el("input", { type: "search", value: route.params.get("words") ?? "", on: { change: (e) => change((params) => (e.target.value ? params.set("words", e.target.value) : params.delete("words"))) } })),
              el("label", { class: "choice" }, el("input", { type: "checkbox", checked: only, on: { change: () => change((params) => (only ? params.delete("delayed") : params.set("delayed", "1"))) } }), t("onlyDelayed")),
              el("p", { role: "status", class: "count" }, t("hits", { n: found.length })),
            )
          : el("p", {}, t("noHistory")),
        drawn,
        found.length > limit ? el("button", { type: "button", on: { click: () => change((params) => params.set("n", String(limit + 4 * STEP))) } }, t("more", { n: found.length - limit })) : null,
      ),
    );
    return t("history");
  });
})();
