// SPDX-License-Identifier: AGPL-3.0-or-later
// What is to be checked at the desk, in order, and the corrections that are written.
"use strict";

(() => {
  const { el, t } = koteihyo;
  const SHOWN = 60;

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
      .map((id, i) => ({ id, i, text: items.text[i] || `（${t(`kind.${items.kind[i]}`)}）`, hint: `${items.confidence[i].toFixed(2)}　${t("pageOf", { n: items.page_no[i] })}` }))
      .filter(({ i }) => !items.corrected_by[i])
      .sort((a, b) => items.confidence[a.i] - items.confidence[b.i] || a.i - b.i);
  };

  // The column at the left: `place` gives the address of an entry, `undo` takes a correction back.
  koteihyo.reviewAside = (state, list, place, undo) =>
    el("aside", { class: "reviewqueue", "aria-label": t("queue") }, tabs(state, place), list, written(state.desk, undo));

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

  koteihyo.reviewList = ({ queue, target }, place) => {
    const at = Math.max(0, queue.findIndex((entry) => entry.id === target?.id));
    const first = Math.max(0, Math.min(at - 5, queue.length - SHOWN));
    return el(
      "ol",
      { class: "records queue", start: String(first + 1) },
      queue.slice(first, first + SHOWN).map((entry) =>
        el("li", { "aria-current": entry.id === target?.id ? "true" : null }, el("a", { href: place(entry.id) }, entry.text.slice(0, 60)), el("span", { class: "hint" }, ` ${entry.hint}`)),
      ),
    );
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
