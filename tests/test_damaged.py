# SPDX-License-Identifier: AGPL-3.0-or-later
"""No document, however damaged, ends in anything but rows that account for it, or a reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from koteihyo.pipeline.run.jobs import MEBIBYTE, Limits, Request, Result
from koteihyo.pipeline.run.pool import read_all
from koteihyo.schema.records import Edition
from tests.robustness.batch import Ending, read_batch
from tests.robustness.corpus import encrypted, expensive, hostile, mutations, refused, saved
from tests.robustness.handmade import chart, pages, roadmap, stream

REASONS = {"not_a_pdf", "empty", "damaged", "password", "too_many_pages", "no_text", "memory"}
SAMPLES = sorted((Path(__file__).parent.parent / "data" / "raw").glob("sample-*.pdf"))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ending]:
    sound = {
        "plain": roadmap(),
        "packed": saved(roadmap(), use_objstms=1, deflate=True),
        "flate": roadmap(3, compressed=True),
    }
    documents = dict(hostile())
    for name, data in sound.items():
        documents.update(mutations(name, data, 12))
    for path in SAMPLES:
        documents.update(mutations(path.stem, path.read_bytes(), 1))
    assert len(documents) >= 300
    return read_batch(documents, tmp_path_factory.mktemp("damaged"))


@pytest.mark.timeout(600)
def test_every_damaged_document_is_read_or_refused_with_a_declared_reason(damaged: dict[str, Ending]) -> None:
    kinds = Counter(ending.kind for ending in damaged.values())
    unexpected = {name: ending for name, ending in damaged.items() if ending.kind not in {"read", *REASONS}}
    assert not unexpected, kinds


def test_no_damaged_document_is_silently_empty(damaged: dict[str, Ending]) -> None:
    silent = [name for name, e in damaged.items() if e.kind == "read" and not e.rows and not e.findings]
    assert not silent


def test_reasons_say_what_to_do(damaged: dict[str, Ending]) -> None:
    refusals = [ending.message for ending in damaged.values() if ending.kind != "read"]
    assert refusals
    assert all(".pdf" in message and ":" in message and ";" in message for message in refusals)


@pytest.mark.parametrize("name", sorted(refused()))
def test_refused_with_the_right_reason(name: str, tmp_path: Path) -> None:
    reason, data = refused()[name]
    ending = read_batch({name: data}, tmp_path, processes=1)[name]
    assert ending.kind == reason


@pytest.mark.parametrize("name", sorted(expensive()))
def test_an_expensive_document_ends_within_the_limits_of_its_worker(name: str, tmp_path: Path) -> None:
    endings, data = expensive()[name]
    result = _read_in_worker(data, tmp_path, Limits(timeout=8, memory=512 * MEBIBYTE))
    assert (result.failure.reason if result.failure else "read") in endings


def test_a_damaged_page_is_said_in_the_findings(tmp_path: Path) -> None:
    documents = {name: hostile()[name] for name in ("half-flate", "type3-recursion")}
    endings = read_batch(documents, tmp_path, processes=1)
    assert all(ending.findings for ending in endings.values())


def test_text_of_an_encrypted_document_without_password_is_read(tmp_path: Path) -> None:
    ending = read_batch({"open": hostile()["encrypted-empty-password"]}, tmp_path, processes=1)["open"]
    assert ending.kind == "read"
    assert ending.rows > 0


def test_a_password_of_the_attachments_is_none_of_the_pages(tmp_path: Path) -> None:
    import pymupdf

    locked = pymupdf.open("pdf", encrypted(roadmap(), "secret"))
    crypt = locked.xref_get_key(-1, "Encrypt")[1]
    # The pages of a plain document, with the lock of the other: neither its streams nor its strings go through it.
    plain = crypt.replace("/StmF/StdCF", "/StmF/Identity/EFF/StdCF").replace("/StrF/StdCF", "/StrF/Identity")
    assert plain.count("Identity") == 2
    data = roadmap().replace(b"trailer\n<<", b"trailer\n<</Encrypt" + plain.encode("latin-1"))
    with pymupdf.open("pdf", data) as pdf:
        assert pdf.needs_pass
    ending = read_batch({"attached": data}, tmp_path, processes=1)["attached"]
    assert (ending.kind, ending.message) == ("read", "")
    assert ending.rows > 0


def test_the_corpus_is_the_same_in_every_run() -> None:
    first, second = (dict(mutations("plain", roadmap(), 2)) for _ in range(2))
    assert first == second


def _read_in_worker(data: bytes, folder: Path, limits: Limits) -> Result:
    pdf = folder / "hostile.pdf"
    pdf.write_bytes(data)
    edition = Edition(edition_id="x", title="x", source_sha256="", source_file="x.pdf", page_count=0)
    request = Request(pdf=pdf, edition=edition, limits=limits)
    ((_, _, result),) = read_all([request], folder / "jobs", 1)
    return result


def test_a_tile_of_absurd_size_costs_neither_memory_nor_the_page(tmp_path: Path) -> None:
    tile = stream(
        b"0.6 0 0 rg 0 0 4 3 re f",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 2147483648]/XStep 4/YStep 4/Resources<<>>",
    )
    # The cover makes the reader look at the page as it is painted.
    painted = chart() + b"1 1 1 rg 0 0 842 595 re f /Pattern cs /P scn 300 300 120 16 re f"
    pdf = pages([stream(painted)], resources=b"/Pattern<</P 5 0 R>>", o5=tile)
    ending = read_batch({"tile": pdf}, tmp_path)["tile"]
    assert (ending.kind, "2022年度" in ending.told) == ("read", True)
    assert ending.peak < 600 * MEBIBYTE
