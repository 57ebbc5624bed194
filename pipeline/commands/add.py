# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo add`: registers a PDF as an edition."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import RAW_DEFAULT, Raw, check_text


def add(
    file: Annotated[Path, typer.Argument(help="The PDF. It is copied into the folder unless it is there already.")],
    edition: Annotated[str, typer.Option("--edition", help="Id of the edition, such as 2024-06.", callback=check_text)],
    title: Annotated[str, typer.Option(help="Title of the edition.", callback=check_text)],
    url: Annotated[str | None, typer.Option(help="Where it was published (https).")] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of publication, YYYY-MM-DD.")
    ] = None,
    raw: Raw = RAW_DEFAULT,
) -> None:
    """Register a PDF as a new edition, with its sha256."""
    import shutil

    from pydantic import ValidationError

    from koteihyo.pipeline.sources.registry import Registration, add_registration, load_registry
    from koteihyo.pipeline.store.fingerprint import sha256_file
    from koteihyo.pipeline.terminal import clean
    from koteihyo.schema.errors import DocumentError, UsageError, cannot_write

    if not file.is_file():
        raise DocumentError(f"{file}: no such file", reason="not_found")
    with file.open("rb") as opened:
        if b"%PDF-" not in opened.read(1024):
            raise DocumentError(f"{file}: not a PDF; give the file that the ministry publishes", reason="not_a_pdf")
    name = file.name if file.resolve().parent == raw.resolve() else f"{edition}.pdf"
    try:
        registration = Registration(
            id=edition,
            title=title,
            file=name,
            published_on=published.date() if published else None,
            source_url=url,
            sha256=sha256_file(file),
        )
    except ValidationError as error:
        first = error.errors()[0]
        # The id names the file too, so it is the edition that is wrong.
        option = {"id": "edition", "file": "edition", "source_url": "url"}.get(str(first["loc"][0]), first["loc"][0])
        raise UsageError(f"--{option}: {first['msg']}") from error
    if edition in load_registry(raw):
        raise UsageError(f"edition {edition} is registered already; choose another id")
    target = raw / name
    try:
        raw.mkdir(parents=True, exist_ok=True)
        if target.resolve() != file.resolve():
            if target.exists():
                raise UsageError(f"{target} exists already; move it away or choose another --edition")
            shutil.copyfile(file, target)
        add_registration(raw, registration)
    except OSError as error:
        raise cannot_write(raw, error) from error
    print(f"{clean(edition)}: registered {clean(target)}; now run `koteihyo run`")
