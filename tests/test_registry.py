# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register of editions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from koteihyo.pipeline.sources.registry import REGISTER, Registration, add_registration, load_registry
from koteihyo.schema.errors import UsageError
from tests.conftest import ROOT


def _write(folder: Path, text: str) -> None:
    (folder / REGISTER).write_text(text, encoding="utf-8")


def test_the_bundled_register_knows_the_samples_and_the_official_edition() -> None:
    registry = load_registry(ROOT / "data" / "raw")
    assert {"sample-2024", "sample-2025", "2022-06"} <= set(registry)
    assert registry["2022-06"].sha256 == "a86cf6e238193e98e4ddfffac753a66c6783248dc4f6dadb95292a76dc3e4a05"
    assert (registry["2022-06"].source_url or "").startswith("https://www.digital.go.jp/")


def test_an_added_edition_is_read_back_and_comments_stay(tmp_path: Path) -> None:
    _write(tmp_path, "# kept\n")
    edition = Registration(
        id="2031-01", title='"引用"と\\', file="2031-01.pdf", published_on=dt.date(2031, 1, 2), sha256="0" * 64
    )
    add_registration(tmp_path, edition)
    assert load_registry(tmp_path) == {"2031-01": edition}
    assert (tmp_path / REGISTER).read_text(encoding="utf-8").startswith("# kept\n")


@pytest.mark.parametrize(
    "entry",
    [
        'id = "../x"\ntitle = "t"\nfile = "a.pdf"',
        'id = "a"\ntitle = "t"\nfile = "../a.pdf"',
        'id = "a"\ntitle = "t"\nfile = "/etc/a.pdf"',
        'id = "a"\ntitle = "t"\nfile = "a.txt"',
        'id = "a"\ntitle = "t"\nfile = "a.pdf"\nsource_url = "http://example.org/a.pdf"',
        'id = "a"\ntitle = "t"\nfile = "a.pdf"\nsource_url = "file:///etc/passwd"',
        'id = "a"\ntitle = "t"\nfile = "a.pdf"\nsha256 = "abc"',
        'id = "a"\ntitle = "t"\nfile = "a.pdf"\nextra = 1',
    ],
)
def test_what_leaves_the_folder_or_makes_no_sense_is_refused(entry: str, tmp_path: Path) -> None:
    _write(tmp_path, "[[edition]]\n" + entry)
    with pytest.raises(UsageError, match="edition 1"):
        load_registry(tmp_path)


def test_an_id_twice_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, '[[edition]]\nid = "a"\ntitle = "t"\nfile = "a.pdf"\n' * 2)
    with pytest.raises(UsageError, match="twice"):
        load_registry(tmp_path)


def test_no_register_is_an_empty_one(tmp_path: Path) -> None:
    assert load_registry(tmp_path) == {}
