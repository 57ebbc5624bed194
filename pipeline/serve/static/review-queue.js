// SPDX-License-Identifier: AGPL-3.0-or-later
// What is to be checked at the desk, in order, and the corrections that are written.
"use strict";

(() => {
  const { el, t } = koteihyo;
  const SHOWN = 100;
  // What is looked for in the list and where it begins, as long as it is the same list.
  let list = { of: "", words: "", first: null, target: null };

  // Least certain first; what a person has seen to is not asked again.
  koteihyo.reviewQueue = (edition, what) => {
    if (what === "texts") {
      const { findings } = edition;
      return findings.id
        .map((id, i) => ({ id, text: findings.text[i] || findings.message[i], hint: t("pageOf", { n: findings.page_no[i] }), i }))
        .filter(({ i }) => findings.severity[i] !== "info" && findings.box[i] && findings.text[i]);
    }
    const { items } = edition;
    return items.id
      .map((id, i) => ({ id, i, text: items.text[i] || `（${t(`kind.${items.kind[i]}`)}）`, hint: hint(edition, i) }))
      .filter(({ i }) => !items.corrected_by[i])
      .sort((a, b) => items.confidence[a.i] - items.confidence[b.i] || a.i - b.i);
  };

  // A plan has dozens of 運用: years and place tell them apart.
  function hint(edition, i) {
    const { items } = edition;
    const place = edition.place(i);
    const years = koteihyo.span(items.fy_start[i], items.fy_end[i], items.open_end[i]);
    return [items.confidence[i].toFixed(2), t("pageOf", { n: items.page_no[i] }), years, place[place.length - 1]].filter(Boolean).join("　");
  }

  // The column at the left: `place` gives the address of an entry, `undo` takes a correction back.
  koteihyo.reviewAside = (state, place, undo) => {
    const of = `${state.edition.edition.id} ${state.what}`;
    if (list.of !== of) list = { of, words: "", first: null, target: null };
    return el("aside", { class: "reviewqueue", "aria-label": t("queue") }, tabs(state, place), listed(state, place), written(state.desk, undo));
  };

  function tabs({ edition, what, queue }, place) {
    const shown = what === "texts" ? "texts" : "items";
    const hidden = shown === "texts" ? "items" : "texts";
    const count = { [shown]: queue.length, [hidden]: koteihyo.reviewQueue(edition, hidden).length };
    return el(
      "ul",
      { class: "tabs" },
      [["items", "queueItems"], ["texts", "queueTexts"]].map(([name, word]) =>
        el("li", {}, el("a", { class: "plain", href: place(null, name), "aria-current": name === shown ? "page" : null }, `${t(word)}（${count[name]}）`)),
      ),
    );
  }

  // The entries of the list that hold what is looked for.
  koteihyo.reviewListed = ({ queue }) => {
    const words = koteihyo.fold(list.words).split(/\s+/).filter(Boolean);
    return words.length ? queue.filter((entry) => words.every((word) => koteihyo.fold(`${entry.text} ${entry.hint}`).includes(word))) : queue;
  };

  function listed(state, place) {
    const box = el("div", { class: "queuebox" });
    const find = (event) => {
      if (event.isComposing) return;
      list = { ...list, words: event.target.value, first: 0 };
      draw();
    };
    const turn = (first) => {
      list.first = first;
      draw();
      box.querySelector(".queue").scrollTop = 0;
    };

    function draw() {
      const found = koteihyo.reviewListed(state);
      const at = found.findIndex((entry) => entry.id === state.target?.id);
      // It follows what is looked at; who turns its pages stays there.
      if (list.first === null || (list.target !== state.target?.id && at >= 0)) list.first = Math.max(0, at - (at % SHOWN));
      list.target = state.target?.id;
      const first = Math.min(list.first, Math.max(0, found.length - 1));
      const last = Math.min(first + SHOWN, found.length);
      const button = (word, to, off) => el("button", { type: "button", class: "plain", "data-turn": word, disabled: off, on: { click: () => turn(to) } }, t(word));
      const focus = box.contains(document.activeElement) ? document.activeElement.dataset.turn : null;
      koteihyo.put(
        box,
        el("ol", { class: "records queue", start: String(first + 1) }, found.slice(first, last).map(entryOf)),
        el(
          "div",
          { class: "turn" },
          el("span", { class: "hint", role: "status" }, found.length ? t("ofAll", { first: first + 1, last, n: found.length }) : t("nothing")),
          found.length > SHOWN ? [button("turnFirst", 0, first === 0), button("turnBack", Math.max(0, first - SHOWN), first === 0), button("turnOn", first + SHOWN, last === found.length)] : null,
        ),
      );
      if (focus) box.querySelector(`[data-turn="${focus}"]`)?.focus();
    }

    const entryOf = (entry) =>
      el(
        "li",
        { "aria-current": entry.id === state.target?.id ? "true" : null },
        el("a", { href: place(entry.id) }, entry.text.slice(0, 60)),
        koteihyo.draftOf(state.edition.edition.id, state.what, entry.id) ? el("b", { class: "unwritten" }, t("draft")) : null,
        el("span", { class: "hint" }, ` ${entry.hint}`),
      );
    draw();
    return [el("label", { class: "field" }, t("findInList"), el("input", { type: "search", "data-key": "list", value: list.words, on: { input: find, compositionend: find } })), box];
  }

  // Turns the list to the entry that is looked at, and moves nothing else.
  koteihyo.reviewListReveal = (root) => {
    const queue = root.querySelector(".queue");
    const entry = queue.querySelector("[aria-current]");
    if (entry) queue.scrollTop = entry.offsetTop - queue.clientHeight / 3;
  };

  function written({ entries }, undo) {
    return el(
      "section",
      {},
      el("h2", {}, `${t("written")}（${entries.length}）`),
      entries.length ? null : el("p", { class: "hint" }, t("nothingYet")),
      el(
        "ul",
        { class: "records" },
        entries.slice(0, SHOWN).map((entry) =>
          el(
            "li",
            {},
            el("b", {}, t(`action.${entry.action}`)),
            ` ${entry.text.slice(0, 40) || t("none")} `,
            el("span", { class: "hint" }, `${t("pageOf", { n: entry.page })}　${t("byWhom", entry)}　${told(entry.values)}`),
            entry.key ? el("button", { type: "button", class: "plain", on: { click: () => undo(entry.key) } }, t("undo")) : null,
          ),
        ),
      ),
    );
  }

  // The values of an entry in words; what the page does not show either is left out.
  const VALUES = { text: "text", kind: "kind", fy_start: "from", fy_end: "to", section: "section", row: "tableRow", owners: "owners" };

  function told(values) {
    const shown = Object.entries(values).filter(([name]) => VALUES[name]);
    return shown.map(([name, value]) => `${t(VALUES[name])}：${name === "kind" ? t(`kind.${value}`) : value ?? t("none")}`).join("、");
  }
})();
