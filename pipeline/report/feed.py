# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changes between editions as an Atom feed (RFC 4287): an entry for each measure that people changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from koteihyo.pipeline.diff.changes import Comparison
from koteihyo.pipeline.report.contents import BY_TIME, Measure, measures_of
from koteihyo.pipeline.report.write import entry_html
from koteihyo.pipeline.terminal import clean
from koteihyo.schema.changes import ChangeType
from koteihyo.schema.records import Edition

_ATOM = "http://www.w3.org/2005/Atom"
# Any fixed number: what it names keeps its id from run to run and on every machine.
_NAMESPACE = UUID("5f0d4a57-6c0c-5d0c-9a4e-3b1f7e0d2c61")
# Atom wants a time of every entry. An edition whose day of publication is unknown gets one that is plainly no day of its.
_UNKNOWN_DAY = dt.date(2000, 1, 1)


def atom(comparisons: Sequence[Comparison], only: frozenset[ChangeType] = frozenset()) -> str:
    """The feed's text, newest pair first.

    An entry keeps its id as long as the pair, its texts and its places stay, so that a feed that is written anew shows
    a reader nothing twice. Times come from the editions and not the clock: the same tables give the same feed.

    Args:
        comparisons: Pairs of editions, oldest first.
        only: The types of change to tell; what time alone brings about (expired, rolled) is left out when not given.
    """
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "ja"})
    _add(feed, "id", _urn("feed", comparisons[0].old.edition_id))
    _add(feed, "title", f"工程表の変更点　{' → '.join(_names(comparisons))}")
    _add(feed, "updated", _time(comparisons[-1].new))
    _add(SubElement(feed, "author"), "name", "koteihyo")
    _add(feed, "generator", "koteihyo")
    for comparison in reversed(comparisons):
        seen: dict[tuple[str, ...], int] = {}
        for measure in measures_of(comparison.changes):
            types = {change.change_type for change in measure.changes}
            if types & only if only else types - BY_TIME:
                feed.append(_entry(comparison, measure, seen))
    indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _names(comparisons: Sequence[Comparison]) -> list[str]:
    return [comparisons[0].old.edition_id, *(comparison.new.edition_id for comparison in comparisons)]


def _entry(comparison: Comparison, measure: Measure, seen: dict[tuple[str, ...], int]) -> Element:
    change = measure.change
    entry = Element("entry")
    key = (
        comparison.old.edition_id,
        comparison.new.edition_id,
        change.old_text or "",
        change.new_text or "",
        *change.old_path,
        change.old_row or "",
        *change.new_path,
        change.new_row or "",
    )
    # The same text twice in one place: told apart by the order.
    seen[key] = seen.get(key, -1) + 1
    _add(entry, "id", _urn("entry", *key, str(seen[key])))
    _add(entry, "title", f"【{'・'.join(measure.labels)}】{change.new_text or change.old_text}")
    _add(entry, "updated", _time(comparison.new))
    for kind in measure.changes:
        SubElement(entry, "category", {"term": kind.change_type})
    for owner in change.owners:
        SubElement(entry, "category", {"term": clean(owner), "scheme": "urn:koteihyo:owner"})
    edition, page = (comparison.new, change.new_page_no) if change.new_page_no else (comparison.old, change.old_page_no)
    if edition.source_url:
        # Without a type: readers take a link to a PDF for an attachment, not for where the entry leads.
        SubElement(entry, "link", {"rel": "alternate", "href": f"{clean(edition.source_url)}#page={page}"})
    SubElement(entry, "content", {"type": "html"}).text = entry_html(measure)
    return entry


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def _urn(*parts: str) -> str:
    return uuid5(_NAMESPACE, "\x1f".join(parts)).urn


def _time(edition: Edition) -> str:
    return f"{edition.published_on or _UNKNOWN_DAY}T00:00:00Z"
