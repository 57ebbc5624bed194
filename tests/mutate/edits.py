# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases changed a little, at random: something moved, stretched, set in another size, taken away, doubled, or taken over from another."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Page = dict[str, Any]
"""A case of `tests.cases` without its name and what is read in it."""
KINDS = ("texts", "shapes", "rules", "connectors", "paint")
# Points: from within the thickness of a line to several lines.
STEPS = (0.1, 0.3, 0.7, 1.5, 2.5, 4, 6, 9, 13, 20, 35, 60, 110)
FACTORS = (0.3, 0.5, 0.7, 0.85, 1.2, 1.5, 2, 3)
FORMS = (
    "rect",
    "round_rect",
    "pentagon",
    "chevron",
    "block_arrow",
    "double_arrow",
    "triangle",
    "ellipse",
    "arrow_line",
)
WORDS = ("blue", "red", "grey", "white", "green", "dark", "line", "left", "dashed")


def edited(page: Page, others: Sequence[Page], dice: random.Random) -> Page:
    """A copy with one to four changes."""
    new = {key: list(value) if isinstance(value, list) else value for key, value in page.items()}
    for _ in range(dice.choice((1, 1, 2, 2, 3, 4))):
        dice.choice(_EDITS)(new, others, dice)
    return new


def _pick(page: Page, dice: random.Random) -> tuple[str, int] | None:
    there = [(kind, i) for kind in KINDS for i in range(len(page.get(kind, ())))]
    return dice.choice(there) if there else None


def _coordinates(kind: str, words: Sequence[str]) -> Sequence[int]:
    """Which words of a thing are its coordinates."""
    if kind == "paint":
        ends = {"text": (1, 3), "oval": (2, 6), "round": (2, 6), "picture": (2, 6)}
        return range(*ends.get(words[0], (2, len(words) - (words[-1] == "dashed"))))
    return {"texts": (0, 1), "shapes": (1, 2, 3, 4), "rules": (1, 2, 3), "connectors": (0, 1, 2, 3)}[kind]


def _split(kind: str, thing: str) -> list[str]:
    if kind == "paint" and thing.startswith("text "):
        return thing.split(" ", 4)
    return thing.split(" ", 3) if kind == "texts" else thing.split()


def _size_at(kind: str, words: Sequence[str]) -> int | None:
    """Which word of a thing is the size of its characters, or how thick its line is."""
    if kind == "paint":
        return {"text": 3, "stroke": 1}.get(words[0])
    return 2 if kind == "texts" else None


def _number(word: str) -> float:
    return float(word.lstrip("|"))


def _with(word: str, value: float) -> str:
    return f"{'|' if word.startswith('|') else ''}{round(value, 2):g}"


def _step(dice: random.Random) -> float:
    return dice.choice(STEPS) * dice.choice((-1, 1))


def _move(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    picked = _pick(page, dice)
    if picked is None:
        return
    kind, i = picked
    words = _split(kind, page[kind][i])
    by, across = _step(dice), dice.random() < 0.5
    for n, at in enumerate(_coordinates(kind, words)):
        level = kind == "rules" and words[0] == "h"
        along_x = (n > 0) == level if kind == "rules" else n % 2 == 0
        if along_x == across:
            words[at] = _with(words[at], _number(words[at]) + by)
    page[kind][i] = " ".join(words)


def _stretch(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    picked = _pick(page, dice)
    if picked is None:
        return
    kind, i = picked
    words = _split(kind, page[kind][i])
    sized = _size_at(kind, words)
    if sized is not None and (kind == "texts" or dice.random() < 0.5):
        words[sized] = f"{max(round(_number(words[sized]) * dice.choice(FACTORS), 1), 0.2):g}"
    else:
        at = dice.choice(_coordinates(kind, words))
        words[at] = _with(words[at], _number(words[at]) + _step(dice))
        _in_order(kind, words)
    page[kind][i] = " ".join(words)


def _in_order(kind: str, words: list[str]) -> None:
    for low, high in {"shapes": ((1, 3), (2, 4)), "rules": ((2, 3),)}.get(kind, ()):
        if _number(words[low]) > _number(words[high]):
            words[low], words[high] = words[high], words[low]


def _remove(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    picked = _pick(page, dice)
    if picked is not None:
        del page[picked[0]][picked[1]]


def _double(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    picked = _pick(page, dice)
    if picked is not None:
        kind, i = picked
        page[kind].append(page[kind][i])
        alone = {kind: [page[kind][-1]]}
        _move(alone, others, dice)
        page[kind][-1] = alone[kind][0]


def _other_form(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    if page.get("shapes"):
        i = dice.randrange(len(page["shapes"]))
        words = page["shapes"][i].split()
        if dice.random() < 0.5:
            words[0] = dice.choice(FORMS)
        else:
            words = [*words[:5], dice.choice(WORDS)]
        page["shapes"][i] = " ".join(words)


def _other_color(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    """Of what is painted: another colour, or another place in the order."""
    things = page.get("paint", [])
    if things:
        i = dice.randrange(len(things))
        words = _split("paint", things[i])
        if words[0] in ("fill", "oval", "round", "picture") and dice.random() < 0.7:
            words[1] = dice.choice(("blue", "red", "grey", "white", "green", "dark"))
            things[i] = " ".join(words)
        else:
            things.insert(dice.randrange(len(things)), things.pop(i))


def _other_words(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    texts = [text for other in others for text in other.get("texts", ())]
    if page.get("texts") and texts:
        i = dice.randrange(len(page["texts"]))
        words = page["texts"][i].split(" ", 3)
        page["texts"][i] = " ".join([*words[:3], dice.choice(texts).split(" ", 3)[3]])


def _take_over(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    other = dice.choice(others)
    for kind in KINDS:
        things = other.get(kind, ())
        if things:
            page.setdefault(kind, [])
            page[kind] += dice.sample(list(things), dice.randint(1, min(len(things), 4)))


def _other_header(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    header = page.get("header", "2024-2028 200 110 8.5")
    if header and "paint" not in page:
        years, *words = header.split()
        n = dice.randrange(3)
        values = [float(word) for word in words]
        values[n] = max(values[n] + _step(dice), 4) if n < 2 else max(values[n] * dice.choice(FACTORS), 2)
        page["header"] = " ".join([years, *(f"{round(v, 1):g}" for v in values)])


def _other_size(page: Page, others: Sequence[Page], dice: random.Random) -> None:
    """All texts in another size."""
    factor = dice.choice(FACTORS)
    for kind in ("texts", "paint"):
        for i, thing in enumerate(page.get(kind, ())):
            words = _split(kind, thing)
            sized = _size_at(kind, words)
            if sized is not None:
                words[sized] = f"{max(round(_number(words[sized]) * factor, 1), 0.2):g}"
                page[kind][i] = " ".join(words)


_EDITS: Sequence[Callable[[Page, Sequence[Page], random.Random], None]] = (
    _move, _move, _move, _move, _stretch, _stretch, _stretch, _remove, _double, _double, _other_form, _other_words,
    _other_color, _take_over, _other_header, _other_size,
)  # fmt: skip


def size(page: Mapping[str, Any]) -> int:
    """How many things are on a page."""
    return sum(len(page.get(kind, ())) for kind in KINDS)


def smaller(page: Mapping[str, Any], still: Callable[[Page], bool]) -> Page:
    """The page without what it does not need to be what it is."""
    kept: Page = dict(page)
    for kind in KINDS:
        for i in reversed(range(len(kept.get(kind, ())))):
            trial = {**kept, kind: [*kept[kind][:i], *kept[kind][i + 1 :]]}
            if not trial[kind] and kind != "paint":
                del trial[kind]
            if still(trial):
                kept = trial
    return kept
