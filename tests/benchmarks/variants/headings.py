# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbered headings: each with its path, and those that an earlier page printed."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.variants.content import Page, Section

KANA, ROMAN, SMALL_ROMAN = "アイウエオカ", "ⅠⅡⅢⅣⅤⅥ", "ⅰⅱⅲⅳⅴⅵ"


@dataclass(frozen=True)
class Heading:
    """A section with its marker and path; `here` is False when only an earlier page prints it."""

    section: Section
    marker: str
    path: tuple[str, ...]
    here: bool = True

    @property
    def label(self) -> str:
        """Marker and title."""
        return self.marker + self.section.title


def number(pages: list[Page], templates: tuple[str, ...]) -> list[list[Heading]]:
    """The headings of each page, with the ancestors that continue from the page before in front."""
    counts = [0, 0, 0]
    stack: list[Heading] = []
    chapter = ""
    result = []
    for page in pages:
        if page.chapter != chapter:
            counts, stack, chapter = [0, 0, 0], [], page.chapter
        found: list[Heading] = []
        for section in page.sections:
            level = section.level
            counts[level - 1] += 1
            counts[level:] = [0] * (3 - level)
            stack = [h for h in stack if h.section.level < level]
            if not found:
                found += [Heading(h.section, h.marker, h.path, here=False) for h in stack]
            marker = _marker(templates[level - 1], counts, level)
            path = (*(stack[-1].path if stack else ()), marker + section.title)
            heading = Heading(section, marker, path)
            stack.append(heading)
            found.append(heading)
        result.append(found)
    return result


def _marker(template: str, counts: list[int], level: int) -> str:
    n = counts[level - 1]
    if template.startswith("1-1"):
        return template.replace("1-1", f"{counts[0]}-{counts[1]}")
    for one, value in (
        ("１", chr(0xFF10 + n)), ("1", str(n)), ("①", chr(0x2460 + n - 1)), ("ア", KANA[n - 1]), ("Ⅰ", ROMAN[n - 1]),
        ("ⅰ", SMALL_ROMAN[n - 1]),
    ):  # fmt: skip
        if one in template:
            return template.replace(one, value)
    return template
