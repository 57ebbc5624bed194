// SPDX-License-Identifier: AGPL-3.0-or-later
// The frame around all views: menu, language, and the first view.
"use strict";

(() => {
  const { el, t, address } = koteihyo;

  koteihyo.frame = () => {
    const entries = [
      [t("start"), address("start")],
      [t("changes"), address("changes")],
      [t("history"), address("history")],
      [t("search"), address("search")],
      [t("data"), address("data")],
      [t("about"), address("about")],
    ];
    if (koteihyo.desk) entries.push([t("review"), address("review")]);
    const other = koteihyo.language() === "ja" ? "en" : "ja";
    document.getElementById("skip").textContent = t("skip");
    document.getElementById("menu").setAttribute("aria-label", t("menu"));
    koteihyo.put(document.getElementById("menu"), 
      el("a", { class: "home", href: address("start") }, t("site")),
      el("ul", {}, entries.map(([name, href]) => el("li", {}, el("a", { href }, name)))),
      el("button", { type: "button", class: "plain", lang: other, on: { click: () => koteihyo.setLanguage(other) } }, t("switch")),
    );
  };

  koteihyo.frame();
  addEventListener("hashchange", koteihyo.show);
  koteihyo.show();
})();
