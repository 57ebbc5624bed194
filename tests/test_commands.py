# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands `search`, `samples` and `doctor`, as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from koteihyo.pipeline.cli import app
from koteihyo.schema.errors import KoteihyoError, UsageError


def run(*words: object) -> tuple[int, str]:
    """Exit code and output; a declared failure is raised, as `main` gets it."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, KoteihyoError):
        raise result.exception
    return result.exit_code, result.output


def test_search_shows_where_the_words_stand(processed: Path) -> None:
    code, printed = run("search", "外部監査", "--out", processed)
    assert code == 0
    first = printed.splitlines()[:3]
    assert first[0].startswith("1. sample-2024  p.2 ")
    assert "FY2027" in first[0]
    assert "①認証の共通部品" in first[1]
    assert first[2] == "   ▲外部監査の実施（2027年10月）"


def test_search_finds_words_whatever_their_form(processed: Path) -> None:
    _code, printed = run("search", "取り組み", "データ", "--out", processed, "--json", "--limit", "3")
    hits = json.loads(printed)
    assert len(hits) <= 3
    by_form = {run("search", word, "--out", processed)[1] for word in ("オンライン", "ｵﾝﾗｲﾝ")}
    assert len(by_form) == 1


def test_search_keeps_to_an_edition_and_says_when_there_is_nothing(processed: Path) -> None:
    _code, printed = run("search", "実証", "--edition", "sample-2025", "--json", "--out", processed)
    hits = json.loads(printed)
    assert {hit["edition_id"] for hit in hits} == {"sample-2025"}
    assert all(hit["text"][start:end] for hit in hits for start, end in hit["marks"])
    assert run("search", "宇宙人", "--out", processed) == (0, "nothing found\n")
    with pytest.raises(UsageError, match="has no words"):
        run("search", "、", "--out", processed)


def test_samples_are_put_beside_what_is_there(tmp_path: Path) -> None:
    register = tmp_path / "editions.toml"
    register.write_text('# mine\n[[edition]]\nid = "2031"\ntitle = "計画"\nfile = "2031.pdf"\n', encoding="utf-8")
    code, printed = run("samples", "--raw", tmp_path)
    assert code == 0
    assert "koteihyo run" in printed
    assert (tmp_path / "sample-2025.pdf").read_bytes().startswith(b"%PDF")
    text = register.read_text(encoding="utf-8")
    assert text.startswith("# mine")
    assert text.count("[[edition]]") == 3
    assert "the samples are there already" in run("samples", "--raw", tmp_path)[1]
    assert register.read_text(encoding="utf-8") == text


def test_doctor_finds_a_sound_installation(processed: Path, samples: Path) -> None:
    code, printed = run("doctor", "--raw", samples, "--out", processed, "--json")
    checks = {check["check"]: check for check in json.loads(printed)}
    assert code == 0, printed
    assert all(check["ok"] for check in checks.values())
    assert checks["dictionary"]["detail"].startswith("工程")
    assert checks["stored tables"]["detail"] == "2 editions, whole"


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    # A fresh folder lacks nothing: it says how to begin.
    code, printed = run("doctor", "--raw", tmp_path / "none", "--out", tmp_path / "out")
    assert code == 0
    assert "koteihyo samples" in printed
    (tmp_path / "editions.toml").write_text("[[edition]", encoding="utf-8")
    code, printed = run("doctor", "--raw", tmp_path, "--out", tmp_path / "out")
    assert code == 1
    wrong = [line for line in printed.splitlines() if "MISSING" in line]
    assert len(wrong) == 1
    assert wrong[0].startswith("editions")


def test_doctor_finds_a_damaged_database(processed: Path, samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "processed"
    shutil.copytree(processed, out, symlinks=True)
    file = out / "koteihyo.duckdb"
    content = file.read_bytes()
    file.resolve().chmod(0o644)
    file.write_bytes(content[: len(content) // 2])
    code, printed = run("doctor", "--raw", samples, "--out", out)
    assert code == 1
    assert "damaged" in printed
