# SPDX-License-Identifier: AGPL-3.0-or-later
"""The explorer: what is written, and what a person sees of it in a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from koteihyo.pipeline.diff.changes import Comparison, compare_editions
from koteihyo.pipeline.run.batch import Options, run
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.site.contents import clean
from koteihyo.pipeline.site.frame import data_script, slug
from koteihyo.pipeline.site.history import compare_all
from koteihyo.pipeline.site.stored import load_shown
from koteihyo.pipeline.site.write import MARK, write_site
from koteihyo.pipeline.store.search import search
from koteihyo.schema.errors import UsageError
from koteihyo.schema.records import EditionRecords
from tests.browsing import browser, serious_violations
from tests.conftest import ROOT

__all__ = ["browser"]


@pytest.fixture(scope="module")
def tables(processed: Path) -> Path:
    return processed


@pytest.fixture(scope="module")
def site(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "under a path"
    write_site(tables, ROOT / "data" / "raw", target, ())
    return target


def _data(site: Path, name: str) -> Any:
    text = (site / "data" / f"{name}.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix(f'koteihyo.receive("{name}",').removesuffix(");\n"))


def test_every_record_is_in_the_site(site: Path) -> None:
    catalog = _data(site, "catalog")
    assert [e["id"] for e in catalog["editions"]] == ["sample-2024", "sample-2025"]
    edition = _data(site, "edition-sample-2024")
    assert len(edition["items"]["id"]) == catalog["editions"][0]["items"] == 71
    assert len(_data(site, catalog["pairs"][0]["file"])["measures"]) > 30
    assert all((site / d["href"]).stat().st_size == d["bytes"] for d in _data(site, "downloads"))
    assert sorted(p.name for p in (site / "pictures" / "sample-2024").glob("*.webp"))[:2] == ["p1.webp", "p2.webp"]


def test_downloads_hold_the_changes_that_the_site_shows(samples: Path, tmp_path: Path) -> None:
    # Nobody has run `koteihyo diff`: the site compares its editions itself.
    run(Options(raw=samples, out=tmp_path / "out", limits=Limits(witness=False, facts=False)))
    write_site(tmp_path / "out", samples, tmp_path / "site", ())
    downloads = tmp_path / "site" / "downloads"
    changes = pl.read_csv(downloads / "edition_changes.csv")
    assert changes.height == 65
    assert pl.read_parquet(downloads / "edition_changes.parquet").height == 65
    assert pl.read_csv(downloads / "item_lineage.csv").height > 0
    assert set(changes["change_type"]) >= {"added", "rescheduled"}


def test_only_editions_with_a_text_in_common_are_compared(tables: Path) -> None:
    old, new = (load_shown(tables, edition) for edition in ("sample-2024", "sample-2025"))
    assert len(compare_all([old, new])) == 1
    others = [item.model_copy(update={"text": f"別の計画の施策{i}"}) for i, item in enumerate(new.schedule_items)]
    asked: list[str] = []

    def compare(a: EditionRecords, b: EditionRecords) -> Comparison:
        asked.append(b.edition.edition_id)
        return compare_editions(a, b)

    assert compare_all([old, new.model_copy(update={"schedule_items": others})], compare) == []
    assert asked == []


def test_pictures_are_drawn_once(tables: Path, site: Path) -> None:
    picture = site / "pictures" / "sample-2024" / "p2.webp"
    picture.write_bytes(b"kept")
    write_site(tables, ROOT / "data" / "raw", site, ())
    assert picture.read_bytes() == b"kept"
    (site / "pictures" / "sample-2024" / "source.txt").unlink()
    write_site(tables, ROOT / "data" / "raw", site, ())
    assert picture.read_bytes()[:4] == b"RIFF"


def test_a_folder_of_something_else_is_not_replaced(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        write_site(tables, ROOT / "data" / "raw", tmp_path, ())
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_the_pdf_there_are_boxes_only(tables: Path, tmp_path: Path) -> None:
    written = write_site(tables, tmp_path, tmp_path / "site", ["sample-2024"])
    assert set(written.without_pictures) == {"sample-2024"}
    assert not _data(tmp_path / "site", "catalog")["editions"][0]["pictures"]
    assert (tmp_path / "site" / MARK).is_file()


def test_names_of_files_are_safe_and_different() -> None:
    names = ["2022-06", "../x", "a/b", "a_2fb", "計画", "A b"]
    assert len({slug(name) for name in names}) == len(names)
    assert all(
        set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") for name in names
    )


def test_disguises_are_taken_out_of_texts() -> None:
    assert clean("\u202eabc\x1b[31m") == "abc[31m"
    assert data_script("x", {"a": "</script>"}) == 'koteihyo.receive("x",{"a":"</script>"});\n'


@pytest.fixture
def page(browser: Any, site: Path) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1300, "height": 850})
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: problems.append(r.url) if not r.url.startswith("file:") else None)
    yield page
    page.close()
    assert problems == []


def _open(page: Any, site: Path, where: str) -> None:
    page.goto("about:blank")
    page.goto(f"{(site / 'index.html').as_uri()}#/{where}")
    page.wait_for_selector("main[data-view]")


def test_filters_narrow_the_plan_and_stand_in_the_address(page: Any, site: Path) -> None:
    _open(page, site, "plan/sample-2024")
    page.wait_for_selector(".item")
    assert page.inner_text(".count").startswith("71 / 71")
    page.get_by_role("checkbox", name="総務省").check()
    page.wait_for_function("document.querySelector('.count').textContent.startsWith('7 ')")
    assert "ministry=" in page.url
    # Each choice says how many items it would leave.
    label = page.locator("[data-key=starts] option[value='2026']").inner_text()
    page.select_option("[data-key=starts]", "2026")
    page.wait_for_function(f"document.querySelector('.count').textContent.startsWith('{label.split('（')[1][:-1]} ')")
    page.wait_for_function("!document.querySelector('.count').textContent.startsWith('7 ')")
    shown = page.locator(".item").all_inner_texts()
    page.reload()
    page.wait_for_selector(".item")
    assert page.locator(".item").all_inner_texts() == shown
    page.go_back()


def test_that_nothing_matches_is_no_dead_end(page: Any, site: Path) -> None:
    _open(page, site, "plan/sample-2024?ministry=財務省&starts=2025")
    page.wait_for_selector(".empty")
    # What the other filters leave nothing of is still there to be chosen.
    assert page.locator('[data-key="ministry=財務省"]').is_checked()
    told = page.inner_text(".empty")
    assert "府省の記載がありません" in told
    page.get_by_role("button", name="それも表示").click()
    page.wait_for_selector(".item")
    assert page.inner_text(".count").startswith(re.findall(r"うち (\d+) 件", told)[0])
    assert "いずれか" in page.inner_text(".filters")


def test_from_item_to_page_to_item_with_the_keyboard(page: Any, site: Path) -> None:
    _open(page, site, "plan/sample-2024")
    first = page.locator(".item").first
    first.focus()
    page.keyboard.press("ArrowRight")
    text = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .itemtext")
    assert page.inner_text(".panel .itemtext").replace("\n", "") == text.replace("\n", "")
    page.get_by_role("link", name="ページで見る", exact=True).click()
    page.wait_for_selector(".records li[aria-current]")
    page.keyboard.press("n")
    page.wait_for_function("location.hash.includes('item=')")
    assert page.locator(".box.chosen").count() == 1
    page.keyboard.press("Escape")


def test_changes_show_words_years_and_both_pages(page: Any, site: Path) -> None:
    _open(page, site, "changes/sample-2024/sample-2025?type=rescheduled")
    page.wait_for_selector(".change")
    assert page.locator(".change").count() == 12
    assert "1年遅く" in page.inner_text(".changesview")
    page.locator(".change details summary").first.click()
    page.wait_for_selector(".twocrops figure:nth-child(2) img")
    _open(page, site, "history?delayed=1")
    page.wait_for_selector(".change .spans")
    assert "延期 1 回" in page.inner_text(".changesview")


@pytest.mark.parametrize("query", ["本人確認", "手続 電子", "自治体のシステム", "観測網"])
def test_the_browser_finds_what_the_command_finds(page: Any, site: Path, tables: Path, query: str) -> None:
    _open(page, site, f"search?q={query}")
    page.wait_for_selector(".hits li")
    found = [text.split("\n")[0] for text in page.locator(".hits li > a").all_inner_texts()]
    assert found[:10] == [clean(hit.text) for hit in search(tables, query)]


def test_narrow_screens_and_the_other_language(page: Any, site: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    _open(page, site, "plan/sample-2025")
    page.wait_for_selector(".item")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("text=items shown")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".item").count() == 62


@pytest.mark.parametrize(
    "where", ["start", "plan/sample-2024?item=p2:i0", "page/sample-2024/2", "changes", "search?q=手続", "data", "about"]
)
def test_axe_finds_nothing_serious(browser: Any, site: Path, where: str) -> None:
    # Not the watched page: axe itself asks for the style sheet.
    page = browser.new_page(viewport={"width": 1300, "height": 850})
    _open(page, site, where)
    page.wait_for_timeout(300)
    serious = serious_violations(page)
    page.close()
    assert serious == []


def test_hostile_texts_do_nothing(browser: Any, site: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "site"
    shutil.copytree(site, hostile)
    file = hostile / "data" / "edition-sample-2024.js"
    edition = _data(site, "edition-sample-2024")
    for i, text in enumerate(
        ['<img src=x onerror="window.hit=1">', "</script><script>window.hit=1</script>", "javascript:alert(1)"]
    ):
        edition["items"]["text"][i] = text
        edition["sections"]["path"][i] = [text]
    edition["edition"]["source_url"] = "javascript:window.hit=1"
    file.write_text(data_script("edition-sample-2024", edition), encoding="utf-8")
    page = browser.new_page()
    for where in ("plan/sample-2024?item=p2:i0", "page/sample-2024/2", "item/sample-2024/p2:i0"):
        _open(page, hostile, where)
        page.wait_for_timeout(200)
        assert page.evaluate("window.hit") is None
        assert page.locator("main img[onerror]").count() == 0
        assert page.locator('a[href^="javascript:"]').count() == 0
    page.close()
