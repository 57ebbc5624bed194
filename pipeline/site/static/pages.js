// SPDX-License-Identifier: AGPL-3.0-or-later
// The first page, downloads, and what the reading is sure of.
"use strict";

(() => {
  const { el, t, address, go } = koteihyo;

  koteihyo.view("start", async (main) => {
    const { editions, pairs } = await koteihyo.catalog();
    koteihyo.put(main, 
      el(
        "div",
        { class: "prose" },
        el("h1", { tabindex: "-1" }, t("start")),
        el(
          "ul",
          { class: "cards" },
          editions.map((e) =>
            el(
              "li",
              { class: "card" },
              el("h2", {}, el("a", { href: address("plan", [e.id]) }, e.title)),
              el("p", { class: "hint" }, [e.published_on ? `${t("published")} ${e.published_on}` : null, `${t("pages")} ${e.pages}`, `${t("charts")} ${e.charts}`, `${t("items")} ${e.items}`].filter(Boolean).join("　")),
              el("p", { class: "links" }, el("a", { href: address("plan", [e.id]) }, t("plan")), el("a", { href: address("page", [e.id, String(e.first_chart_page)]) }, t("pages")), el("a", { href: address("about", [e.id]) }, t("findings"))),
              pairs.filter((p) => p.new === e.id).map((p) => el("p", {}, el("a", { href: address("changes", [p.old, p.new]) }, `${t("changes")}：${editions.find((o) => o.id === p.old).title} → ${e.title}`))),
            ),
          ),
        ),
      ),
    );
    return t("start");
  });

  koteihyo.view("data", async (main, route, { stale }) => {
    const { tables } = await koteihyo.catalog();
    const downloads = await koteihyo.load("downloads");
    if (stale()) return "";
    koteihyo.put(main, 
      el(
        "div",
        { class: "prose" },
        el("h1", { tabindex: "-1" }, t("data")),
        el("h2", {}, t("downloads")),
        el(
          "table",
          { class: "list" },
          el("thead", {}, el("tr", {}, [t("file"), t("what"), t("size")].map((name) => el("th", { scope: "col" }, name)))),
          el("tbody", {}, downloads.map((d) => el("tr", {}, el("td", {}, el("a", { href: d.href, download: "" }, d.name)), el("td", {}, d.what[koteihyo.language() === "en" ? 1 : 0]), el("td", { class: "right" }, size(d.bytes))))),
        ),
        el("h2", {}, t("tables")),
        tables.map((table) =>
          el(
            "details",
            {},
            el("summary", {}, el("code", {}, table.name), ` ${table.comment}`),
            el("table", { class: "list" }, el("thead", {}, el("tr", {}, [t("column"), t("kind"), t("meaning")].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, table.columns.map((c) => el("tr", {}, el("td", {}, el("code", {}, c.name)), el("td", {}, c.type), el("td", {}, c.comment))))),
          ),
        ),
      ),
    );
    return t("data");
  });

  function size(bytes) {
    return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
  }

  koteihyo.view("about", async (main, route, { stale }) => {
    const { editions } = await koteihyo.catalog();
    const id = route.args[0] ?? editions[0]?.id;
    const edition = id === undefined ? null : await koteihyo.edition(id);
    if (stale()) return "";
    const { findings } = edition ?? { findings: { page_no: [] } };
    const order = { error: 0, warning: 1, info: 2 };
    const rows = findings.page_no.map((_, i) => i).sort((a, b) => order[findings.severity[a]] - order[findings.severity[b]] || findings.page_no[a] - findings.page_no[b]);
    const confidences = edition ? edition.items.confidence : [];
    const steps = ["high", "middle", "low"].map((step) => [step, confidences.filter((value) => koteihyo.confidenceClass(value) === step).length]);
    koteihyo.put(main, 
      el(
        "div",
        { class: "prose" },
        el("h1", { tabindex: "-1" }, t("about")),
        el("p", {}, t("confidenceWhat")),
        el("p", {}, t("findingsWhat")),
        el("label", { class: "field" }, t("edition"), el("select", { on: { change: (e) => go(address("about", [e.target.value])) } }, editions.map((e) => el("option", { value: e.id, selected: e.id === id }, e.title)))),
        edition ? el("ul", {}, steps.map(([step, n]) => el("li", {}, el("a", { href: address("plan", [id], { confidence: step, colour: "confidence" }) }, `${t("confidence")} ${t(step)}`), `：${n}`))) : null,
        !rows.length ? el("p", {}, t("noFindings")) : el(
          "table",
          { class: "list" },
          el("thead", {}, el("tr", {}, [t("page"), t("severity"), t("message"), t("text")].map((name) => el("th", { scope: "col" }, name)))),
          el("tbody", {}, rows.slice(0, 1000).map((i) => el("tr", {}, el("td", {}, el("a", { href: address("page", [id, String(findings.page_no[i])]) }, String(findings.page_no[i]))), el("td", {}, t(`severity.${findings.severity[i]}`)), el("td", {}, findings.message[i]), el("td", {}, findings.text[i].slice(0, 200))))),
        ),
      ),
    );
    return t("about");
  });
})();
