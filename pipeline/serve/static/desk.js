// SPDX-License-Identifier: AGPL-3.0-or-later
// The desk's way to the server: wishes with the token, and the data that they change.
"use strict";

(() => {
  const { el, t, address } = koteihyo;
  const token = document.querySelector('meta[name="koteihyo-token"]').content;

  // In each view of an item: the way to the desk.
  koteihyo.desk = (edition, item) =>
    el("p", {}, el("a", { class: "plain", href: address("review", [edition.edition.id], { item: edition.items.id[item] }) }, t("correct")));

  async function ask(path, options = {}) {
    let response;
    try {
      response = await fetch(path, options);
    } catch {
      throw new Error(t("gone"));
    }
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
    return answer;
  }

  function post(path, wish) {
    const headers = { "content-type": "application/json", "x-koteihyo-token": token };
    return ask(path, { method: "POST", headers, body: JSON.stringify(wish) });
  }

  koteihyo.deskState = (editionId) => ask(`desk/${encodeURIComponent(editionId)}`);
  koteihyo.deskWrite = (wish) => post("desk", wish);
  koteihyo.deskUndo = (edition, key) => post("desk/undo", { edition, key });

  // What was loaded of an edition and of comparisons with it: the server makes it anew when it is asked for again.
  koteihyo.forgetTables = async (id) => {
    const { editions, pairs } = await koteihyo.catalog();
    const entry = editions.find((edition) => edition.id === id);
    for (const name of [`edition-${entry.slug}`, "history", "search", "downloads"]) koteihyo.forget(name);
    for (const pair of pairs) koteihyo.forget(pair.file);
  };

  // Name and reason, kept for the next time as far as the browser allows.
  const kept = { who: localStorage, why: sessionStorage };
  const typed = {};
  koteihyo.signature = {
    get(name) {
      try {
        return typed[name] ?? kept[name].getItem(`koteihyo.${name}`) ?? (name === "why" ? t("whyDefault") : "");
      } catch {
        return typed[name] ?? "";
      }
    },
    set(name, value) {
      typed[name] = value;
      try {
        kept[name].setItem(`koteihyo.${name}`, value);
      } catch {
        // It then holds for this visit.
      }
    },
  };
})();
