// SPDX-License-Identifier: AGPL-3.0-or-later
// The filters and tools of the plan: what can be chosen, how many items each choice would leave, and the colours.
"use strict";

(() => {
  const { el, t } = koteihyo;
  const { FACETS } = koteihyo.planModel;
  const COLOURS = ["phase", "ministry", "category", "confidence"];
  const FIRST_CHOICES = 8;

  function label(facet, value) {
    if (facet === "kind") return t(`kind.${value}`);
    if (facet === "confidence") return t(value);
    return value === "" ? t("none") : value;
  }

  koteihyo.planFilters = (plan) => {
    const { model, filters, result } = plan;
    const active = document.activeElement;
    const focus = plan.form.contains(active) ? active.getAttribute("data-key") : null;
    const selection = active?.selectionStart;
    const { first, last } = model.axis;
    const yearChoice = (key) =>
      el(
        "label",
        { class: "field" },
        t(key === "active" ? "activeIn" : "startsIn"),
        el(
          "select",
          { "data-key": key, on: { change: (e) => plan.change((params) => setOrDelete(params, key, e.target.value)) } },
          el("option", { value: "" }, t("any")),
          Array.from({ length: last - first + 1 }, (_, i) =>
            el("option", { value: String(first + i), selected: filters[key] === first + i }, `${t("fiscalYear", { y: first + i })}（${result.counts[key][i]}）`),
          ),
        ),
      );
    koteihyo.put(
      plan.form,
      el("label", { class: "field" }, t("words"), el("input", { type: "search", "data-key": "words", value: filters.words, placeholder: t("wordsHint"), on: { input: (event) => onWords(plan, event) } })),
      el("div", { class: "pairs" }, yearChoice("active"), yearChoice("starts")),
      FACETS.map((facet) => drawFacet(plan, facet, filters[facet], result.counts[facet])),
      el("button", { type: "button", class: "plain", "data-key": "clear", on: { click: () => clearFilters(plan) } }, t("clear")),
    );
    if (focus) {
      const again = plan.form.querySelector(`[data-key="${CSS.escape(focus)}"]`);
      again?.focus();
      if (focus === "words") again.setSelectionRange(selection, selection);
    }
  };

  function drawFacet(plan, facet, chosen, counts) {
    const { model } = plan;
    // Those that the other filters leave nothing of stay, with their 0: that, too, is an answer.
    const choices = model.choices[facet].map((value, i) => ({ value, n: counts[i] }));
    if (model.choices[facet].length < 2) return null;
    if (facet !== "chapter" && facet !== "section" && facet !== "confidence") choices.sort((a, b) => b.n - a.n);
    const all = plan.opened.has(facet);
    const visible = all ? choices : choices.filter(({ value }, i) => i < FIRST_CHOICES || chosen.includes(value));
    return el(
      "fieldset",
      {},
      el("legend", {}, chosen.length > 1 ? `${t(facet)}（${t("anyOf")}）` : t(facet)),
      visible.map(({ value, n }) =>
        el(
          "label",
          { class: "choice" },
          el("input", {
            type: "checkbox",
            checked: chosen.includes(value),
            "data-key": `${facet}=${value}`,
            on: { change: () => plan.change((params) => koteihyo.toggleParam(params, facet, value)) },
          }),
          el("span", { class: "name" }, label(facet, value)),
          el("span", { class: "number" }, String(n)),
        ),
      ),
      visible.length < choices.length
        ? el("button", { type: "button", class: "plain", "data-key": `more ${facet}`, on: { click: () => { plan.opened.add(facet); koteihyo.planFilters(plan); } } }, t("more", { n: choices.length - visible.length }))
        : null,
    );
  }

  function setOrDelete(params, key, value) {
    if (value) params.set(key, value);
    else params.delete(key);
  }

  let typing = 0;
  function onWords(plan, event) {
    // Japanese input methods send text that is not decided yet.
    if (event.isComposing) return;
    const { value } = event.target;
    clearTimeout(typing);
    typing = setTimeout(() => plan.change((params) => setOrDelete(params, "words", value)), 120);
  }

  function clearFilters(plan) {
    plan.change((params) => {
      for (const key of [...FACETS, "words", "active", "starts"]) params.delete(key);
    });
  }

  koteihyo.planTools = (plan) => {
    const { model } = plan;
    const usable = COLOURS.filter((facet) => model.choices[facet].length > 1 || facet === "confidence");
    const legend = el("span", { class: "legend" });
    if (plan.colour === "confidence") {
      for (const step of ["high", "middle", "low"]) legend.append(el("span", { class: `swatch confidence-${step}` }, t(step)));
    } else {
      model.choices[plan.colour]
        .map((value, i) => ({ value, i, n: plan.result.counts[plan.colour][i] }))
        .filter(({ value, n }) => value !== "" && n > 0)
        .sort((a, b) => koteihyo.planRank(model, plan.colour, a.i) - koteihyo.planRank(model, plan.colour, b.i))
        .slice(0, 12)
        .forEach(({ value, i }) => legend.append(el("span", { class: `swatch colour-${koteihyo.planRank(model, plan.colour, i) % 12}` }, value)));
    }
    const parents = koteihyo.planNodes(model).filter((node) => node.depth === 1);
    koteihyo.put(
      plan.tools,
      el(
        "label",
        {},
        `${t("colour")} `,
        el(
          "select",
          { on: { change: (e) => plan.change((params) => params.set("colour", e.target.value)) } },
          usable.map((facet) => el("option", { value: facet, selected: facet === plan.colour }, t(facet))),
        ),
      ),
      legend,
      el("span", { class: "spring" }),
      el("button", { type: "button", class: "plain", on: { click: () => plan.change((params) => params.delete("closed")) } }, t("expandAll")),
      el("button", { type: "button", class: "plain", on: { click: () => plan.change((params) => { params.delete("closed"); for (const node of parents) params.append("closed", String(node.number)); }) } }, t("collapseAll")),
    );
  };
})();
