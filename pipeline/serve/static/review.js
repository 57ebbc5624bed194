// SPDX-License-Identifier: AGPL-3.0-or-later
// The review desk: what is to be checked in order, each on its page, decided with a click.
"use strict";

(() => {
  const { el, t, address, go } = koteihyo;
  const POLL = 700;
  let state = null;
  // What is to be said where the next view comes up; a choice of a person's own takes it away.
  let news = null;

  koteihyo.view("review", async (main, route, { stale }) => {
    const { editions } = await koteihyo.catalog();
    const edition = await koteihyo.edition(route.args[0] ?? editions[0].id);
    const desk = await koteihyo.deskState(edition.edition.id);
    if (stale()) return "";
    const asked = route.params.get("what");
    const what = ["texts", "new"].includes(asked) ? asked : "items";
    const queue = koteihyo.reviewQueue(edition, what);
    const id = route.params.get("item") ?? queue[0]?.id;
    const found = id === undefined ? null : koteihyo.reviewTarget(edition, what, id);
    state = { edition, editions, what, queue, desk, main, news, ...(found ? koteihyo.draftTake(edition, found) : { target: null }) };
    news = null;
    draw();
    if (desk.busy) follow();
    return `${edition.edition.title} ${t("review")}`;
  });

  function place(id, what = state.what) {
    return address("review", [state.edition.edition.id], { what: what === "items" ? null : what, item: id });
  }

  function draw() {
    const { edition, target, main } = state;
    state.status = el("div", { role: "status", class: "deskstatus" });
    state.fields = el("div", {});
    state.buttons = el("div", { class: "tools" });
    state.note = el("div", {});
    state.root = el(
      "div",
      { class: "review" },
      el("div", { class: "reviewhead" }, el("h1", { tabindex: "-1" }, `${t("review")}　${edition.edition.title}`), head()),
      el(
        "div",
        { class: "reviewbody" },
        koteihyo.reviewAside(state, place, undo),
        el("div", { class: "reviewpage" }, target ? sheet() : el("p", { class: "empty" }, t("queueEmpty"))),
        el("form", { class: "reviewform", "aria-label": t("correct"), on: { submit: (e) => e.preventDefault() } }, signature(), target ? [state.note, state.fields] : null, el("div", { class: "deskfoot" }, state.status, target ? state.buttons : null)),
      ),
    );
    koteihyo.put(main, state.root);
    koteihyo.reviewListReveal(state.root);
    if (target) drawFields();
    drawNote();
    showStatus();
    center();
  }

  function head() {
    const { edition, editions, desk } = state;
    return [
      el("label", { class: "field" }, t("edition"), el("select", { on: { change: (e) => go(address("review", [e.target.value])) } }, editions.map((e) => el("option", { value: e.id, selected: e.id === edition.edition.id }, e.title)))),
      desk.unused.length ? el("details", { class: "remark" }, el("summary", {}, `${t("unusedOnes")} ${desk.unused.length}`), el("ul", {}, desk.unused.map((message) => el("li", {}, message)))) : null,
    ];
  }

  function signature() {
    const field = (name) =>
      el("label", { class: "field" }, t(name), el("input", { type: "text", required: true, "data-signature": name, value: koteihyo.signature.get(name), on: { input: (e) => koteihyo.signature.set(name, e.target.value.trim()) } }));
    return el("fieldset", { class: "signature" }, el("legend", {}, `${t("who")}・${t("why")}`), el("div", { class: "pairs" }, field("who"), field("why")), el("p", { class: "hint" }, t("asked")));
  }

  // Kept from item to item: who needs large pages needs them all large.
  let large = false;

  function sheet() {
    drawSheet();
    const zoom = () => {
      large = !large;
      state.sheet.classList.toggle("large", large);
      button.setAttribute("aria-pressed", String(large));
      center();
    };
    const button = el("button", { type: "button", class: "zoom", "aria-pressed": String(large), on: { click: zoom } }, t("zoom"));
    const { page, what } = state.target;
    const add = what === "new" ? null : el("a", { class: "plain", "data-action": "new", href: place(String(page), "new") }, t("addHere"));
    return [el("div", { class: "sheettools" }, el("span", { class: "hint" }, t("pageOf", { n: page })), button, add), state.sheet];
  }

  function drawSheet() {
    const sheet = koteihyo.reviewSheet(state.edition, state.target, state.choice, choose, (item) => place(item, "items"));
    sheet.classList.toggle("large", large);
    state.sheet?.replaceWith(sheet);
    state.sheet = sheet;
  }

  // A choice made on the page or in a field: both show it.
  function choose(values) {
    const { box, ...chosen } = values;
    // An item stands under a heading or in a row.
    if (chosen.section) chosen.row = null;
    else if (chosen.row) chosen.section = null;
    Object.assign(state.choice, chosen);
    if (box) {
      state.target = { ...state.target, box, chart: koteihyo.chartNear(state.edition, state.target.page, box) };
      drawSheet();
    }
    state.sheet.showSpan();
    for (const name of ["section", "row"]) {
      if (!(name in chosen)) continue;
      for (const shape of state.sheet.querySelectorAll("[data-pick]")) {
        if (shape.dataset.pick === chosen[name]) shape.classList.add("picked");
        else if (state.edition[name === "row" ? "rows" : "sections"].id.includes(shape.dataset.pick)) shape.classList.remove("picked");
      }
    }
    koteihyo.draftKeep(state);
    const typing = "text" in values;
    if (typing) drawButtons();
    else drawFields();
  }

  function drawFields() {
    const { edition, target, choice, fields } = state;
    const focus = fields.contains(document.activeElement) ? document.activeElement.getAttribute("data-field") : null;
    koteihyo.put(fields, koteihyo.reviewForm(edition, target, choice, choose));
    if (focus) fields.querySelector(`[data-field="${focus}"]`)?.focus();
    drawButtons();
  }

  // Only where unwritten work is taken up again: it then stands above the fields.
  function drawNote() {
    const { edition, target, choice, note } = state;
    const giveUp = () => {
      koteihyo.draftForget(state);
      koteihyo.reshow();
    };
    koteihyo.put(note, target ? koteihyo.draftNote(edition, target, choice, giveUp) : null);
  }

  const NAMES = { text: "text", kind: "kind", start: "fy_start", end: "fy_end", section: "section", row: "row", owners: "owners" };

  const changed = () => koteihyo.changedFields(state.target.values, state.choice);

  function drawButtons() {
    const { target, choice } = state;
    const different = changed().length > 0;
    const button = (word, action, more = {}) => el("button", { type: "button", "data-action": action, ...more, on: { click: () => act(action) } }, t(word));
    const focus = state.buttons.contains(document.activeElement) ? document.activeElement.dataset.action : null;
    koteihyo.put(
      state.buttons,
      target.what !== "items"
        ? [
            button("addItem", "add", { class: "main", disabled: target.chart === null || choice.start === null || choice.end === null || !choice.text }),
            target.what === "texts" ? button("ignoreText", "ignore") : null,
            target.chart === null ? el("span", { class: "hint" }, t("noChart")) : null,
          ]
        : [button("accept", "accept", { class: different ? null : "main", disabled: different }), button("save", "set", { class: different ? "main" : null, disabled: !different }), button("dropItem", "drop")],
      button("skipItem", "next"),
    );
    if (focus) state.buttons.querySelector(`[data-action="${focus}"]`)?.focus();
  }

  // The next of the list as it was: what is decided drops out of it.
  function nextId() {
    const { target } = state;
    const queue = koteihyo.reviewListed(state);
    const at = queue.findIndex((entry) => entry.id === target.id);
    return (queue[at + 1] ?? queue.find((entry) => entry.id !== target.id))?.id ?? null;
  }

  async function act(action) {
    const next = nextId();
    const queueName = state.what === "new" ? "items" : state.what;
    if (action === "next") return go(place(next, queueName));
    const { edition, target, choice } = state;
    const [by, reason] = [koteihyo.signature.get("who"), koteihyo.signature.get("why")];
    if (!by || !reason) {
      say(t("askedFirst"), true);
      return state.root.querySelector(`[data-signature="${by ? "why" : "who"}"]`).focus();
    }
    const wish = { edition: edition.edition.id, action, by, reason };
    const item = { text: choice.text, kind: choice.kind, fy_start: choice.start, fy_end: choice.end, section: choice.section, row: choice.row };
    if (target.what === "texts") Object.assign(wish, { finding: target.id }, action === "add" ? item : {});
    else if (target.what === "new") Object.assign(wish, item, { page: target.page, box: target.box ?? koteihyo.boxOf(edition, target, choice) });
    else Object.assign(wish, { item: target.id, seen: koteihyo.reviewSeen(edition, target) });
    if (action === "set") for (const name of changed()) wish[NAMES[name]] = choice[name] ?? "";
    try {
      const { changes } = await koteihyo.deskWrite(wish);
      koteihyo.draftForget(state);
      const again = action === "drop" || target.what !== "items" ? null : place(target.id);
      const news = { message: t("wrote", { what: changes.map(tell).join("　") || t("settled") }), again };
      await settle(news, target.what === "new" ? location.hash : place(next), action);
    } catch (error) {
      const news = { message: t("failed", { what: error.message }), alert: true };
      // What was typed stays as a draft, and what the other person wrote comes beside it.
      if (error.status === 409) await settle(news, location.hash, action);
      else say(news.message, true);
    }
  }

  async function undo(key) {
    try {
      const { removed } = await koteihyo.deskUndo(state.edition.edition.id, key);
      await settle({ message: t("undone", { what: `${t(`action.${removed.action}`)} ${removed.text}` }) }, location.hash);
    } catch (error) {
      say(t("failed", { what: error.message }), true);
    }
  }

  // Shows the edition as it is now, at another place of the queue; the keyboard stays at the button it was on.
  async function settle(said, where, action = null) {
    await koteihyo.forgetTables(state.edition.edition.id);
    news = said;
    if (where !== location.hash) history.pushState(null, "", where);
    await koteihyo.show();
    const button = action && state.root.querySelector(`[data-action="${action}"]:not(:disabled)`);
    (button || state.root.querySelector("[data-action]:not(:disabled)"))?.focus();
  }

  function tell({ what, text, values }) {
    if (what === "added") return `${t("itemAdded")}「${text}」`;
    if (what === "removed") return `${t("itemRemoved")}「${text}」`;
    const word = (name, value) => (name === "kind" ? t(`kind.${value}`) : String(value === "" || value === null ? t("none") : value));
    const shown = Object.entries(values).map(([name, [old, now]]) => t("changedTo", { name: t(`field.${name}`), old: word(name, old), new: word(name, now) }));
    return `「${text.slice(0, 30)}」${shown.join("、")}`;
  }

  function say(message, alert = false) {
    state.news = { ...state.news, message, alert, again: null };
    showStatus();
  }

  function showStatus() {
    const { desk, edition, target, status } = state;
    const { message, alert, again, followed } = state.news ?? {};
    const following = desk.busy ? t("following") : desk.problem ? t("notFollowed", { what: desk.problem }) : followed ? t("followed") : null;
    koteihyo.put(
      status,
      message || following
        ? el(
            "div",
            { class: `said ${alert ? "failed" : "done"}` },
            message ? el("p", { class: "message" }, message, again ? [" ", el("a", { href: again }, t("lookAgain"))] : null) : null,
            following ? el("p", { class: desk.problem && !desk.busy ? "problem" : "hint" }, following) : null,
          )
        : null,
      koteihyo.draftsElsewhere(edition, target),
    );
  }

  // Asks until the tables have followed, then shows what they hold, unless somebody is typing or dragging.
  async function follow() {
    const mine = state;
    await new Promise((resolve) => setTimeout(resolve, POLL));
    if (state !== mine || !document.contains(mine.root)) return;
    try {
      const desk = await koteihyo.deskState(mine.edition.edition.id);
      if (state !== mine) return;
      mine.desk = { ...desk, entries: mine.desk.entries };
      mine.news = { ...mine.news, followed: !desk.busy && !desk.problem };
      showStatus();
      if (desk.busy) return follow();
      await koteihyo.forgetTables(mine.edition.edition.id);
      const active = document.activeElement;
      if (active.matches("input, textarea, select") || mine.root.querySelector(":active")) return;
      const back = active.dataset?.action ? `[data-action="${active.dataset.action}"]` : active.dataset?.end ? `[data-end="${active.dataset.end}"]` : null;
      news = mine.news;
      await koteihyo.show();
      if (back) state.root.querySelector(back)?.focus();
    } catch (error) {
      say(error.message, true);
    }
  }

  // The item in the middle of what is seen of its page.
  function center() {
    const { target, sheet: page } = state;
    if (!target?.box || !page) return;
    const frame = state.root.querySelector(".reviewpage");
    const height = state.edition.pages.height[state.edition.pageAt.get(target.page)];
    const middle = ((target.box[1] + target.box[3]) / 2 / height) * page.clientHeight;
    frame.scrollTop = middle - frame.clientHeight / 2;
    const width = state.edition.pages.width[state.edition.pageAt.get(target.page)];
    frame.scrollLeft = ((target.box[0] + target.box[2]) / 2 / width) * page.clientWidth - frame.clientWidth / 2;
  }
})();
