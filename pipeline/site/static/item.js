// SPDX-License-Identifier: AGPL-3.0-or-later
// All that is known of one item: for the panel beside the plan, and as a view of its own.
"use strict";

(() => {
  const { el, t, address } = koteihyo;

  koteihyo.view("item", async (main, route, { stale }) => {
    const edition = await koteihyo.edition(route.args[0]);
    const item = edition.itemAt.get(route.args[1]);
    if (item === undefined) throw new Error("no such item");
    const details = await koteihyo.itemDetails(edition, item);
    if (stale()) return "";
    koteihyo.put(main, el("div", { class: "single" }, el("p", { class: "crumb" }, edition.edition.title), details));
    return edition.items.text[item].slice(0, 40);
  });

  // Facts of an item, in the order in which people ask for them.
  koteihyo.itemDetails = async (edition, item) => {
    const { items } = edition;
    const id = edition.edition.id;
    const page = items.page_no[item];
    const years = koteihyo.span(items.fy_start[item], items.fy_end[item], items.open_end[item]);
    const pdf = edition.pdfPage(page);
    const row = items.row[item];
    const facts = [
      [t("years"), years],
      [t("kind"), t(`kind.${items.kind[item]}`)],
      [t("place"), el("ol", { class: "path" }, [edition.chapterOf(page), ...edition.place(item)].filter(Boolean).map((part) => el("li", {}, part)))],
      [t("owners"), items.owners[item].join("、") || edition.ministries(item).join("、")],
      [t("phase"), items.phase[item]],
      [t("category"), items.category[item]],
      [t("dates"), list(edition.dates[item], dateText)],
      [t("targets"), list(edition.targets[item], targetText)],
      [t("done"), row === null ? null : edition.rows.done_text[row]],
      [t("attributes"), row === null ? null : attributes(edition.rows.attributes[row])],
      [t("confidence"), confidence(edition, item)],
      [t("corrected"), items.corrected_by[item]],
      [t("original"), items.corrected_by[item] ? original(items.original[item]) : null],
    ].filter(([, value]) => value);
    return el(
      "article",
      { class: "details" },
      el("h2", { class: "itemtext" }, items.text[item] || `（${t(`kind.${items.kind[item]}`)}）`),
      el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      await historyOf(id, items.id[item]),
      el("h3", {}, `${t("picture")}：${t("pageOf", { n: page })}`),
      koteihyo.crop(edition, page, items.box[item], address("page", [id, String(page)], { item: items.id[item] })),
      el(
        "ul",
        { class: "links" },
        el("li", {}, el("a", { href: address("page", [id, String(page)], { item: items.id[item] }) }, t("toPage"))),
        el("li", {}, el("a", { href: address("plan", [id], { item: items.id[item] }) }, t("toPlan"))),
        pdf ? el("li", {}, el("a", { href: pdf, rel: "noopener noreferrer" }, t("openPdf", { n: page }))) : null,
        el("li", {}, el("a", { href: address("item", [id, items.id[item]]) }, t("permalink"))),
      ),
      koteihyo.desk ? koteihyo.desk(edition, item) : null,
      items.text_raw[item] && items.text_raw[item] !== items.text[item]
        ? el("details", {}, el("summary", {}, t("rawText")), el("pre", {}, items.text_raw[item]))
        : null,
    );
  };

  function list(values, text) {
    return values?.length ? el("ul", {}, values.map((value) => el("li", {}, text(value)))) : null;
  }

  function dateText(date) {
    const days = date.date_from === date.date_to ? [date.date_from] : [date.date_from, date.date_to];
    const about = date.approximate ? t("approximate") : "";
    const when = days[0] === null ? "" : `（${about}${days.join(" ～ ")}）`;
    return `${t(`role.${date.role}`)}：${date.text}${when}`;
  }

  function targetText(target) {
    const measure = target.measure ? `${target.measure}：` : "";
    const about = target.approximate ? t("approximate") : "";
    return `${measure}${target.text}（${target.comparator} ${about}${target.value.toLocaleString()} ${target.unit}）`;
  }

  function attributes(values) {
    const filled = (values ?? []).filter((value) => value.text);
    return filled.length ? el("dl", { class: "attributes" }, filled.map((v) => [el("dt", {}, v.name), el("dd", {}, v.text)])) : null;
  }

  function confidence(edition, item) {
    const value = edition.items.confidence[item];
    const evidence = edition.items.evidence[item];
    return el(
      "span",
      {},
      el("meter", { min: "0", max: "1", low: "0.85", high: "0.95", optimum: "1", value: String(value), "aria-label": t("confidence") }),
      ` ${value.toFixed(2)} `,
      evidence ? el("span", { class: "evidence" }, `${t("evidence")}：${koteihyo.evidenceText(edition, item)}`) : null,
    );
  }

  // What the tables say in short words, for people.
  const EVIDENCE = [
    [/band\+order/g, "横に並ぶ見出しの帯と、見出しの順"],
    [/\bband\b/g, "横に並ぶ見出しの帯"],
    [/\brow\b/g, "表の行"],
    [/, margin ([\d.-]+)/g, "（次の候補との差 $1）"],
    [/correction/g, "手による訂正"],
    [/vocabulary/g, "共通する語"],
    [/\border\b/g, "見出しの順"],
    [/only heading/g, "見出しが一つだけ"],
    [/no headings/g, "見出しなし"],
    [/; doubt: /g, "。疑い："],
    [/words beside the years unread/g, "年度欄の横に読めていない文字がある"],
    [/reaches out of the years/g, "年度欄からはみ出している"],
    [/ink not in the legend/g, "凡例にない色・記号"],
    [/read from pixels/g, "画像から読んだ"],
    [/columns skip years/g, "年度の列に飛びがある"],
    [/many shapes without meaning/g, "意味の分からない図形が多い"],
    [/words beside silent bars/g, "文字のない帯の横に、帯に属さない文字が多い"],
  ];

  koteihyo.evidenceText = (edition, item) => {
    const evidence = edition.items.evidence[item];
    // Without headings the chart's own words are the place.
    const titled = edition.place(item).length > 0;
    if (koteihyo.language() === "en") return titled ? evidence.replace("no headings", "no headings: the chart's title") : evidence;
    return EVIDENCE.reduce((text, [pattern, words]) => text.replace(pattern, words), titled ? evidence.replace("no headings", "見出しがないので図の題を場所とした") : evidence);
  };

  function original(json) {
    try {
      return Object.entries(JSON.parse(json)).map(([name, value]) => `${name}: ${value}`).join("、");
    } catch {
      return json;
    }
  }

  async function historyOf(editionId, itemId) {
    const catalog = await koteihyo.catalog();
    if (!catalog.pairs.length) return null;
    const lines = await koteihyo.load("history");
    const line = lines.find((other) => other.items.some(([edition, id]) => edition === editionId && id === itemId));
    return line ? el("section", {}, el("h3", {}, t("history1")), await koteihyo.lineage(line)) : null;
  }

  // What of a page is around a box, PDF points: wide enough to see where it stands, narrow enough to read it.
  const MARGIN = 45;
  const NARROWEST = 330;

  function around(box, width, height) {
    const wide = Math.min(width, Math.max(NARROWEST, box[2] - box[0] + 2 * MARGIN));
    const left = Math.min(Math.max(0, (box[0] + box[2] - wide) / 2), width - wide);
    const top = Math.max(0, box[1] - MARGIN);
    return { left, top, wide, high: Math.min(height, box[3] + MARGIN) - top };
  }

  // A part of a page's picture with a box marked.
  koteihyo.crop = (edition, page, box, href) => {
    const at = edition.pageAt.get(page);
    const [width, height] = [edition.pages.width[at], edition.pages.height[at]];
    if (!box) return null;
    const { left, top, wide, high } = around(box, width, height);
    const source = koteihyo.picture(edition, page);
    const frame = el(
      "a",
      { class: "crop", href, "aria-label": `${t("toPage")}：${t("pageOf", { n: page })}`, style: { "aspect-ratio": `${wide} / ${high}` } },
      source
        ? el("img", { src: source, alt: "", loading: "lazy", style: { width: `${(100 * width) / wide}%`, left: `${(-100 * left) / wide}%`, top: `${(-100 * top) / high}%` } })
        : null,
      el("span", {
        class: "mark",
        style: {
          left: `${(100 * (box[0] - left)) / wide}%`,
          width: `${(100 * (box[2] - box[0])) / wide}%`,
          top: `${(100 * (box[1] - top)) / high}%`,
          height: `${(100 * (box[3] - box[1])) / high}%`,
        },
      }),
    );
    return source ? frame : el("div", {}, frame, el("p", { class: "hint" }, t("noPicture")));
  };
})();
