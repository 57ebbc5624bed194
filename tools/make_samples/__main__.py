# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the two sample editions with their ground truth."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tools.make_samples.edits import changes, next_edition
from tools.make_samples.layout import place_page
from tools.make_samples.plan import EDITION_2024
from tools.make_samples.slides import save
from tools.make_samples.truth import changes_truth, edition_truth

ROOT = Path(__file__).parents[2]
PDF_FOLDER, TRUTH_FOLDER = ROOT / "data" / "raw", ROOT / "tests" / "data"


def main() -> None:
    """Make everything anew."""
    old, new = EDITION_2024, next_edition()
    for edition in (old, new):
        pages = [place_page(edition, page) for page in edition.pages]
        with tempfile.TemporaryDirectory() as folder:
            slides = Path(folder) / f"{edition.edition_id}.pptx"
            save(edition, pages, slides)
            # A profile of its own, so that an office program that is open does not take the work over.
            profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
            convert = [
                "soffice",
                profile,
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(PDF_FOLDER),
                str(slides),
            ]
            subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
        _write(f"{edition.edition_id}.truth.json", edition_truth(edition, pages))
    _write("sample-changes.json", changes_truth(*changes(old, new)))


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (TRUTH_FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
