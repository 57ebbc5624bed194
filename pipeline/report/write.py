# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports as Markdown, and as one HTML file that needs nothing else, from templates."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from koteihyo.pipeline.diff.wording import word_pieces
from koteihyo.pipeline.report.contents import LABELS, Contents, Measure, column_label, section_of, span_text
from koteihyo.pipeline.terminal import clean

if TYPE_CHECKING:
    from jinja2 import Environment

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~&])")


def markdown(contents: Contents) -> str:
    """The report as Markdown; what texts have of its signs is escaped."""
    environment = _environment(escaped=False)
    environment.filters["plain"] = lambda text: _MARKDOWN.sub(r"\\\1", clean(text))
    return _render(environment, "report.md.j2", contents)


def html(contents: Contents) -> str:
    """The report as HTML; the template escapes all texts."""
    return _render(_html_environment(), "report.html.j2", contents)


def entry_html(measure: Measure) -> str:
    """One measure as the HTML of a feed's entry."""
    change = measure.change
    sides = (
        ("旧", change.old_text, change.old_fy_start, change.old_fy_end),
        ("新", change.new_text, change.new_fy_start, change.new_fy_end),
    )
    section = section_of(change)
    return _html_environment().get_template("entry.html.j2").render(measure=measure, sides=sides, section=section)


@cache
def _html_environment() -> Environment:
    environment = _environment(escaped=True)
    environment.filters["plain"] = clean
    return environment


def _environment(escaped: bool) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("koteihyo.pipeline.report"),
        autoescape=escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(word_pieces=word_pieces, span_text=span_text, column_label=column_label)
    return environment


def _render(environment: Environment, template: str, contents: Contents) -> str:
    chapters = {**contents.chapters, "計": contents.totals}
    return environment.get_template(template).render(contents=contents, chapters=chapters, labels=LABELS)
