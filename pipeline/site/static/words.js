// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the interface, Japanese first.
"use strict";

(() => {
  const WORDS = {
    site: ["工程表エクスプローラー", "Roadmap explorer"],
    skip: ["本文へ移動", "Skip to content"],
    start: ["版の一覧", "Editions"],
    edition: ["版", "Edition"],
    noFindings: ["この版に所見はありません。", "There are no findings of this edition."],
    plan: ["工程表", "Plan"],
    pages: ["ページ", "Pages"],
    page: ["ページ", "Page"],
    changes: ["変更点", "Changes"],
    history: ["版を追う", "Through editions"],
    search: ["検索", "Search"],
    data: ["データ", "Data"],
    about: ["確信度と所見", "Confidence and findings"],
    switch: ["English", "日本語"],
    menu: ["メニュー", "Menu"],
    loading: ["読み込み中…", "Loading…"],
    notFound: ["見つかりません", "Not found"],
    notFoundHelp: ["この住所のデータはこのサイトにありません。", "This site has no data at this address."],
    published: ["公表日", "Published"],
    items: ["項目", "Items"],
    charts: ["図", "Charts"],
    findings: ["所見", "Findings"],
    official: ["公表元のPDF", "Official PDF"],
    compared: ["次の版との比較", "Comparisons"],
    open: ["開く", "Open"],
    filter: ["絞り込み", "Filter"],
    words: ["ことば", "Words"],
    wordsHint: ["文中の語（空白で区切ると、すべてを含むもの）", "Words in the text; all of them must occur"],
    chapter: ["章", "Chapter"],
    section: ["見出し", "Section"],
    ministry: ["府省・組織", "Ministry"],
    phase: ["段階", "Phase"],
    kind: ["種類", "Kind"],
    category: ["区分（凡例）", "Category (legend)"],
    confidence: ["確信度", "Confidence"],
    years: ["年度", "Fiscal years"],
    yearFrom: ["開始年度", "Starts"],
    activeIn: ["実施中の年度", "Running in"],
    startsIn: ["開始する年度", "Starts in"],
    any: ["すべて", "Any"],
    colour: ["色分け", "Colour by"],
    clear: ["絞り込みを解除", "Clear filters"],
    shownOf: ["{n} / {all} 件を表示", "{n} of {all} items shown"],
    none: ["（なし）", "(none)"],
    noHeading: ["（見出しなし）", "(no heading)"],
    noChapter: ["（章の記載なし）", "(no chapter)"],
    anyOf: ["いずれか", "any of these"],
    withoutMinistry: ["ほかの条件に合う項目のうち {n} 件には、府省の記載がありません。", "Of the items that match the other filters, {n} name no ministry."],
    showThem: ["それも表示", "Show them too"],
    nothing: ["条件に合う項目がありません。", "Nothing matches these filters."],
    expandAll: ["すべて開く", "Expand all"],
    collapseAll: ["すべて閉じる", "Collapse all"],
    collapse: ["閉じる", "Collapse"],
    expand: ["開く", "Expand"],
    today: ["今日", "Today"],
    more: ["ほか {n} 件を表示", "Show {n} more"],
    close: ["閉じる", "Close"],
    text: ["文", "Text"],
    dates: ["日付", "Dates"],
    targets: ["数値", "Figures"],
    owners: ["主担当", "In charge"],
    place: ["場所", "Place"],
    evidence: ["判断の根拠", "Decided by"],
    history1: ["版ごとの経過", "Through the editions"],
    picture: ["ページの画像", "Picture of the page"],
    noPicture: ["このページの画像はありません（PDFがないか、内容が異なる）。枠だけを示します。", "No picture of this page: the PDF is missing or another one. Boxes only."],
    permalink: ["この項目へのリンク", "Link to this item"],
    theItem: ["項目", "item"],
    toPage: ["ページで見る", "See on the page"],
    toPlan: ["工程表で見る", "See in the plan"],
    openPdf: ["公表元のPDFの{n}ページを開く", "Open page {n} of the official PDF"],
    corrected: ["手で訂正", "Corrected by hand"],
    original: ["読み取った値", "As read"],
    rawText: ["PDFのままの文", "Text as in the PDF"],
    approximate: ["約", "about"],
    done: ["実施済みの事項", "Already done"],
    attributes: ["表の列", "Columns of the table"],
    layers: ["表示する層", "Layers"],
    sections: ["見出し", "Sections"],
    bars: ["帯・文", "Bars and texts"],
    marks: ["印", "Marks"],
    headers: ["年度の列", "Year columns"],
    rows: ["表の行", "Table rows"],
    notes: ["注", "Notes"],
    previous: ["前のページ", "Previous page"],
    next: ["次のページ", "Next page"],
    keys: ["n・p：次・前の項目　←・→：前・次のページ", "n, p: next, previous item; ←, →: previous, next page"],
    records: ["このページの記録", "Records of this page"],
    inRecords: ["文字の {p} が記録にある", "{p} of the characters are in records"],
    pair: ["比べる版", "Editions"],
    types: ["変更の種類", "Kinds of change"],
    added: ["追加", "Added"],
    removed: ["削除", "Removed"],
    reworded: ["文言変更", "Reworded"],
    moved: ["移動", "Moved"],
    rescheduled: ["時期変更", "Rescheduled"],
    expired: ["期間終了", "Expired"],
    recategorized: ["区分変更", "Category changed"],
    rolled: ["年度軸に伴う延長", "Rolled on"],
    unchanged: ["変更なし {n} 件", "{n} unchanged"],
    old: ["旧版", "Old"],
    new: ["新版", "New"],
    later: ["{what}が{n}年遅く", "{what} {n} year(s) later"],
    earlier: ["{what}が{n}年早く", "{what} {n} year(s) earlier"],
    begin: ["開始", "start"],
    end: ["終了", "end"],
    movedFrom: ["移動元", "Moved from"],
    compare: ["旧版と新版のページを並べる", "Both pages side by side"],
    delayed: ["延期 {n} 回、計 {y} 年", "Put off {n} time(s), {y} year(s) in all"],
    onlyDelayed: ["延期されたものだけ", "Only what was put off"],
    through: ["{n} 版にわたる施策", "Measures in {n} editions"],
    noHistory: ["同じ計画の版が二つ以上あると、ここに施策ごとの経過が出ます。", "With two editions of a plan, each measure's way is shown here."],
    noPairs: ["同じ計画の版が二つ以上あると、ここに変更点が出ます。", "With two editions of a plan, what changed is shown here."],
    query: ["検索語", "Query"],
    hits: ["{n} 件", "{n} found"],
    noWords: ["検索できる語がありません。", "The query has no words to search for."],
    allEditions: ["すべての版", "All editions"],
    downloads: ["ダウンロード", "Downloads"],
    file: ["ファイル", "File"],
    what: ["内容", "Content"],
    tables: ["表と列", "Tables and columns"],
    column: ["列", "Column"],
    meaning: ["意味", "Meaning"],
    size: ["大きさ", "Size"],
    severity: ["重さ", "Severity"],
    message: ["内容", "Message"],
    review: ["校正", "Review"],
    confidenceWhat: [
      "確信度は、項目の文・年度・見出しがすべて正しい見込みです。0.95 以上の項目は、正解のある資料で 98 ％ 以上が正しいことを目標とし、測った結果は 99.3 ％ です（2,702 件）。低い項目は、根拠とページの画像を見て確かめてください。",
      "Confidence is the chance that an item's text, years and place are all right. Of those at 0.95 and more, at least 98 % should be right; on documents with known truth 99.3 % are (2,702 items). Check the others against the picture of their page.",
    ],
    findingsWhat: [
      "所見は、ページにありながら記録にならなかった文字や、読み取りに迷いがあった所です。「情報」は想定どおり（ページ番号など）、「注意」は見て確かめる所です。",
      "Findings are what stands on a page and became no record, or what the reading was not sure of. info is expected (page numbers and the like), warning is for you to look at.",
    ],
    "kind.bar": ["帯", "bar"], "kind.mark": ["記号", "mark"], "kind.marker": ["▲ 時点", "milestone"],
    "kind.label": ["文", "label"], "kind.heading": ["小見出し", "subtitle"], "kind.callout": ["吹き出し", "callout"],
    "role.start": ["開始", "from"], "role.deadline": ["期限", "by"], "role.point": ["時点", "on"],
    "role.period": ["期間", "period"], "role.reference": ["参照", "reference"],
    "severity.info": ["情報", "info"], "severity.warning": ["注意", "warning"], "severity.error": ["誤り", "error"],
    high: ["0.95 以上", "0.95 and more"], middle: ["0.85～0.95", "0.85 to 0.95"], low: ["0.85 未満", "below 0.85"],
    fiscalYear: ["{y}年度", "FY{y}"],
    open_end: ["～（以降も続く）", " and on"],
    noYears: ["年度の記載なし", "no years"],
    pageOf: ["{n}ページ", "page {n}"],
    printedPage: ["印刷上 {n}", "printed {n}"],
  };

  let language = stored() ?? "ja";

  // Browsers may refuse storage, from file:// above all.
  function stored() {
    try {
      return localStorage.getItem("koteihyo.language");
    } catch {
      return null;
    }
  }

  koteihyo.language = () => language;

  koteihyo.setLanguage = (value) => {
    language = value;
    try {
      localStorage.setItem("koteihyo.language", value);
    } catch {
      // The choice then holds for this visit.
    }
    koteihyo.frame();
    koteihyo.reshow();
  };

  koteihyo.addWords = (words) => Object.assign(WORDS, words);

  koteihyo.t = (key, values = {}) => {
    const text = WORDS[key]?.[language === "en" ? 1 : 0] ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };

  koteihyo.span = (start, end, open) => {
    const { t } = koteihyo;
    if (start === null || end === null) return t("noYears");
    const years = start === end ? t("fiscalYear", { y: start }) : `${start}～${t("fiscalYear", { y: end })}`;
    return open ? years + t("open_end") : years;
  };
})();
