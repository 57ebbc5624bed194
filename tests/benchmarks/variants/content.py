# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a plan that does not exist. Times run from 0 to 6 over the whole chart, whatever years it shows."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    """Something on the chart; `children` are lanes of bars that belong inside a bar."""

    text: str
    start: float
    end: float
    kind: str = "bar"
    children: tuple[tuple[Item, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading, with its lanes. Its marker comes from the layout's numbering."""

    level: int
    title: str
    lanes: list[list[Item]] = field(default_factory=list)
    owner: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the card table. Times run from 0 to 3."""

    group: str
    name: str
    done: str
    owner: str
    lanes: list[list[Item]]


@dataclass(frozen=True)
class Page:
    """A page's chapter, sections (or rows) and notes."""

    chapter: str
    sections: list[Section] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def at(text: str, when: float) -> Item:
    """A milestone."""
    return Item(text, when, when, "marker")


def over(text: str, when: float) -> Item:
    """A subtitle above the bars below it."""
    return Item(f"＜{text}＞", when, when + 1.4, "heading")


PLAN = [
    Page(
        "第２部　水と緑のまちを支える施策",
        [
            Section(1, "水道を次の世代に引き継ぐ"),
            Section(2, "管路の更新", owner="国土交通省"),
            Section(3, "漏水の早期発見", [
                [Item("音響センサーの性能比較", 0, 1), Item("衛星画像と組み合わせた漏水の推定手法を開発", 1, 3),
                 Item("全国の事業体で利用開始", 3, 6)],
                [Item("手引の作成", 0.5, 2), Item("研修の実施（年間約600人）［国土交通省］", 2, 5)],
                [at("手引の公表", 1.9)],
            ], "国土交通省"),
            Section(3, "耐震管への取替え", [
                [Item("優先区間の選定", 0, 1.5), Item("基幹管路の取替え（耐震適合率を54％に）［国土交通省、総務省等］", 1.5, 6)],
                [Item("新工法の実証", 1, 3), Item("標準仕様に反映", 3, 4.5)],
            ], "国土交通省\n総務省"),
            Section(2, "料金の仕組みの見直し", [
                [Item("需要の見通しを踏まえた料金算定要領の検討", 0, 2), Item("要領の改定", 2, 3),
                 Item("改定後の要領に基づく助言を継続", 3, 6)],
                [Item("※小規模な事業体には別に支援策を講ずる。", 0, 2.6, "label")],
            ], "総務省"),
            Section(1, "雨水を生かす"),
            Section(2, "貯留施設の整備", [
                [over("公共施設", 0)],
                [Item("学校の校庭を活用した貯留の設計", 0, 2), Item("100校で整備", 2, 4), Item("効果の検証", 4, 6)],
                [over("民間施設", 0)],
                [Item("容積率の特例を検討", 0, 2.5), Item("特例の適用開始（2027年度～）", 2.5, 6)],
            ], "国土交通省"),
        ],
    ),
    Page(
        "第２部　水と緑のまちを支える施策",
        [
            Section(2, "浸水の予測", [
                [Item("予測モデルの高度化と運用［気象庁、国土交通省］", 0, 6, children=(
                    (Item("15分先の予測を試行", 0.5, 2.5), Item("60分先の予測", 2.5, 4.5)),
                    (Item("公開データの形式を統一", 1, 3),),
                ))],
                [at("予報開始", 2.4), at("第２期システム稼働", 4.2)],
                [Item("住民への伝達手段の多様化", 0, 3), Item("外国語による配信（12言語）", 3, 6)],
            ], "気象庁\n国土交通省"),
            Section(1, "街路樹と公園を守り育てる"),
            Section(2, "樹木の健康診断", owner="環境省"),
            Section(3, "診断士の確保", [
                [Item("講習内容の検討", 0, 1), Item("資格制度の創設準備", 1, 2.5), Item("資格制度の運用", 2.5, 6)],
                [Item("受験者への費用補助［環境省等］", 1, 4)],
            ], "環境省"),
            Section(3, "診断記録の共有", [
                [Item("記録様式の検討", 0, 1.5), Item("記録簿の試作・評価", 1.5, 3), Item("全自治体への提供", 3, 4.5),
                 Item("他の台帳との連携", 4.5, 6)],
                [Item("毎年度、記録の質を点検し、結果を公表する", 0, 6)],
                [Item("国と自治体が費用を分担", 3.2, 4.8, "callout")],
            ], "環境省"),
            Section(2, "公園の新しい使い方", [
                [Item("社会実験", 0, 2), Item("条例のひな形の提示", 2, 3), Item("実験の成果を取り入れた管理計画への見直し", 3, 6)],
                [at("成果発表会の開催", 3.1)],
            ], "国土交通省"),
            Section(1, "担い手の育成", [
                [Item("農業高校との連携協定", 0, 1), Item("実習受入れの拡大（令和11年度末までに2,500人）［文部科学省、農林水産省］", 1, 6)],
                [Item("退職者の再雇用の促進", 0, 3)],
            ], "文部科学省"),
        ],
        notes=["※１　令和９年度以降の取組は、毎年度の予算編成過程で検討する。", "※２　国の直轄事業を含まない。"],
    ),
    Page(
        "第３部　学びと文化の施策",
        [
            Section(1, "博物館の収蔵品を未来へ"),
            Section(2, "目録の公開", [
                [Item("目録項目の標準化", 0, 1.5), Item("登録作業の自動化に関する研究［文部科学省、文化庁］", 1.5, 3.5),
                 Item("目録の一括公開", 3.5, 6)],
                [Item("約40万点の写真撮影", 0, 4), Item("撮影の継続", 4, 6)],
                [at("横断検索の公開", 2.9)],
            ], "文化庁"),
            Section(2, "収蔵庫の共同化", [
                [Item("立地の調査", 0, 1), Item("基本構想", 1, 2), Item("設計", 2, 3), Item("建設", 3, 5), Item("供用", 5, 6)],
                [Item("輸送時の安全基準の策定", 0.5, 3), Item("基準の見直し", 3, 5)],
            ], "文化庁"),
            Section(1, "図書館を地域の拠点に"),
            Section(2, "電子書籍の貸出し", [
                [Item("権利者団体との協議", 0, 2), Item("貸出しモデル事業（30館）", 2, 4), Item("モデル事業の横展開", 4, 6)],
                [Item("読み上げに対応した書籍の割合を70％以上とする［文部科学省、厚生労働省等］", 1, 6)],
            ], "文部科学省"),
            Section(2, "夜間の開館", owner="文部科学省"),
            Section(3, "無人開館の実証", [
                [Item("防犯設備の検討", 0, 1.5), Item("無人開館の実証（早ければ令和８年度に開始）", 1.5, 4), Item("本格実施", 4, 6)],
            ], "文部科学省"),
            Section(3, "駅前窓口の設置", [
                [Item("返却窓口の設置場所の調整", 0, 2), Item("20駅に設置", 2, 4), Item("利用状況の分析と改善", 4, 6)],
                [Item("鉄道事業者との連絡会議を年２回開催", 0, 6)],
            ], "文部科学省"),
        ],
    ),
    Page(
        "資格証等の電子化に向けた工程表",
        rows=[
            Row("健康関係", "妊婦の健診受診票", "標準項目の公表（令和５年３月）", "こども家庭庁成育局母子保健課",
                [[Item("先行自治体での実施", 0, 1), Item("全国で本格運用", 1, 3)]]),
            Row("健康関係", "予防接種の記録", "", "厚生労働省感染症対策部予防接種課",
                [[Item("制度改正の検討", 0, 1), Item("システム改修", 1, 2), Item("運用開始", 2, 3)],
                 [Item("※任意接種を除く", 0, 1, "label")]]),
            Row("健康関係", "献血の記録手帳", "手帳アプリの提供（令和４年９月～）", "厚生労働省医薬局血液対策課",
                [[Item("機能の追加・改善", 0, 3)]]),
            Row("資格関係", "潜水士の免許", "申請のオンライン化（令和６年２月）", "厚生労働省労働基準局安全課",
                [[Item("様式の検討", 0, 1.5), Item("電子免許の発行を順次開始", 1.5, 3)],
                 [Item("事業者団体への周知", 1, 3)]]),
            Row("資格関係", "測量士の登録証", "", "国土地理院総務部",
                [[Item("実態調査", 0, 1), Item("調査結果を踏まえた対応", 1, 3)]]),
            Row("学び関係", "学生の在籍証明", "実証事業の実施（令和５年度）", "文部科学省高等教育局学生支援課",
                [[Item("10大学で実証", 0, 1), Item("対象大学の拡大", 1, 2), Item("全ての大学等へ展開", 2, 3)]]),
        ],
        notes=["※　予防接種の記録の対象は、定期接種とする。"],
    ),
]  # fmt: skip
