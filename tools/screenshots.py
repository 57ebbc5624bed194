# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes the pictures of docs/pictures: every view of the explorer and the review desk, of the fictional samples only.

    .venv/bin/python -m tools.screenshots [FOLDER]

Needs Chromium and the development packages. Run it after a change of the views, and look at what it made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
SAMPLES = ("sample-2024", "sample-2025")
# A day of the sample's first year, for the line of today: the pictures must not change with the day they are taken.
TODAY = "2025-10-01T00:00:00+09:00"
WIDE, PHONE = (1280, 800), (390, 780)

VIEWS: tuple[tuple[str, str, tuple[int, int], str], ...] = (
    ("start", "start", WIDE, ""),
    ("plan", "plan/sample-2024", WIDE, ""),
    ("item", "plan/sample-2024?item=p2:i6", WIDE, ""),
    ("page", "page/sample-2024/2?item=p2:i6", WIDE, ""),
    (
        "changes",
        "changes/sample-2024/sample-2025?type=rescheduled",
        WIDE,
        "document.querySelector('details').open = true",
    ),
    ("history", "history?delayed=1", WIDE, ""),
    ("search", "search?q=本人確認", WIDE, ""),
    ("data", "data", WIDE, ""),
    ("about", "about/sample-2024", WIDE, ""),
    ("plan-dark", "plan/sample-2024?colour=ministry", WIDE, "dark"),
    ("plan-phone", "plan/sample-2024", PHONE, ""),
)
DESK = ("review", "review/sample-2024?item=p3:i2", WIDE, "koteihyo.signature.set('who', '山田花子'); koteihyo.reshow()")


def main(target: Path) -> None:
    """Writes the pictures as WebP into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw, out, site = (Path(folder) / name for name in ("raw", "out", "site"))
        raw.mkdir()
        for name in (*(f"{sample}.pdf" for sample in SAMPLES), "editions.toml"):
            shutil.copy(ROOT / "data" / "raw" / name, raw / name)
        _koteihyo("run", "--raw", raw, "--out", out)
        _koteihyo("diff", *SAMPLES, "--out", out)
        _koteihyo("site", "--raw", raw, "--out", out, "--to", site)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for view in VIEWS:
                _take(browser, f"{(site / 'index.html').as_uri()}", view, target)
            with _served(raw, out) as address:
                _take(browser, address, DESK, target)
            browser.close()


def _koteihyo(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "koteihyo.pipeline.cli", *map(str, arguments)], check=True, stdout=sys.stderr)


@contextmanager
def _served(raw: Path, out: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "serve", "--port", "0", "--raw", raw, "--out", out]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0]
        process.terminate()


def _take(browser: Any, address: str, view: tuple[str, str, tuple[int, int], str], target: Path) -> None:
    name, where, (width, height), more = view
    scheme = "dark" if more == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.clock.set_fixed_time(TODAY)
    page.goto(f"{address}#/{where}")
    page.wait_for_selector("main[data-view]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    if more and more != "dark":
        page.evaluate(more)
        page.wait_for_timeout(800)
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(target / f"{name}.webp", quality=82, method=6)
    page.close()
    print(target / f"{name}.webp")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
