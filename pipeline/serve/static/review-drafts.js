// SPDX-License-Identifier: AGPL-3.0-or-later
// Work that is not written yet: kept for each item until it is written or given up, whatever is looked at meanwhile.
"use strict";

(() => {
  const { el, t, address } = koteihyo;
  const FIELDS = ["text", "kind", "start", "end", "section", "row", "owners"];
  const drafts = new Map();

  const keyOf = (editionId, what, id) => [editionId, what, id].join("\n");
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  // The fields that a person changed; only a heading or a row can be taken away.
  koteihyo.changedFields = (values, choice) =>
    FIELDS.filter((name) => !same(choice[name], values[name]) && (choice[name] !== null || name === "section" || name === "row"));

  // Keeps what is chosen now, with the values that it was chosen over.
  koteihyo.draftKeep = ({ edition, target, choice }) => {
    const key = keyOf(edition.edition.id, target.what, target.id);
    const base = drafts.get(key)?.base ?? target.values;
    const fields = koteihyo.changedFields(target.values, choice);
    const box = target.what === "new" ? target.box : null;
    if (fields.length || box) drafts.set(key, { edition: edition.edition.id, what: target.what, id: target.id, base, fields, choice: { ...choice }, box });
    else drafts.delete(key);
  };

  koteihyo.draftForget = ({ edition, target }) => drafts.delete(keyOf(edition.edition.id, target.what, target.id));

  koteihyo.draftOf = (editionId, what, id) => drafts.get(keyOf(editionId, what, id)) ?? null;

  // What is chosen of a target: its values, and over them what was left unwritten.
  koteihyo.draftTake = (edition, target) => {
    const draft = koteihyo.draftOf(edition.edition.id, target.what, target.id);
    if (!draft) return { choice: { ...target.values }, target };
    const mine = Object.fromEntries(draft.fields.map((name) => [name, draft.choice[name]]));
    const placed = draft.box ? { ...target, box: draft.box, chart: koteihyo.chartNear(edition, target.page, draft.box) } : target;
    return { choice: { ...target.values, ...mine }, target: placed };
  };

  // Says that unwritten work is shown again, and beside it what others wrote meanwhile.
  koteihyo.draftNote = (edition, target, choice, giveUp) => {
    const draft = koteihyo.draftOf(edition.edition.id, target.what, target.id);
    if (!draft) return null;
    const theirs = FIELDS.filter((name) => !same(draft.base[name], target.values[name]));
    const names = { start: "from", end: "to", row: "tableRow" };
    return el(
      "div",
      { class: "draftnote" },
      el("p", {}, t(theirs.length ? "draftConflict" : "draftBack")),
      theirs.length
        ? el("ul", {}, theirs.map((name) => {
            const now = shown(edition, name, target.values[name]);
            const mine = draft.fields.includes(name) ? t("draftMine", { value: shown(edition, name, choice[name]) }) : "";
            return el("li", {}, t("draftTheirs", { name: t(names[name] ?? name), value: now }), mine);
          }))
        : null,
      el("button", { type: "button", class: "plain", "data-action": "giveUp", on: { click: giveUp } }, t("draftGiveUp")),
    );
  };

  function shown(edition, name, value) {
    if (value === null || value === "" || value?.length === 0) return t("none");
    if (name === "kind") return t(`kind.${value}`);
    if (name === "owners") return value.join("、");
    if (name === "section") return edition.sections.path[edition.sections.id.indexOf(value)]?.join(" › ") ?? value;
    if (name === "row") return edition.rows.name[edition.rows.id.indexOf(value)] ?? value;
    return name === "text" ? `「${value}」` : t("fiscalYear", { y: value });
  }

  // Ways back to other items with unwritten work.
  koteihyo.draftsElsewhere = (edition, target) => {
    const others = [...drafts.values()].filter((draft) => draft.edition !== edition.edition.id || draft.what !== target?.what || draft.id !== target?.id);
    if (!others.length) return null;
    const words = ({ what, choice, base }) => (choice.text || base.text || t(what === "new" ? "addHere" : "none")).slice(0, 16);
    const links = others.slice(0, 5).map((draft) =>
      el("a", { href: address("review", [draft.edition], { what: draft.what === "items" ? null : draft.what, item: draft.id }) }, words(draft)));
    return el("p", { class: "hint drafts" }, t("draftsLeft", { n: others.length }), links);
  };

  // A closed page would lose them.
  addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());
})();
