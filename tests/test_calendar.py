# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar, read by a parser that did not write it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import koteihyo
from koteihyo.pipeline.export.calendar import write_calendar

vobject = pytest.importorskip("vobject", reason="vobject reads the calendar back")


@pytest.fixture(scope="module")
def events(processed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    path = tmp_path_factory.mktemp("ics") / "plan.ics"
    count = write_calendar(processed, path, ["sample-2024"])
    calendar = vobject.readOne(path.read_text(encoding="utf-8"))
    assert len(calendar.vevent_list) == count
    return {event.summary.value: event for event in calendar.vevent_list}


def test_a_month_is_an_all_day_event_of_that_month(events: dict[str, object]) -> None:
    event = events["▲外部監査の実施（2027年10月）"]
    assert (event.dtstart.value, event.dtend.value) == (dt.date(2027, 10, 1), dt.date(2027, 11, 1))
    assert "①認証の共通部品" in event.description.value
    assert "sample-2024" in event.description.value


def test_what_is_only_a_year_is_no_event(processed: Path, events: dict[str, object]) -> None:
    dates = koteihyo.open(processed).sql(
        "SELECT precision::VARCHAR AS precision, role::VARCHAR AS role, date_from FROM item_dates "
        "WHERE edition_id = 'sample-2024'"
    )
    assert "fiscal_year" in set(dates["precision"])
    exact = [r for r in dates.iter_rows() if r[0] in ("day", "month") and r[1] != "reference" and r[2]]
    assert len(events) == len(exact)


def test_the_newest_edition_moves_the_events_of_the_one_before(processed: Path, tmp_path: Path) -> None:
    of = {}
    for name, editions in (("old", ["sample-2024"]), ("new", ["sample-2025"]), ("usual", [])):
        write_calendar(processed, tmp_path / "x.ics", editions)
        calendar = vobject.readOne((tmp_path / "x.ics").read_text(encoding="utf-8"))
        of[name] = {event.uid.value: event for event in calendar.vevent_list}
    assert list(of["usual"]) == list(of["new"])
    moved = [uid for uid in of["old"] if uid in of["new"] and "外部監査" in of["old"][uid].summary.value]
    assert [(of[name][uid].dtstart.value.year) for uid in moved for name in ("old", "new")] == [2027, 2028]


def test_uids_stay_the_same_and_are_unique(processed: Path, tmp_path: Path) -> None:
    write_calendar(processed, tmp_path / "a.ics", [])
    write_calendar(processed, tmp_path / "b.ics", [])
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes()
    uids = [event.uid.value for event in vobject.readOne((tmp_path / "a.ics").read_text()).vevent_list]
    assert len(uids) == len(set(uids)) > 0
