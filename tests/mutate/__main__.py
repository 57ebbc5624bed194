# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.mutate [NAME …]`: perturbs what has one of the names in its own, or everything there is."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.mutate.plugin import Mutate
from tests.mutate.targets import find_targets

# At most this part of the perturbations may go unnoticed.
LIMIT = 0.15
# Drawing with other programs takes longer than all the rest.
DRAWN_HERE = "not chromium and not office"
# Tests that read drawn pages, and nothing that lies outside the checkout.
_READS = re.compile(r"from tests\.(?:reading|sketch|drawing|cases|truth) import")
_OUTSIDE = re.compile(r"\bshared\b|koteihyo\.(?:pipeline|normalize\.facts)")


def main() -> int:
    """Perturb, and list what nothing noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of what to perturb")
    parser.add_argument("--tests", nargs="+", type=Path, help="the files of tests to run")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only every so many, for an estimate in minutes")
    parser.add_argument("--killers", action="store_true", help="say for each perturbation which test noticed it")
    arguments = parser.parse_args()
    targets = [t for t in find_targets() if not arguments.names or any(n in t.name for n in arguments.names)]
    if not targets:
        parser.error(
            "nothing bears such a name; facts, text, trust and raster are not perturbed (see tests/mutate/targets.py)"
        )
    targets = targets[:: arguments.every]
    plugin = Mutate(targets, arguments.jobs)
    files = arguments.tests or _test_files()
    pytest.main(
        ["-p", "no:cacheprovider", "--tb=no", "-q", "--capture=no", "-k", DRAWN_HERE, *map(str, files)], [plugin]
    )
    if arguments.killers:
        for name, killer in plugin.noticed.items():
            print(f"{name}: {killer}")
    for target in plugin.unnoticed:
        print(f"nothing noticed: {target.name} {target.change}")
    share = len(plugin.unnoticed) / max(len(targets), 1)
    print(f"{len(plugin.unnoticed)} of {len(targets)} perturbations went unnoticed ({share:.1%})")
    return 1 if share > LIMIT else 0


def _test_files() -> list[Path]:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").glob("test_*.py"))}
    return [path for path, text in texts.items() if _READS.search(text) and not _OUTSIDE.search(text)]


if __name__ == "__main__":
    sys.exit(main())
