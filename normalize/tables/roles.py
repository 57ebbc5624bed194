# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a column beside the years is for, by the words of its header and by the form of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from koteihyo.normalize.text.characters import fold, narrow


class Role(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    GROUP = "group"
    NAME = "name"
    DONE = "done"
    OWNER = "owner"
    ATTRIBUTE = "attribute"


# The last noun of a Japanese header says what the column is: 取組の概要 is an outline, 施策区分 a class.
_NUMBER = re.compile(r"(?:no|№|番号|通番|通し番号|連番|項番|整理番号|id|#|順|項)[.．]?", re.IGNORECASE)
_DONE = re.compile(r"実施済|実績|これまで|既に|取組状況|現状|措置済|完了")
_OWNER = re.compile(r"担当|所管|部局|府省|省庁|主体|(?:担い手|主管|事務局|部署|関係課|課名|課室名?|所属|責任者)$")
_GROUP = re.compile(
    r"(?:区分|分野|分類|柱|大項目|中項目|カテゴリー?|テーマ|領域|体系|基本目標|基本方針|基本施策|方針|視点|章|種別)名?$"
)
# Names of rows, the plainest first: of several such columns the first kind found is the name.
_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:名|名称|件名|(?<!大)(?<!中)項目|小項目|項目名)$",
        r"(?:事項|取組み?|取り組み|施策|事業|プロジェクト|対策|タスク|作業|業務|工程|メニュー|アクション|計画|措置)$",
        r"(?:内容|具体策|手段)$",
    )
)  # fmt: skip


@dataclass(frozen=True)
class ColumnTraits:
    """What can be seen of a column without reading it."""

    label: str
    on_left: bool
    """Whether it stands left of the years."""
    spanning: float
    """Rows per cell: 1 when every row has its own, more when cells are merged over rows."""
    vertical: bool
    """Whether its text runs from top to bottom."""
    figures: float
    """Part of its cells that hold a number only."""
    filled: float
    """Part of the rows in which it has text."""
    width: float


# Cells merged over at least this many rows on average are labels of groups.
GROUP_SPAN = 1.5


def assign_roles(columns: Sequence[ColumnTraits]) -> list[Role] | None:
    """The role of each column, from the left; None when no column can be the rows' name."""
    roles: list[Role] = [_by_words(column) for column in columns]
    name = _name_column(columns, roles)
    if name is None:
        return None
    roles[name] = Role.NAME
    for i, column in enumerate(columns):
        before = column.on_left and i < name
        grouping = column.vertical or column.spanning >= GROUP_SPAN
        if roles[i] is Role.ATTRIBUTE and before and grouping:
            roles[i] = Role.GROUP
        elif roles[i] is Role.GROUP and not before and not grouping:
            roles[i] = Role.ATTRIBUTE
        elif roles[i] is Role.ATTRIBUTE and before and not column.label and column.figures >= 0.5:
            roles[i] = Role.NUMBER
    return roles


def _by_words(column: ColumnTraits) -> Role:
    text = re.sub(r"\s", "", fold(narrow(column.label)))
    text = re.sub(r"[(（【\[].*$", "", text) or text
    if _NUMBER.fullmatch(text):
        return Role.NUMBER
    if _DONE.search(text):
        return Role.DONE
    if _OWNER.search(text):
        return Role.OWNER
    if _GROUP.search(text):
        return Role.GROUP
    return Role.ATTRIBUTE


def _name_column(columns: Sequence[ColumnTraits], roles: Sequence[Role]) -> int | None:
    """The column that names the rows: by its header, else the first that has a text of its own in every row."""
    open_ones = [i for i, role in enumerate(roles) if role is Role.ATTRIBUTE and not columns[i].vertical]
    for pattern in _NAMES:
        named = [i for i in open_ones if pattern.search(re.sub(r"\s", "", fold(narrow(columns[i].label))))]
        if named:
            # Of 施策 and 事業 side by side the finer one names the rows.
            finest = min(columns[i].spanning for i in named)
            return next(i for i in named if columns[i].spanning <= 1.1 * finest)
    own = [
        i
        for i in open_ones
        if columns[i].filled >= 0.8 and columns[i].figures < 0.5 and columns[i].spanning < GROUP_SPAN
    ]
    if own:
        return next((i for i in own if columns[i].on_left), own[0])
    last = [i for i, role in enumerate(roles) if role is Role.GROUP and columns[i].filled >= 0.8]
    return last[-1] if last else None
