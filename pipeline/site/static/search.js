// SPDX-License-Identifier: AGPL-3.0-or-later
// The SQL search, done again in the browser over the same tables: the query cut into the words of the texts, BM25.
"use strict";

(() => {
  const { el, t, address, go } = koteihyo;
  const UNKNOWN = 30;
  const LIMIT = 100;

  // Narrow letters and figures in lower case: the form in which words are compared.
  function plain(text) {
    return text
      .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
      .replace(/[　，、。]/g, " ")
      .toLowerCase();
  }

  // Of all ways to cut a part of the query into known forms, the one of the commonest; an unknown character stands alone.
  function cut(part, forms) {
    const characters = [...part];
    const best = [{ cost: 0, way: [] }];
    for (let end = 1; end <= characters.length; end += 1) {
      for (let start = 0; start < end; start += 1) {
        const piece = characters.slice(start, end).join("");
        const form = Object.hasOwn(forms, piece) ? forms[piece] : null;
        if (form === null && end - start > 1) continue;
        const [word, cost] = form ?? [piece, UNKNOWN];
        const total = best[start].cost + cost;
        if (best[end] === undefined || total < best[end].cost) best[end] = { cost: total, way: [...best[start].way, word] };
      }
    }
    return best[characters.length].way;
  }

  // Units with their part and place; words that are passed over (null) keep their place.
  koteihyo.searchUnits = (query, forms) =>
    plain(query)
      .split(" ")
      .filter(Boolean)
      .flatMap((part, partNo) => cut(part, forms).map((word, place) => ({ partNo, place, word })).filter(({ word }) => word !== null));

  koteihyo.searchTexts = (index, query, edition) => {
    const units = koteihyo.searchUnits(query, index.forms);
    const uses = new Map();
    const add = (term, text) => {
      if (!uses.has(term)) uses.set(term, new Map());
      uses.get(term).set(text, (uses.get(term).get(text) ?? 0) + 1);
    };
    const starts = new Map();
    units.forEach(({ partNo, place, word }, unit) => {
      const places = Object.hasOwn(index.words, word) ? index.words[word] : [];
      for (let i = 0; i < places.length; i += 2) {
        add(unit, places[i]);
        const key = `${partNo}/${places[i]}/${places[i + 1] - place}`;
        starts.set(key, (starts.get(key) ?? 0) + 1);
      }
    });
    const sizes = new Map();
    for (const { partNo } of units) sizes.set(partNo, (sizes.get(partNo) ?? 0) + 1);
    for (const [key, n] of starts) {
      const [partNo, text] = key.split("/").map(Number);
      if (sizes.get(partNo) > 1 && n === sizes.get(partNo)) add(`part ${partNo}`, text);
    }
    const { texts } = index;
    const mean = texts.reduce((sum, text) => sum + text[8], 0) / Math.max(texts.length, 1);
    const weight = (term) => {
      const held = uses.get(term)?.size ?? 0;
      return Math.log(1 + (texts.length - held + 0.5) / (held + 0.5));
    };
    const whole = units.reduce((sum, _, unit) => sum + weight(unit), 0);
    const scores = new Map();
    for (const [term, found] of uses) {
      const w = weight(term);
      for (const [text, n] of found) {
        if (edition && texts[text][0] !== edition) continue;
        const score = scores.get(text) ?? { share: 0, bm25: 0 };
        if (typeof term === "number") score.share += w / whole;
        score.bm25 += (w * n * 2.2) / (n + 1.2 * (0.25 + (0.75 * texts[text][8]) / mean));
        scores.set(text, score);
      }
    }
    const most = Math.max(0, ...[...scores.values()].map((score) => score.share));
    return [...scores]
      .filter(([, score]) => score.share >= 0.5 * most)
      .map(([text, score]) => ({ text, score: Math.round(score.share * score.bm25 * 1000) / 1000 }))
      .sort((a, b) => b.score - a.score || a.text - b.text);
  };

  koteihyo.view("search", async (main, route, { again, stale }) => {
    const { editions } = await koteihyo.catalog();
    const query = route.params.get("q") ?? "";
    const edition = route.params.get("edition") ?? "";
    const index = query ? await koteihyo.load("search") : null;
    if (stale()) return "";
    const submit = () => {
      const form = main.querySelector("form");
      go(address("search", [], { q: form.elements.q.value, edition: form.elements.edition.value }));
    };
    if (!again || !main.querySelector(".searchview")) {
      koteihyo.put(main, 
        el(
          "div",
          { class: "searchview" },
          el("h1", { tabindex: "-1" }, t("search")),
          el(
            "form",
            { class: "searchform", role: "search", on: { submit: (e) => { e.preventDefault(); submit(); } } },
            el("label", { class: "field" }, t("query"), el("input", { type: "search", name: "q" })),
            el("label", { class: "field" }, t("edition"), el("select", { name: "edition", on: { change: submit } }, el("option", { value: "" }, t("allEditions")), editions.map((e) => el("option", { value: e.id }, e.title)))),
            el("button", { type: "submit" }, t("search")),
          ),
          el("div", { class: "hits" }),
        ),
      );
    }
    const form = main.querySelector("form");
    form.elements.q.value = query;
    form.elements.edition.value = edition;
    const hits = main.querySelector(".hits");
    if (!query) {
      hits.replaceChildren();
      return t("search");
    }
    const units = koteihyo.searchUnits(query, index.forms);
    const found = koteihyo.searchTexts(index, query, edition);
    const titles = new Map(editions.map((e) => [e.id, e.title]));
    koteihyo.put(hits, 
      el("p", { role: "status" }, units.length ? t("hits", { n: found.length }) : t("noWords")),
      el("ol", {}, found.slice(0, LIMIT).map(({ text }) => hit(index.texts[text], titles, units.map((unit) => unit.word)))),
    );
    return `${query} ${t("search")}`;
  });

  function hit([edition, table, record, page, place, start, end, text], titles, words) {
    const href = table === "schedule_items" ? address("item", [edition, record]) : address("page", [edition, String(page)]);
    return el(
      "li",
      {},
      el("a", { href }, marked(text, words)),
      el("p", { class: "hint" }, [titles.get(edition), t("pageOf", { n: page }), place, start === null ? null : koteihyo.span(start, end, false)].filter(Boolean).join("　")),
    );
  }

  // The query's words shown in the text, as far as they are written as they are compared.
  function marked(text, words) {
    const folded = plain(text);
    const shown = new Uint8Array(text.length);
    for (const word of words) {
      for (let at = folded.indexOf(word); word && at >= 0; at = folded.indexOf(word, at + 1)) shown.fill(1, at, at + word.length);
    }
    const parts = [];
    for (let i = 0; i < text.length; ) {
      let j = i;
      while (j < text.length && shown[j] === shown[i]) j += 1;
      parts.push(shown[i] ? el("mark", {}, text.slice(i, j)) : text.slice(i, j));
      i = j;
    }
    return parts;
  }
})();
