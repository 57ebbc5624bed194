# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo doctor`: is everything here that a run needs?"""

from __future__ import annotations

from pathlib import Path

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Json, Out, Raw

LIBRARIES = (
    "koteihyo",
    "pymupdf",
    "pypdfium2",
    "pdfplumber",
    "sudachipy",
    "sudachidict-core",
    "polars",
    "duckdb",
    "pydantic",
)


def doctor(raw: Raw = RAW_DEFAULT, out: Out = OUT_DEFAULT, json: Json = False) -> None:
    """Check versions, the dictionary and write access; exit status 1 when something is missing."""
    import sys

    from koteihyo.pipeline.terminal import as_json, table

    checks = [
        ("python", sys.version_info >= (3, 11), sys.version.split()[0]),
        *(_library(name) for name in LIBRARIES),
        _dictionary(),
        _raw(raw),
        _writable(out),
        _outputs(out),
    ]
    if json:
        print(as_json([{"check": c, "ok": ok, "detail": detail} for c, ok, detail in checks]))
    else:
        print(table(("check", "", "detail"), [(c, "ok" if ok else "MISSING", d) for c, ok, d in checks], 90))
    if not all(ok for _check, ok, _detail in checks):
        raise SystemExit(1)


def _library(name: str) -> tuple[str, bool, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return name, True, version(name)
    except PackageNotFoundError:
        return name, False, "not installed; run `make pipeline`"


def _dictionary() -> tuple[str, bool, str]:
    from koteihyo.normalize.text.tokens import tokenize

    try:
        words = [token.surface for token in tokenize("工程表を読む", "C")]
    except Exception as error:  # whatever is wrong with it, the doctor's job is to say so
        return "dictionary", False, f"cannot be loaded ({error}); run `make pipeline`"
    return "dictionary", words[0] == "工程表" or words[0] == "工程", "・".join(words)


def _raw(raw: Path) -> tuple[str, bool, str]:
    from koteihyo.pipeline.sources.registry import load_registry
    from koteihyo.schema.errors import KoteihyoError

    try:
        count = len(load_registry(raw))
    except KoteihyoError as error:
        return "editions", False, str(error)
    pdfs = len(list(raw.glob("*.pdf"))) if raw.is_dir() else 0
    if not pdfs:
        return "editions", True, f"no PDF yet; run `koteihyo samples`, or put some into {raw}"
    return "editions", True, f"{count} registered, {pdfs} PDF files in {raw}"


def _outputs(out: Path) -> tuple[str, bool, str]:
    from koteihyo.pipeline.store.generation import CURRENT, current_generation
    from koteihyo.pipeline.store.stamps import damaged

    live = current_generation(out)
    if live is None:
        is_link = (out / CURRENT).is_symlink()
        return "stored tables", not is_link, "damaged; run `koteihyo run`" if is_link else "none yet"
    broken = sorted(damaged(*live, thorough=True))
    if broken:
        return "stored tables", False, f"damaged: {', '.join(broken)}; run `koteihyo run`"
    return "stored tables", True, f"{len(live[1].editions)} editions, whole"


def _writable(out: Path) -> tuple[str, bool, str]:
    import tempfile

    folder = next(p for p in (out, *out.absolute().parents) if p.is_dir())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return "output folder", False, f"{folder} cannot be written ({error.strerror})"
    return "output folder", True, str(out)
