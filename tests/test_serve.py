# SPDX-License-Identifier: AGPL-3.0-or-later
"""The review desk: what it writes, what it refuses, and a correction from a click to the changed table."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from koteihyo.pipeline.run.batch import corrections_file
from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.site.contents import edition_contents
from koteihyo.schema.errors import KoteihyoError
from tests.browsing import browser, serious_violations

pytest.importorskip("starlette", reason="the extra `serve` is not installed")
pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from koteihyo.pipeline.serve.desk import Desk
from koteihyo.pipeline.serve.live import Live
from koteihyo.pipeline.serve.wishes import Outdated, Refused, Undo, Wish

__all__ = ["browser"]

EDITION = "sample-2024"
SIGNED = {"reason": "見た", "by": "山田"}


@dataclass
class Place:
    """Folders of a person who corrects the samples."""

    raw: Path
    out: Path

    @property
    def file(self) -> Path:
        return corrections_file(self.raw, EDITION)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.out / "koteihyo.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def _place(processed: Path, samples: Path, folder: Path) -> Place:
    place = Place(folder / "data" / "raw", folder / "data" / "processed")
    shutil.copytree(samples, place.raw)
    shutil.copytree(processed, place.out, symlinks=True)
    return place


@pytest.fixture
def place(processed: Path, samples: Path, tmp_path: Path) -> Place:
    return _place(processed, samples, tmp_path)


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    live = Live(place.out, place.raw)
    desk = Desk(live, place.raw, place.out, Limits(witness=False, facts=False))
    yield desk
    # The tables need not follow any more.
    desk._queue.clear()
    desk.close()
    live.close()


def _item(place: Place, text: str) -> dict[str, Any]:
    """An item as a browser names it and says what it saw."""
    live = Live(place.out, place.raw)
    records = live.records(EDITION)
    live.close()
    assert records is not None
    contents = edition_contents(records)
    items, at = contents["items"], contents["items"]["text"].index(text)
    seen = {name: items[name][at] for name in ("text", "kind", "fy_start", "fy_end", "owners", "corrected_by")}
    for name, table in (("section", "sections"), ("row", "rows")):
        seen[name] = None if items[name][at] is None else contents[table]["id"][items[name][at]]
    return {"edition": EDITION, "item": items["id"][at], "seen": seen, **SIGNED}


def _wish(fields: dict[str, Any], **more: Any) -> Wish:
    return Wish.model_validate({**fields, **more})


def test_a_correction_is_written_shown_and_in_the_tables(desk: Desk, place: Place) -> None:
    place.file.parent.mkdir()
    mine = "# 山田の訂正\n- {page: 2, text: ない, drop: true, reason: x}  # まだ\n"
    place.file.write_text(mine, encoding="utf-8")
    item = _item(place, "定常運用")
    answer = desk.write(_wish(item, action="set", fy_start=2027, owners=["国土交通省"]))
    (change,) = answer["changes"]
    assert change["values"]["years"] == ["2028", "2027～2028"]
    assert change["values"]["owners"] == ["", "国土交通省"]
    assert place.file.read_text(encoding="utf-8").startswith(mine)
    desk.settle()
    query = "SELECT fy_start, owners, corrected_by FROM schedule_items WHERE edition_id = 'sample-2024' AND text = '定常運用'"
    assert place.ask(query) == [(2027, ["国土交通省"], "山田: 見た")]
    # What is made of several editions was made again.
    assert place.ask("SELECT count(*) > 30 FROM edition_changes") == [(True,)]
    state = desk.state(EDITION)
    assert (state["busy"], state["problem"], len(state["unused"])) == (False, None, 1)
    desk.undo(Undo(edition=EDITION, key=answer["key"]))
    assert place.file.read_text(encoding="utf-8") == mine


def test_an_item_moves_to_another_row_and_a_bar_without_pdf_has_no_picture(desk: Desk, place: Place) -> None:
    item = _item(place, "貸出アプリの開発")
    records = desk._live.records(EDITION)
    assert records is not None
    other = next(r for r in records.table_rows if r.page_no == 5 and f"{EDITION}:{item['seen']['row']}" != r.row_id)
    (change,) = desk.write(_wish(item, action="set", row=other.row_id.removeprefix(f"{EDITION}:")))["changes"]
    assert change["values"]["place"][1].endswith(other.name)
    (place.raw / "sample-2025.pdf").unlink()
    live = Live(place.out, place.raw)
    catalog = live.script("catalog") or ""
    live.close()
    assert re.findall(r'"pictures":(\w+)', catalog) == ["true", "false"]


def test_an_item_loses_its_heading_and_another_is_drawn_where_nothing_was_found(desk: Desk, place: Place) -> None:
    item = _item(place, "定常運用")
    (change,) = desk.write(_wish(item, action="set", section=""))["changes"]
    assert change["values"]["place"][1] == ""
    assert "set: {section: null}" in place.file.read_text(encoding="utf-8")
    with pytest.raises(Refused, match="囲んで"):
        desk.write(_wish({"edition": EDITION, **SIGNED}, action="add", page=2, text="公開", fy_start=2025, fy_end=2026))
    drawn = {"edition": EDITION, **SIGNED, "page": 2, "box": [300.04, 200, 420, 214], "text": "公開の準備"}
    for _ in range(2):
        # Two of one name at once are two items.
        (change,) = desk.write(_wish(drawn, action="add", fy_start=2025, fy_end=2026))["changes"]
        assert (change["what"], change["text"]) == ("added", "公開の準備")
    records = desk._live.records(EDITION)
    assert records is not None
    row = next(r for r in records.table_rows if r.page_no == 5)
    in_row = {**drawn, "page": 5, "text": "試行", "row": row.row_id.removeprefix(f"{EDITION}:")}
    (change,) = desk.write(_wish(in_row, action="add", fy_start=2025, fy_end=2025))["changes"]
    assert change["values"]["place"][1].endswith(row.name)
    desk.settle()
    query = (
        "SELECT x0, y1, fy_start, fy_end FROM schedule_items WHERE edition_id = 'sample-2024' AND text = '公開の準備'"
    )
    assert place.ask(query) == [(300.0, 214.0, 2025, 2026)] * 2
    query = "SELECT section_id FROM schedule_items WHERE edition_id = 'sample-2024' AND text = '定常運用'"
    assert place.ask(query) == [(None,)]


def test_two_people_lose_nothing(desk: Desk, place: Place) -> None:
    same, other = _item(place, "定常運用"), _item(place, "共有項目の整理")
    desk.write(_wish(same, action="set", fy_start=2027))
    with pytest.raises(Outdated, match="山田"):
        desk.write(_wish(same, action="set", fy_start=2026))
    threads = [
        threading.Thread(target=desk.write, args=(_wish(other, action="accept", by="佐藤"),)),
        threading.Thread(
            target=desk.write, args=(_wish(_item(place, "提供方法の見直し"), action="accept", by="鈴木"),)
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changed = _item(place, "自治体の様式の実態調査")
    # A person with an editor, or another desk.
    with place.file.open("a", encoding="utf-8") as file:
        file.write("- {page: 3, text: 自治体の様式の実態調査, set: {fy_end: 2025}, reason: 見た}\n")
    with pytest.raises(Outdated):
        desk.write(_wish(changed, action="drop"))
    assert sorted(entry["by"] for entry in desk.state(EDITION)["entries"]) == ["", "佐藤", "山田", "鈴木"]
    found = "SELECT count(*) FROM schedule_items WHERE corrected_by IS NOT NULL"
    assert place.ask(found) == [(4,)]


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "set"},
        {"action": "set", "section": "p1:s99"},
        {"action": "add", "finding": "p9:f9"},
        {"action": "accept", "edition": "../../etc/passwd"},
        {"action": "accept", "item": "p2:i999"},
    ],
)
def test_what_would_do_nothing_is_not_written(fields: dict[str, Any], desk: Desk, place: Place) -> None:
    with pytest.raises(KoteihyoError):
        desk.write(_wish({**_item(place, "定常運用"), **fields}))
    assert not place.file.exists()
    assert not (place.raw.parent / "corrections").exists()


@pytest.fixture(scope="module")
def served(processed: Path, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Place]]:
    """The real command at a free port."""
    place = _place(processed, samples, tmp_path_factory.mktemp("served"))
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "serve", "--port", "0", "--no-witness"]
    process = subprocess.Popen(
        [*command, "--raw", place.raw, "--out", place.out], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().split()[0], place
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def _token(address: str) -> str:
    found = re.search('koteihyo-token" content="([^"]+)"', httpx.get(address).text)
    assert found is not None
    return found.group(1)


def test_only_this_machines_own_pages_are_answered(served: tuple[str, Place]) -> None:
    address, place = served
    origin = address.rstrip("/")
    headers = {"origin": origin, "x-koteihyo-token": _token(address), "content-type": "application/json"}
    body = json.dumps({**_item(place, "定常運用"), "action": "drop"})

    def post(**changed: str | None) -> int:
        sent = {
            k: v
            for k, v in {**headers, **{k.replace("_", "-"): v for k, v in changed.items()}}.items()
            if v is not None
        }
        return httpx.post(f"{address}desk", content=body, headers=sent).status_code

    assert post(origin="https://evil.example") == 403
    assert post(origin=None) == 403
    assert post(origin="null") == 403
    assert post(x_koteihyo_token="x" * 43) == 403
    assert post(x_koteihyo_token=None) == 403
    assert post(host="evil.example") == 421
    assert post(content_type="text/plain") == 415
    assert httpx.post(f"{address}desk", content=b" " * 70_000, headers=headers).status_code == 413
    assert httpx.post(f"{address}desk", content='{"sql": "x"}', headers=headers).status_code == 422
    assert httpx.put(f"{address}desk", content=body, headers=headers).status_code == 405
    data = f"{address}data/edition-{EDITION}.js"
    assert httpx.get(data).status_code == 200
    assert httpx.get(data, headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}).status_code == 403
    assert httpx.get(data, headers={"host": "evil.example"}).status_code == 421
    assert httpx.get(address).headers["content-security-policy"].endswith("frame-ancestors 'none'")
    for path in (
        "static/..%2f..%2fpyproject.toml",
        "downloads/..%2fx",
        "data/..%2f..%2fx.js",
        "pictures/..%2fraw/p1.webp",
    ):
        assert httpx.get(address + path).status_code == 404
    assert not place.file.exists()


@pytest.fixture
def page(browser: Any, served: tuple[str, Place]) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    problems: list[str] = []
    # A refused write is told by the browser too.
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" and "(Conflict)" not in m.text else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: None if r.url.startswith(served[0]) else problems.append(r.url))
    yield page
    page.close()
    assert problems == []


def _open(page: Any, address: str, where: str) -> None:
    page.goto(f"{address}#/{where}")
    page.wait_for_selector("main[data-view]")


def test_from_a_click_to_the_changed_table_and_back(page: Any, served: tuple[str, Place]) -> None:
    address, place = served
    item = _item(place, "定常運用")["item"]
    _open(page, address, f"plan/{EDITION}?item={item}")
    page.get_by_role("link", name="この項目を確かめる・直す").click()
    page.wait_for_selector(".handle")
    page.wait_for_selector("img.sheetpicture")
    page.locator("[data-signature=who]").fill("山田")
    # Drag the first end a little past the middle of the column before: it snaps to its edge.
    box = page.locator(".handle").first.bounding_box()
    column = page.locator(".box.layer-headers").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - column["width"] * 0.7, y, steps=4)
    page.mouse.up()
    assert page.locator("[data-field=start]").input_value() == "2027"
    # And click another heading on the page.
    page.get_by_role("button", name="見出し：①電子通知").or_(page.locator(".overlay [role=button]").first).first.click()
    chosen = page.locator("[data-field=section] option:checked").inner_text()
    page.get_by_role("button", name="訂正を書く").click()
    page.wait_for_selector("text=書きました")
    assert "「2028」→「2027～2028」" in page.inner_text(".deskstatus")
    page.wait_for_selector("text=表に反映しました", timeout=60_000)
    query = "SELECT i.fy_start, array_to_string(s.path, ' › ') FROM schedule_items i JOIN sections s USING (section_id) " \
            "WHERE i.edition_id = 'sample-2024' AND i.text = '定常運用'"  # fmt: skip
    assert place.ask(query) == [(2027, chosen)]
    assert "by: 山田" in place.file.read_text(encoding="utf-8")
    _open(page, address, f"item/{EDITION}/{item}")
    page.wait_for_selector("text=山田: ページの画像で確認")
    page.go_back()
    page.get_by_role("button", name="取り消す").click()
    page.wait_for_selector("text=取り消しました")
    page.wait_for_selector("text=表に反映しました", timeout=60_000)
    assert place.ask(query)[0][0] == 2028


def test_the_desk_by_keyboard_alone(page: Any, served: tuple[str, Place]) -> None:
    address, place = served
    _open(page, address, f"review/{EDITION}")
    page.wait_for_selector(".handle")
    page.evaluate("for (const k of ['who', 'why']) koteihyo.signature.set(k, '')")
    first = page.inner_text(".queue li[aria-current]")
    page.locator("[data-action=accept]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.signature") == "who"
    page.keyboard.type("佐藤")
    page.keyboard.press("Tab")
    page.keyboard.type("画像で確認")
    page.locator("[data-action=accept]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=書きました")
    assert page.inner_text(".queue li[aria-current]") != first
    # The keyboard is still at the button, so the next one is one key away.
    assert page.evaluate("document.activeElement.dataset.action") == "accept"
    page.locator(".handle").last.focus()
    before = page.locator("[data-field=end]").input_value()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-field=end]").input_value() > before
    assert page.locator("[data-action=set]").is_enabled()
    assert re.search("accept: true.*by: 佐藤", place.file.read_text(encoding="utf-8"), re.S)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_item_that_was_missed_is_drawn_on_the_page(page: Any, served: tuple[str, Place]) -> None:
    address, place = served
    _open(page, address, f"review/{EDITION}")
    page.wait_for_selector(".handle")
    page.evaluate("koteihyo.signature.set('who', '鈴木')")
    page.get_by_role("link", name="読み落とした項目を加える").click()
    page.wait_for_selector(".overlay.drawing")
    columns = [c.bounding_box() for c in page.locator(".box.layer-headers").all()[:2]]
    page.mouse.move(columns[0]["x"] + 3, columns[0]["y"] + 40)
    page.mouse.down()
    page.mouse.move(columns[1]["x"] + columns[1]["width"] - 3, columns[0]["y"] + 55, steps=4)
    page.mouse.up()
    assert page.locator("[data-action=add]").is_disabled()
    page.locator("[data-field=text]").fill("公開の準備")
    years = [int(page.locator(f"[data-field={end}]").input_value()) for end in ("start", "end")]
    assert years[1] == years[0] + 1
    page.locator("[data-field=section]").select_option(index=1)
    page.locator("[data-action=add]").click()
    page.wait_for_selector("text=項目を加えた「公開の準備」")
    page.wait_for_selector("text=表に反映しました", timeout=60_000)
    query = "SELECT fy_start, fy_end, section_id IS NULL, corrected_by FROM schedule_items WHERE text = '公開の準備'"
    ((start, end, bare, who),) = place.ask(query)
    assert ([start, end], bare, who.split(":")[0]) == (years, False, "鈴木")


def test_what_is_typed_outlives_other_items_and_other_people(page: Any, served: tuple[str, Place]) -> None:
    address, place = served
    items = [_item(place, text)["item"] for text in ("共有項目の整理", "提供方法の見直し")]
    _open(page, address, f"review/{EDITION}?item={items[0]}")
    page.wait_for_selector(".handle")
    page.evaluate("koteihyo.signature.set('who', '鈴木')")
    page.fill("[data-field=text]", "私の文")
    # Any item of the page is a click away, and the list finds the others.
    page.locator(".overlay a.other").last.click()
    page.wait_for_function("!location.hash.endsWith('" + items[0] + "')")
    assert page.input_value("[data-field=text]") != "私の文"
    page.fill("[data-key=list]", "提供方法")
    assert page.locator(".queue li").count() == 1
    page.get_by_role("link", name="私の文").click()
    page.wait_for_selector(".draftnote")
    assert page.input_value("[data-field=text]") == "私の文"
    headers = {"origin": address.rstrip("/"), "x-koteihyo-token": _token(address), "content-type": "application/json"}
    theirs = {**_item(place, "共有項目の整理"), "action": "set", "text": "佐藤の文", "by": "佐藤"}
    answer = httpx.post(f"{address}desk", content=json.dumps(theirs), headers=headers)
    assert answer.status_code == 200
    page.click("[data-action=set]")
    page.wait_for_selector(".said.failed")
    assert "今は「佐藤の文」、あなたは「私の文」" in page.inner_text(".draftnote")
    assert page.input_value("[data-field=text]") == "私の文"
    page.click("[data-action=set]")
    page.wait_for_selector(".said.done")
    # What was said stands in view.
    said = page.locator(".said").bounding_box()
    assert said["y"] + said["height"] < 900
    assert page.locator(".draftnote").count() == 0
    assert page.locator(".drafts").count() == 0


HOSTILE = '<img src=x onerror="window.hit=1"></script><script>window.hit=1</script>\u202e\x1b[31m=HYPERLINK("x")'


def test_hostile_words_do_nothing_at_the_desk(page: Any, served: tuple[str, Place]) -> None:
    address, place = served
    headers = {"origin": address.rstrip("/"), "x-koteihyo-token": _token(address), "content-type": "application/json"}
    item = _item(place, "提供方法の見直し")
    wish = {**item, "action": "set", "text": HOSTILE, "owners": [HOSTILE[:90]], "by": HOSTILE[:90], "reason": HOSTILE}
    answer = httpx.post(f"{address}desk", content=json.dumps(wish), headers=headers)
    assert answer.status_code == 200
    assert "\u202e" not in place.file.read_text(encoding="utf-8")
    for where in (f"review/{EDITION}?item={item['item']}", f"item/{EDITION}/{item['item']}"):
        _open(page, address, where)
        page.wait_for_selector("text=onerror")
        assert page.evaluate("window.hit") is None
        assert page.locator("main img[onerror]").count() == 0
    undone = json.dumps({"edition": EDITION, "key": answer.json()["key"]})
    assert httpx.post(f"{address}desk/undo", content=undone, headers=headers).status_code == 200


def test_axe_finds_nothing_serious_at_the_desk(browser: Any, served: tuple[str, Place]) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    _open(page, served[0], f"review/{EDITION}")
    page.wait_for_selector(".handle")
    serious = serious_violations(page)
    page.close()
    assert serious == []


def test_another_site_gets_nothing(browser: Any, served: tuple[str, Place], tmp_path: Path) -> None:
    address, _place = served
    (tmp_path / "evil.html").write_text(
        f"<script>window.koteihyo = {{receive: () => {{ window.hit = 1; }}}};</script>"
        f'<script src="{address}data/edition-{EDITION}.js"></script>'
        f"<script>fetch('{address}desk', {{method: 'POST', body: '{{}}'}}).then(() => {{ window.hit = 2; }}, () => 0);</script>"
        f'<iframe src="{address}"></iframe>'
    )
    page = browser.new_page()
    page.goto((tmp_path / "evil.html").as_uri())
    page.wait_for_timeout(500)
    assert page.evaluate("window.hit") is None
    assert page.frames[-1].evaluate("typeof window.koteihyo") == "undefined"
    page.close()
