# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo fetch`: downloads registered editions."""

from __future__ import annotations

from typing import Annotated

import typer

from koteihyo.pipeline.commands.options import RAW_DEFAULT, Json, Raw


def fetch(
    editions: Annotated[list[str] | None, typer.Argument(help="Editions to download; all with an address.")] = None,
    raw: Raw = RAW_DEFAULT,
    max_size: Annotated[int, typer.Option(help="Largest file, in MiB.")] = 300,
    allow_http_localhost: Annotated[bool, typer.Option(help="Allow http:// for localhost (for tests).")] = False,
    json: Json = False,
) -> None:
    """Download registered editions and check their sha256.

    One that fails does not keep the others from being fetched; the exit code is then that of the first failure.
    """
    import sys
    from dataclasses import asdict

    from koteihyo.pipeline.commands.progress import byte_progress
    from koteihyo.pipeline.sources.download import FetchLimits
    from koteihyo.pipeline.sources.fetch import fetch_edition
    from koteihyo.pipeline.sources.registry import REGISTER, load_registry
    from koteihyo.pipeline.terminal import as_json, clean
    from koteihyo.schema.errors import KoteihyoError, UsageError

    registry = load_registry(raw)
    unknown = sorted(set(editions or []) - set(registry))
    if unknown:
        raise UsageError(
            f"{raw / REGISTER}: has no edition {', '.join(unknown)}; known: {', '.join(registry) or 'none'}"
        )
    chosen = [registry[e] for e in editions] if editions else [r for r in registry.values() if r.source_url]
    results: list[dict[str, object]] = []
    failures: list[KoteihyoError] = []
    limits = FetchLimits(max_size=max_size << 20)
    for registration in chosen:
        try:
            with byte_progress(clean(registration.id), shown=not json) as on_progress:
                result = fetch_edition(
                    registration, raw, limits=limits, allow_http=allow_http_localhost, on_progress=on_progress
                )
        except KoteihyoError as error:
            failures.append(error)
            results.append({"edition_id": registration.id, "status": "failed", "message": str(error)})
            print(f"koteihyo: {clean(error)}", file=sys.stderr)
            continue
        results.append(asdict(result))
        if not json:
            print(f"{clean(result.edition_id)}: {result.status}, {result.size:,} bytes, {clean(result.file)}")
    if json:
        print(as_json(results))
    if failures:
        raise typer.Exit(int(failures[0].exit_code))
