# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from koteihyo.pipeline.diff.wording import word_pieces
from koteihyo.pipeline.report.contents import (
    LABELS,
    Contents,
    Group,
    Measure,
    RowGroup,
    column_label,
    span_text,
    year_range,
)
from koteihyo.pipeline.terminal import clean
from koteihyo.schema.changes import ChangeType

_STYLE = """
body{font-family:"Hiragino Sans","Noto Sans CJK JP","Yu Gothic",sans-serif;line-height:1.7;max-width:60rem;
margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.25rem;border-bottom:2px solid #345;margin-top:2.5rem}h3{font-size:1rem;margin-top:2rem}
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}th,td{border:1px solid #bbb;padding:.2rem .6rem}
td+td{text-align:right}th{background:#eef;white-space:nowrap}
article{border-left:4px solid #89a;padding:.1rem 0 .1rem 1rem;margin:1rem 0}article p{margin:.2rem 0}
.type{display:inline-block;background:#345;color:#fff;border-radius:.2rem;padding:0 .5rem;margin-right:.4rem;font-size:.8rem}
.remark,.page{color:#555;font-size:.85rem}del{background:#fdd}ins{background:#dfd;text-decoration:none}
svg{display:block;margin:.3rem 0}
"""
_YEAR, _ROW, _LEFT = 44, 16, 24


def html(contents: Contents) -> str:
    """The report's text."""
    return "\n".join(_lines(contents)) + "\n"


def _lines(contents: Contents) -> Iterator[str]:
    title = escaped(contents.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="ja"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>'
    yield f"<h1>{title}</h1>"
    yield f"<p>旧版：{escaped(contents.old)}<br>新版：{escaped(contents.new)}<br>"
    yield f"変更のない施策：{contents.unchanged}件</p>"
    yield "<h2>件数</h2>"
    yield from _table("章", {**contents.chapters, "計": contents.totals})
    yield from _table("府省", contents.owners)
    yield "<h2>内容の変更</h2>"
    yield from _groups(contents.decided)
    if contents.rows:
        yield "<h2>表の欄の変更</h2>"
        yield from _rows(contents.rows)
    yield "<h2>時間の経過によるもの</h2>"
    yield "<p>計画は変わっていません。新版の年度軸より前に終わった施策と、年度軸とともに終わりが延びた施策です。</p>"
    yield "<details><summary>一覧</summary>"
    yield from _groups(contents.by_time)
    yield "</details></body></html>"


def _table(name: str, counts: Mapping[str, Counter[ChangeType]]) -> Iterator[str]:
    yield "<table><tr>" + "".join(f"<th>{head}</th>" for head in (name, *LABELS.values())) + "</tr>"
    for title, found in counts.items():
        yield f"<tr><td>{escaped(title)}</td>" + "".join(f"<td>{found[kind]}</td>" for kind in LABELS) + "</tr>"
    yield "</table>"


def _groups(groups: list[Group]) -> Iterator[str]:
    if not groups:
        yield "<p>なし</p>"
    for group in groups:
        yield f"<h3>{escaped(group.title)}</h3>"
        for measure in group.measures:
            yield from _measure(measure)


def _rows(groups: list[RowGroup]) -> Iterator[str]:
    for group in groups:
        yield f"<h3>{escaped(group.title)}</h3>"
        for change in group.changes:
            pages = f"旧版{change.old_page_no}頁、新版{change.new_page_no}頁"
            yield f'<article><p><span class="type">{escaped(column_label(change))}</span>'
            yield f'<span class="page">{pages}</span></p>'
            yield from _old_and_new(change.old_text or "", change.new_text or "")
            yield "</article>"


def _measure(measure: Measure) -> Iterator[str]:
    labels = "".join(f'<span class="type">{label}</span>' for label in measure.labels)
    yield f'<article><p>{labels}<span class="page">{measure.pages}</span></p>'
    yield from texts_html(measure)
    yield from (f'<p class="remark">{escaped(remark)}</p>' for remark in measure.remarks)
    yield from _drawing(measure)
    yield "</article>"


def texts_html(measure: Measure) -> Iterator[str]:
    """The measure's text, or both with the words marked that differ, as paragraphs of HTML."""
    old, new = measure.change.old_text, measure.change.new_text
    if old is None or new is None or all(c.change_type is not ChangeType.REWORDED for c in measure.changes):
        yield f"<p>{escaped(new or old or '')}</p>"
        return
    yield from _old_and_new(old, new)


def _old_and_new(old: str, new: str) -> Iterator[str]:
    pieces = [(piece.op, escaped(piece.text)) for piece in word_pieces(old, new)]
    before = "".join(f"<del>{text}</del>" if op == "dropped" else text for op, text in pieces if op != "new")
    after = "".join(f"<ins>{text}</ins>" if op == "new" else text for op, text in pieces if op != "dropped")
    yield f"<p>旧：{before}</p><p>新：{after}</p>"


def _drawing(measure: Measure) -> Iterator[str]:
    change = measure.change
    years = year_range(change)
    if not years:
        return
    rows = [
        (name, start, end, color)
        for name, start, end, color in (
            ("旧", change.old_fy_start, change.old_fy_end, "#9ab"),
            ("新", change.new_fy_start, change.new_fy_end, "#27c"),
        )
        if start is not None and end is not None
    ]
    described = "、".join(f"{name} {span_text(start, end)}" for name, start, end, _color in rows)
    width, height = _LEFT + _YEAR * len(years), _ROW * (len(rows) + 1)
    yield f'<svg width="{width}" height="{height}" role="img" aria-label="{described}" font-size="11">'
    for number, year in enumerate(years):
        x = _LEFT + _YEAR * number
        yield f'<text x="{x + 2}" y="11" fill="#555">{year}</text>'
        yield f'<line x1="{x}" y1="0" x2="{x}" y2="{height}" stroke="#ccc"/>'
    for number, (name, start, end, color) in enumerate(rows, start=1):
        x, y = _LEFT + _YEAR * (start - years[0]), _ROW * number
        yield f'<text x="2" y="{y + 12}">{name}</text>'
        yield f'<rect x="{x}" y="{y + 3}" width="{_YEAR * (end - start + 1)}" height="{_ROW - 5}" fill="{color}"/>'
    yield "</svg>"


def escaped(text: str) -> str:
    """A PDF's text as HTML."""
    return escape(clean(text))
