# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.benchmarks.variants OUTDIR [--layout NAME …]`: draws the layouts and writes their truth."""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

from tests.benchmarks.variants import chromium, mupdf, office
from tests.benchmarks.variants.compose import compose
from tests.benchmarks.variants.furniture import arrange
from tests.benchmarks.variants.layouts import LAYOUTS, Layout, varied


def main() -> int:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layout", nargs="+", choices=[layout.name for layout in LAYOUTS], metavar="NAME")
    parser.add_argument("--seed", type=int, default=0, help="other margins, sizes and years (0: as designed)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for layout in LAYOUTS:
        if arguments.layout and layout.name not in arguments.layout:
            continue
        if not draw(layout, arguments.folder, arguments.seed):
            print(f"{layout.name}: skipped, {layout.producer} is not installed", file=sys.stderr)
    return 0


def draw(layout: Layout, folder: Path, seed: int = 0) -> bool:
    """Writes NAME.pdf and NAME.truth.json; False when the producer is missing."""
    producer = {"mupdf": mupdf, "chromium": chromium, "office": office}[layout.producer]
    layout = varied(layout, seed)
    if producer is not mupdf and not producer.available():  # type: ignore[attr-defined]
        return False
    rng = random.Random(f"{layout.name} {seed}")
    pages = compose(layout)
    for canvas, _ in pages:
        arrange(canvas, layout, rng)
    producer.write(layout, [canvas for canvas, _ in pages], folder / f"{layout.name}.pdf")
    truth = {"edition": layout.name, "source": "a fictional plan", "pages": [t for _, t in pages]}
    (folder / f"{layout.name}.truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
