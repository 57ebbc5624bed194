# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content of the fictional 2024 edition. Times are fiscal-year coordinates: 2024.5 is the middle of FY2024."""

from __future__ import annotations

from dataclasses import dataclass, field

TITLE = "くらしと地域の基盤づくり計画"
SUBTITLE = "工程表"


@dataclass(frozen=True)
class Item:
    """A bar, or with another kind a marker, a bare label or a subtitle over bars."""

    key: str
    text: str
    start: float
    end: float
    kind: str = "bar"
    shape: str = "homePlate"


@dataclass(frozen=True)
class Section:
    """A heading with the lanes of items beside it; `printed` is False when only an earlier page prints it."""

    level: int
    marker: str
    title: str
    lanes: list[list[Item]] = field(default_factory=list)
    printed: bool = True


@dataclass(frozen=True)
class Row:
    """A row of the card table."""

    group: str
    name: str
    done: str
    owner: str
    lanes: list[list[Item]]


@dataclass(frozen=True)
class Page:
    """One page of the plan."""

    chapter: str
    printed_page: int
    sections: list[Section] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Edition:
    """A whole edition: its chart covers five years from `first_year`, its card table two years and the time after."""

    edition_id: str
    label: str
    first_year: int
    pages: list[Page]

    @property
    def years(self) -> list[int]:
        """The years of the roadmap pages' columns."""
        return list(range(self.first_year, self.first_year + 5))

    @property
    def card_years(self) -> list[int]:
        """The years of the card table's columns, the last of them open-ended."""
        return list(range(self.first_year, self.first_year + 3))


def bar(key: str, text: str, start: float, end: float, shape: str = "homePlate") -> Item:
    """A bar with its text inside."""
    return Item(key, text, start, end, shape=shape)


def mark(key: str, text: str, at: float) -> Item:
    """A dated event."""
    return Item(key, "▲" + text, at, at, kind="marker", shape="")


def label(key: str, text: str, start: float, end: float) -> Item:
    """Bare text between the bars."""
    return Item(key, text, start, end, kind="label", shape="")


def subtitle(key: str, text: str, start: float, end: float) -> Item:
    """A subtitle over the bars below it."""
    return Item(key, f"＜{text}＞", start, end, kind="heading", shape="")


CHAPTER_1 = "第１章 くらしを支える共通の基盤"
CHAPTER_2 = "第２章 地域の足と食を守る取組"
CHAPTER_CARD = "窓口手続のスマートフォン対応に向けた工程表"

PAGE_1 = Page(
    CHAPTER_1,
    1,
    [
        Section(1, "１．", "手続の入口づくり"),
        Section(2, "（１）", "オンラインでの本人確認"),
        Section(
            3,
            "①",
            "認証の共通部品",
            [
                [
                    bar("auth-compare", "認証方式の比較検討", 2024.0, 2025.0),
                    bar("auth-build", "共通部品の設計・開発［デジタル庁、総務省等］", 2025.0, 2026.5),
                    bar("auth-run", "運用開始後も安全性を点検し、部品を更新［デジタル庁］", 2026.5, 2029.0),
                ],
                [
                    bar("auth-pilot", "３自治体での実証［総務省］", 2024.5, 2026.0, "roundRect"),
                    bar("auth-wide", "実証の成果を踏まえ、約120自治体に拡大［総務省］", 2026.0, 2028.0),
                    bar("auth-all", "全国展開", 2028.0, 2029.0),
                ],
                [
                    mark("auth-spec", "技術仕様書の公表（令和７年９月頃）", 2025.45),
                    mark("auth-audit", "外部監査の実施（2027年10月）", 2027.5),
                ],
            ],
        ),
        Section(
            3,
            "②",
            "窓口の共同利用",
            [
                [
                    bar("desk-needs", "共同窓口の要件整理", 2024.0, 2025.0, "rightArrow"),
                    bar(
                        "desk-build",
                        "共同窓口の整備（令和10年度末までに全市町村の80％）［総務省等］",
                        2025.0,
                        2029.0,
                        "rightArrow",
                    ),
                ],
                [
                    bar(
                        "desk-voice",
                        "利用者の声を集め、毎年度、画面と案内文を見直す［デジタル庁］",
                        2024.0,
                        2029.0,
                        "rect",
                    )
                ],
            ],
        ),
        Section(2, "（２）", "手続の簡素化"),
        Section(
            3,
            "①",
            "添付書類の削減",
            [
                [
                    bar("paper-list", "添付書類の洗い出し", 2024.0, 2025.5),
                    bar("paper-law", "関係法令の改正に向けた検討［法務省、デジタル庁等］", 2025.5, 2027.0),
                    bar("paper-widen", "改正法の施行、対象手続を順次拡大", 2027.0, 2029.0),
                ],
                [mark("paper-bill", "改正法案の提出（令和９年通常国会）", 2026.85)],
            ],
        ),
        Section(
            4,
            "・",
            "手数料の電子納付",
            [
                [
                    bar("fee-study", "納付方法の調査研究", 2024.0, 2026.0, "rect"),
                    bar("fee-start", "電子納付の開始（利用率60％を目標）［財務省］", 2026.0, 2029.0),
                ],
            ],
        ),
    ],
)

PAGE_2 = Page(
    CHAPTER_1,
    2,
    [
        Section(1, "１．", "手続の入口づくり", printed=False),
        Section(2, "（２）", "手続の簡素化", printed=False),
        Section(
            3,
            "②",
            "通知の電子化",
            [
                [
                    bar("mail-rule", "電子通知の到達時期に関するルールの検討", 2024.0, 2025.5),
                    bar("mail-try", "２分野で先行導入", 2025.5, 2026.5),
                    bar("mail-go", "電子通知の本格運用、紙の通知の段階的廃止［総務省、厚生労働省等］", 2026.5, 2029.0),
                ],
            ],
        ),
        Section(
            3,
            "③",
            "様式の統一",
            [
                [
                    bar("form-survey", "自治体の様式の実態調査", 2024.0, 2025.0, "rect"),
                    bar("form-draft", "標準様式案の作成、意見募集", 2025.0, 2026.0),
                    bar("form-use", "標準様式への切替え（約1,700団体）", 2026.0, 2029.0),
                ],
                [bar("form-help", "小規模団体への専門人材の派遣［総務省］", 2025.0, 2028.0, "roundRect")],
            ],
        ),
        Section(1, "２．", "データの流通"),
        Section(2, "（１）", "地理空間データ"),
        Section(
            3,
            "①",
            "地図の更新周期の短縮",
            [
                [
                    bar("map-tech", "航空写真の自動判読技術の開発［国土交通省］", 2024.0, 2026.0),
                    bar("map-cycle", "更新周期を５年から２年に短縮", 2026.0, 2028.0),
                    bar("map-keep", "定常運用", 2028.0, 2029.0),
                ],
            ],
        ),
        Section(
            3,
            "②",
            "災害時の共有",
            [
                [subtitle("sub-shelter", "避難所の情報", 2024.0, 2025.6)],
                [
                    bar("shelter-item", "共有項目の整理", 2024.0, 2025.0),
                    bar("shelter-api", "接続仕様の策定・公開［内閣府、消防庁等］", 2025.0, 2026.5),
                    bar("shelter-join", "都道府県のシステムとの接続（47都道府県）", 2026.5, 2029.0),
                ],
                [subtitle("sub-road", "道路の情報", 2024.0, 2025.6)],
                [
                    bar("road-sensor", "路面状況の観測実証", 2024.0, 2026.0, "roundRect"),
                    bar("road-open", "観測結果の公開、民間地図への提供［国土交通省］", 2026.0, 2029.0),
                ],
                [label("road-note", "※通行止めの情報は、避難所の情報と同じ画面に表示する。", 2024.0, 2027.4)],
            ],
        ),
        Section(
            2,
            "（２）",
            "統計データの提供",
            [
                [
                    bar(
                        "stat-api",
                        "機械判読しやすい形での提供（主要統計の95％）［総務省］",
                        2024.0,
                        2027.0,
                        "rightArrow",
                    ),
                    bar("stat-review", "提供方法の見直し", 2027.0, 2029.0, "rightArrow"),
                ],
            ],
        ),
    ],
)

PAGE_3 = Page(
    CHAPTER_2,
    3,
    [
        Section(1, "１．", "移動の支援"),
        Section(2, "（１）", "山あいの足の確保"),
        Section(
            3,
            "①",
            "予約型の乗合車",
            [
                [
                    bar("ride-pick", "対象地域の選定", 2024.0, 2024.5, "rect"),
                    bar("ride-pilot", "実証運行（20地域）［国土交通省］", 2024.5, 2026.5),
                    bar("ride-real", "本格運行への移行、運行地域を約300地域に拡大", 2026.5, 2029.0),
                ],
                [
                    bar("ride-fare", "運賃の決め方に関する検討会", 2024.0, 2025.0, "roundRect"),
                    bar("ride-guide", "手引の作成", 2025.0, 2026.0, "roundRect"),
                ],
                [mark("ride-guide-out", "手引の公表（令和８年３月）", 2025.95)],
            ],
        ),
        Section(
            3,
            "②",
            "自動運転の導入",
            [
                [
                    bar("auto-safety", "安全基準の検討［国土交通省、警察庁］", 2024.0, 2026.0),
                    bar("auto-limit", "限定区域での運行開始（10か所以上）", 2026.0, 2028.0),
                    bar("auto-wide", "運行区域の拡大", 2028.0, 2029.0),
                ],
            ],
        ),
        Section(
            2,
            "（２）",
            "荷物の共同配送",
            [
                [
                    bar(
                        "cargo-match",
                        "空き荷台の情報を共有する仕組みの構築［国土交通省、経済産業省等］",
                        2024.0,
                        2027.0,
                    ),
                    bar("cargo-use", "利用促進、成果の評価（※１）", 2027.0, 2029.0),
                ],
                [bar("cargo-drone", "無人機による配送の実証", 2024.5, 2026.0, "rect")],
            ],
        ),
        Section(1, "２．", "食と森林"),
        Section(2, "（１）", "農地の見守り"),
        Section(
            4,
            "・",
            "水門の遠隔操作",
            [
                [
                    bar("gate-fit", "遠隔操作装置の設置（約３万か所）［農林水産省］", 2024.0, 2028.0, "rightArrow"),
                    bar("gate-check", "効果検証", 2028.0, 2029.0, "rightArrow"),
                ],
            ],
        ),
        Section(
            4,
            "・",
            "鳥獣被害の予測",
            [
                [
                    bar("deer-data", "出没データの収集", 2024.0, 2025.0),
                    bar("deer-model", "予測モデルの開発・試行", 2025.0, 2027.0),
                    bar("deer-serve", "予測情報の提供を継続［農林水産省、環境省］", 2027.0, 2029.0),
                ],
            ],
        ),
        Section(
            2,
            "（２）",
            "森林の台帳",
            [
                [
                    bar(
                        "wood-merge",
                        "所有者台帳と地図の統合（令和８年度までに約９割の市町村）［林野庁］",
                        2024.0,
                        2027.0,
                        "rect",
                    ),
                    bar("wood-fix", "台帳の更新を自動化", 2027.0, 2029.0, "roundRect"),
                ],
            ],
        ),
    ],
    notes=["※１ 評価の指標は、共同配送検討会（仮称）の議論を踏まえ、令和８年度中に定める。"],
)

PAGE_4 = Page(
    CHAPTER_CARD,
    4,
    rows=[
        Row(
            "くらし",
            "図書の貸出証",
            "貸出証の様式の統一（令和５年４月）",
            "文部科学省\n総合教育政策局\n地域学習推進課",
            [
                [
                    bar("lib-dev", "貸出アプリの開発", 2024.0, 2025.0),
                    bar("lib-run", "アプリでの貸出を開始（令和７年４月～）", 2025.0, 2027.0),
                ]
            ],
        ),
        Row(
            "くらし",
            "ごみの分別案内",
            "",
            "環境省\n環境再生・資源循環局",
            [
                [
                    bar("trash-code", "分別区分のコード化", 2024.0, 2025.5, "rect"),
                    bar("trash-open", "公開・更新", 2025.5, 2027.0),
                ],
                [label("trash-note", "※品目は約2,000とする", 2024.0, 2025.4)],
            ],
        ),
        Row(
            "くらし",
            "公園の使用許可",
            "予約画面の試作（令和５年度）",
            "国土交通省\n都市局\n公園緑地・景観課",
            [
                [
                    bar("park-trial", "５市での試行", 2024.0, 2025.0, "roundRect"),
                    bar("park-all", "対象を全ての市に拡大", 2025.0, 2027.0),
                ]
            ],
        ),
        Row(
            "しごと",
            "技能講習の修了証",
            "修了証の番号体系の決定（令和６年１月）",
            "厚生労働省\n労働基準局\n安全衛生部",
            [
                [
                    bar("skill-sys", "発行システムの改修", 2024.0, 2026.0),
                    bar("skill-go", "スマートフォンへの\n搭載開始", 2026.0, 2027.0),
                ],
                [bar("skill-pr", "事業者への周知・広報", 2025.0, 2027.0, "rect")],
            ],
        ),
        Row(
            "しごと",
            "営業の届出（※２）",
            "届出様式の共通化（令和５年10月～）",
            "厚生労働省\n健康・生活衛生局",
            [
                [
                    bar("shop-plan", "制度の検討", 2024.0, 2025.0),
                    bar("shop-pilot", "実証", 2025.0, 2026.0),
                    bar("shop-run", "本格運用", 2026.0, 2027.0),
                ]
            ],
        ),
        Row(
            "しごと",
            "船員の手帳（※３）",
            "関係団体との協議（令和５年６月～）",
            "国土交通省\n海事局\n船員政策課",
            [
                [
                    bar("sea-law", "制度改正に向けた検討", 2024.0, 2026.0, "roundRect"),
                    bar("sea-go", "電子化された手帳の\n交付開始", 2026.25, 2027.0),
                ]
            ],
        ),
    ],
    notes=[
        "※２ 届出のうち、仮設の店舗に係るものを除く。",
        "※３ 電子化された手帳は、2026年度末までに発効する国際的な取決め（仮称）を前提とする。",
    ],
)

EDITION_2024 = Edition("sample-2024", "令和６年６月14日", 2024, [PAGE_1, PAGE_2, PAGE_3, PAGE_4])
