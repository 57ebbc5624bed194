# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report as Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

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

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")


def markdown(contents: Contents) -> str:
    """The report's text."""
    return "\n".join(_lines(contents)) + "\n"


def _lines(contents: Contents) -> Iterator[str]:
    yield f"# {_escape(contents.title)}"
    yield ""
    yield f"- 旧版：{_escape(contents.old)}"
    yield f"- 新版：{_escape(contents.new)}"
    yield f"- 変更のない施策：{contents.unchanged}件"
    yield ""
    yield "## 件数"
    yield ""
    yield from _table("章", {**contents.chapters, "計": contents.totals})
    yield ""
    yield from _table("府省", contents.owners)
    yield ""
    yield "## 内容の変更"
    yield ""
    yield from _groups(contents.decided)
    if contents.rows:
        yield "## 表の欄の変更"
        yield ""
        yield from _rows(contents.rows)
    yield "## 時間の経過によるもの"
    yield ""
    yield "計画は変わっていません。新版の年度軸より前に終わった施策と、年度軸とともに終わりが延びた施策です。"
    yield ""
    yield from _groups(contents.by_time)


def _table(name: str, counts: Mapping[str, Counter[ChangeType]]) -> Iterator[str]:
    yield f"| {name} | " + " | ".join(LABELS.values()) + " |"
    yield "|---" * (len(LABELS) + 1) + "|"
    for title, found in counts.items():
        yield f"| {_escape(title)} | " + " | ".join(str(found[kind]) for kind in LABELS) + " |"


def _groups(groups: list[Group]) -> Iterator[str]:
    if not groups:
        yield "なし"
        yield ""
    for group in groups:
        yield f"### {_escape(group.title)}"
        yield ""
        for measure in group.measures:
            yield from _measure(measure)
        yield ""


def _rows(groups: list[RowGroup]) -> Iterator[str]:
    for group in groups:
        yield f"### {_escape(group.title)}"
        yield ""
        for change in group.changes:
            yield f"- **{_escape(column_label(change))}**（旧版{change.old_page_no}頁、新版{change.new_page_no}頁）"
            yield f"    - 旧：{_escape(change.old_text or 'なし')}"
            yield f"    - 新：{_escape(change.new_text or 'なし')}"
        yield ""


def _measure(measure: Measure) -> Iterator[str]:
    change = measure.change
    yield f"- **{'・'.join(measure.labels)}**（{measure.pages}）　{_text(measure)}"
    for remark in measure.remarks:
        yield f"    - {_escape(remark)}"
    for name, item, start, end in (
        ("旧", change.old_item_id, change.old_fy_start, change.old_fy_end),
        ("新", change.new_item_id, change.new_fy_start, change.new_fy_end),
    ):
        if item is not None and start is not None and end is not None:
            drawn = "".join("■" if start <= year <= end else "□" for year in year_range(change))
            yield f"    - {name}　`{drawn}`　{span_text(start, end)}"


def _text(measure: Measure) -> str:
    old, new = measure.change.old_text, measure.change.new_text
    if old is None or new is None:
        return _escape(new or old or "")
    if all(c.change_type is not ChangeType.REWORDED for c in measure.changes):
        return _escape(new)
    marks = {"same": "{}", "dropped": "~~{}~~", "new": "**{}**"}
    marked = "".join(marks[piece.op].format(_escape(piece.text)) for piece in word_pieces(old, new))
    return f"{marked}\n    - 旧：{_escape(old)}\n    - 新：{_escape(new)}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", clean(text))
