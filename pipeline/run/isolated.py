# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one PDF in a process of its own, within limits, without storing anything."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from koteihyo.pipeline.run.jobs import Failure, Request, table_file
from koteihyo.pipeline.run.pool import read_all, too_large
from koteihyo.pipeline.sources.discover import problem_of
from koteihyo.pipeline.store.frames import read_table
from koteihyo.schema.catalog import EDITION_TABLES
from koteihyo.schema.errors import DocumentError
from koteihyo.schema.records import Edition, EditionRecords


def read_isolated(request: Request) -> EditionRecords:
    """All records of a PDF; whatever the file does to its reader, this process stays as it is.

    Raises:
        DocumentError: the PDF cannot be read, or went over a limit.
        StoreError: the disk for temporary files is full.
    """
    name = request.pdf.name
    try:
        failure = too_large(name, request.pdf.stat().st_size, request.limits)
        if failure is None and (problem := problem_of(request.pdf)) is not None:
            failure = Failure(reason="not_a_file", message=f"{name}: {problem}, not a PDF file")
    except OSError as error:
        raise DocumentError(f"{request.pdf}: cannot be opened ({error.strerror})", reason="not_found") from error
    if failure is not None:
        raise DocumentError(failure.message, reason=failure.reason)
    with tempfile.TemporaryDirectory(prefix="koteihyo-") as folder:
        for _request, job, result in read_all([request], Path(folder), parallel=1):
            if result.failure is not None:
                raise DocumentError(result.failure.message, reason=result.failure.reason)
            tables: dict[str, Any] = {m.TABLE: read_table(table_file(job, m.TABLE), m) for m in EDITION_TABLES}
            edition = tables.pop(Edition.TABLE)[0]
            return EditionRecords.model_validate({"edition": edition, **tables})
    raise AssertionError("a request always has a result")
