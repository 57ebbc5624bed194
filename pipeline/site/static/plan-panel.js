// SPDX-License-Identifier: AGPL-3.0-or-later
// The panel beside the plan, with all that is known of one item.
"use strict";

(() => {
  const { el, t } = koteihyo;

  // Shows an item, or hides the panel when there is none of that id.
  koteihyo.planPanel = (plan, id) => {
    const { panel, edition } = plan;
    const item = edition.itemAt.get(id);
    for (const link of plan.grid.querySelectorAll('[aria-current="true"]')) link.removeAttribute("aria-current");
    if (item === undefined) {
      panel.hidden = true;
      panel.replaceChildren();
      return;
    }
    plan.grid.querySelector(`[data-item="${item}"]`)?.setAttribute("aria-current", "true");
    const opened = panel.hidden;
    panel.hidden = false;
    koteihyo.itemDetails(edition, item).then((details) => {
      if (plan.route.params.get("item") !== id) return;
      const close = el("button", { type: "button", class: "close", "aria-label": t("close"), on: { click: () => koteihyo.closePlanPanel(plan) } }, "×");
      koteihyo.put(panel, close, details);
      panel.scrollTop = 0;
      if (opened) plan.reveal(item);
    });
  };

  koteihyo.closePlanPanel = (plan) => {
    const item = plan.edition.itemAt.get(plan.route.params.get("item"));
    plan.change((params) => params.delete("item"));
    plan.grid.querySelector(`[data-item="${item}"]`)?.focus();
  };
})();
