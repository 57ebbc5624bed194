// SPDX-License-Identifier: AGPL-3.0-or-later
// One page's picture with what was read from it in layers, every box a way to its record.
"use strict";

(() => {
  const { el, t, address, go } = koteihyo;
  const LAYERS = ["sections", "bars", "marks", "headers", "rows", "notes", "findings"];
  let state = null;

  koteihyo.view("page", async (main, route, { again, stale }) => {
    const edition = await koteihyo.edition(route.args[0]);
    const page = Number(route.args[1] ?? edition.pages.page_no[0]);
    if (!edition.pageAt.has(page)) throw new Error("no such page");
    if (stale()) return "";
    const off = new Set(route.params.getAll("off"));
    if (again && state && main.contains(state.root)) {
      state.off = off;
      state.route = route;
    } else {
      state = { edition, page, off, route, root: el("div", { class: "pageview" }) };
      koteihyo.put(main, state.root);
    }
    draw();
    return `${edition.edition.title} ${t("pageOf", { n: page })}`;
  });

  function draw() {
    const { edition, page, root, off, route } = state;
    const at = edition.pageAt.get(page);
    const [width, height] = [edition.pages.width[at], edition.pages.height[at]];
    const chosen = route.params.get("item");
    const boxes = boxesOf(edition, page);
    const source = koteihyo.picture(edition, page);
    const svg = el(
      "svg:svg",
      { viewBox: `0 0 ${width} ${height}`, class: "overlay", role: "group", "aria-label": t("records") },
      boxes.filter((b) => !off.has(b.layer) && b.box).map((b) => drawBox(b, chosen)),
    );
    const printed = edition.pages.printed_page[at];
    const glyphs = edition.pages.glyph_count[at];
    const share = glyphs ? edition.pages.glyphs_in_records[at] / glyphs : 1;
    const pdf = edition.pdfPage(page);
    const pages = edition.pages.page_no;
    koteihyo.put(root, 
      el(
        "div",
        { class: "pagehead" },
        el("h1", { tabindex: "-1" }, `${edition.edition.title}　${t("pageOf", { n: page })}${printed ? `（${t("printedPage", { n: printed })}）` : ""}`),
        el(
          "div",
          { class: "tools" },
          pageLink(pages[at - 1], "previous", "←"),
          el("label", {}, `${t("page")} `, el("select", { on: { change: (e) => go(address("page", [edition.edition.id, e.target.value])) } }, pages.map((n, i) => el("option", { value: String(n), selected: n === page }, `${n}　${edition.pages.chapter[i] ?? ""}`.slice(0, 40))))),
          pageLink(pages[at + 1], "next", "→"),
          pdf ? el("a", { href: pdf, rel: "noopener noreferrer" }, t("openPdf", { n: page })) : null,
          el("span", { class: "hint" }, t("inRecords", { p: `${(100 * share).toFixed(1)} %` })),
        ),
        el("fieldset", { class: "layers" }, el("legend", {}, t("layers")), LAYERS.filter((layer) => boxes.some((b) => b.layer === layer)).map(layerChoice)),
      ),
      el(
        "div",
        { class: "pagebody" },
        el("div", { class: "sheet", style: { "aspect-ratio": `${width} / ${height}` } }, source ? el("img", { src: source, alt: t("picture"), class: "sheetpicture" }) : null, svg),
        el("div", { class: "recordlist" }, source ? null : el("p", { class: "hint" }, t("noPicture")), el("p", { class: "hint" }, t("keys")), el("h2", {}, t("records")), recordList(boxes, chosen)),
      ),
    );
    const item = edition.itemAt.get(chosen);
    if (item !== undefined) root.querySelector(`li[data-id="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function pageLink(page, words, sign) {
    return page === undefined ? null : el("a", { class: "plain", href: address("page", [state.edition.edition.id, String(page)], keptLayers()), "aria-label": t(words) }, sign);
  }

  function keptLayers() {
    const params = new URLSearchParams();
    for (const layer of state.off) params.append("off", layer);
    return params;
  }

  function layerChoice(layer) {
    const change = () => {
      const params = new URLSearchParams(state.route.params);
      params.delete("off");
      const off = new Set(state.off);
      if (!off.delete(layer)) off.add(layer);
      for (const name of off) params.append("off", name);
      go(address("page", state.route.args, params), { replace: true });
      document.querySelector(`[data-layer="${layer}"]`)?.focus();
    };
    return el("label", { class: `choice layer-${layer}` }, el("input", { type: "checkbox", "data-layer": layer, checked: !state.off.has(layer), on: { change } }), t(layer));
  }

  function boxesOf(edition, page) {
    const { items, sections, rows, notes, findings, columns, charts } = edition;
    const on = (table) => table.page_no.map((n, i) => (n === page ? i : -1)).filter((i) => i >= 0);
    const chartBox = (i) => charts.box[edition.chartAt.get(`${page}/${columns.chart_no[i]}`)];
    return [
      ...on(columns).map((i) => ({ layer: "headers", text: columns.label[i], box: [columns.x0[i], chartBox(i)[1], columns.x1[i], chartBox(i)[3]] })),
      ...on(rows).map((i) => ({ layer: "rows", text: [rows.group_label[i], rows.name[i]].filter(Boolean).join(" › "), box: rows.box[i] })),
      ...on(sections).map((i) => ({ layer: "sections", text: `${sections.marker[i]}${sections.title[i]}`, box: sections.box[i] })),
      ...on(items).map((i) => ({
        layer: ["marker", "mark"].includes(items.kind[i]) ? "marks" : "bars",
        text: items.text[i] || `（${t(`kind.${items.kind[i]}`)}）`,
        more: koteihyo.span(items.fy_start[i], items.fy_end[i], items.open_end[i]),
        box: items.box[i],
        id: items.id[i],
      })),
      ...on(notes).map((i) => ({ layer: "notes", text: notes.text[i], box: notes.box[i] })),
      ...on(findings).map((i) => ({ layer: "findings", text: findings.message[i], more: findings.text[i].slice(0, 60), box: findings.box[i], severity: findings.severity[i] })),
    ];
  }

  function target(box) {
    const params = new URLSearchParams(state.route.params);
    params.set("item", box.id);
    return address("page", state.route.args.length > 1 ? state.route.args : [state.route.args[0], String(state.page)], params);
  }

  function drawBox(box, chosen) {
    // A little room, so that the frame does not hide the words; columns stay where they are.
    const room = box.layer === "headers" ? 0 : 1.5;
    const [x0, y0, x1, y1] = [box.box[0] - room, box.box[1] - room, box.box[2] + room, box.box[3] + room];
    const shape = el("svg:rect", { x: x0, y: y0, width: Math.max(x1 - x0, 2), height: Math.max(y1 - y0, 2), class: `box layer-${box.layer} ${box.id && box.id === chosen ? "chosen" : ""}` });
    const title = el("svg:title", {}, [box.text, box.more].filter(Boolean).join("\n"));
    if (!box.id) return el("svg:g", {}, title, shape);
    return el("svg:a", { href: target(box), "aria-label": box.text, tabindex: "-1" }, title, shape);
  }

  function recordList(boxes, chosen) {
    return el(
      "ol",
      { class: "records" },
      boxes
        .filter((b) => !state.off.has(b.layer) && b.layer !== "headers")
        .map((b) =>
          el(
            "li",
            { class: `layer-${b.layer}`, "data-id": b.id ?? null, "aria-current": b.id && b.id === chosen ? "true" : null },
            b.id ? el("a", { href: target(b) }, b.text) : el("span", {}, b.text),
            b.more ? el("span", { class: "hint" }, ` ${b.more}`) : null,
            b.id && b.id === chosen ? el("p", {}, el("a", { href: address("item", [state.edition.edition.id, b.id]) }, t("open"))) : null,
            b.id && b.id === chosen && koteihyo.desk ? koteihyo.desk(state.edition, state.edition.itemAt.get(b.id)) : null,
          ),
        ),
    );
  }

  addEventListener("keydown", (event) => {
    if (!state || !document.contains(state.root) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const { edition, page } = state;
    if (event.key === "n" || event.key === "p") {
      const ids = boxesOf(edition, page).filter((b) => b.id && !state.off.has(b.layer)).map((b) => b.id);
      const at = ids.indexOf(state.route.params.get("item"));
      const next = ids[event.key === "n" ? at + 1 : Math.max(at, 0) - 1];
      if (next) {
        go(target({ id: next }), { replace: true });
        document.querySelector(`li[data-id="${CSS.escape(next)}"] a`)?.focus();
      }
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const next = edition.pages.page_no[edition.pageAt.get(page) + (event.key === "ArrowRight" ? 1 : -1)];
      if (next !== undefined) go(address("page", [edition.edition.id, String(next)], keptLayers()));
    }
  });
})();
