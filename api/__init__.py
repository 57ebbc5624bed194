# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns Japanese roadmaps (工程表) from PDF into data.

>>> import koteihyo
>>> plan = koteihyo.read("data/raw/sample-2024.pdf")
>>> len(plan.items)
71
>>> plan.frame("schedule_items").select("text", "fy_start", "fy_end").row(0)
('認証方式の比較検討', 2024, 2024)

`read` reads one PDF, `compare` says what changed between two, `open` asks the stored tables. Every declared failure is
a `KoteihyoError` whose message names the file and says what to do.

Beside this module, `koteihyo.schema`, `koteihyo.extract`, `koteihyo.normalize` and `koteihyo.pipeline` are the parts
that it is made of; they may change from one version to the next, what is listed in `__all__` does not without notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from koteihyo.comparison import Comparison
    from koteihyo.dataset import Dataset
    from koteihyo.pictures import Gantt, Picture
    from koteihyo.pipeline.query.connection import QueryLimits
    from koteihyo.pipeline.run.jobs import Limits
    from koteihyo.plan import Plan
    from koteihyo.schema.errors import DocumentError, KoteihyoError, StoreError, UsageError

__all__ = [
    "Comparison",
    "Dataset",
    "DocumentError",
    "Gantt",
    "KoteihyoError",
    "Limits",
    "Picture",
    "Plan",
    "QueryLimits",
    "StoreError",
    "UsageError",
    "__version__",
    "compare",
    "open",
    "read",
    "samples",
    "tables",
]

__version__: str

# Nothing is imported before it is asked for: reading a PDF and asking a table need different libraries.
_HOMES = {
    "Comparison": "koteihyo.comparison",
    "Dataset": "koteihyo.dataset",
    "DocumentError": "koteihyo.schema.errors",
    "Gantt": "koteihyo.pictures",
    "KoteihyoError": "koteihyo.schema.errors",
    "Limits": "koteihyo.pipeline.run.jobs",
    "Picture": "koteihyo.pictures",
    "Plan": "koteihyo.plan",
    "QueryLimits": "koteihyo.pipeline.query.connection",
    "StoreError": "koteihyo.schema.errors",
    "UsageError": "koteihyo.schema.errors",
}


def read(
    pdf: str | os.PathLike[str],
    *,
    edition_id: str | None = None,
    second_reader: bool = False,
    facts: bool = True,
    corrections: Sequence[str | os.PathLike[str]] = (),
    limits: Limits | None = None,
    isolated: bool = False,
) -> Plan:
    """Reads a roadmap from a PDF. Nothing is stored.

    >>> plan = read("data/raw/sample-2024.pdf", facts=False)
    >>> plan
    <Plan sample-2024: 5 pages, 4 charts, 71 items>

    Args:
        pdf: The file.
        edition_id: The name that the rows bear; the file's stem when it is not given.
        second_reader: Whether pdfium reads the pages too, and pdfplumber those that it sees otherwise; what both see
            otherwise becomes a finding, and confidence drops. A quarter more time.
        facts: Whether dates, targets, organisations and words are found in the texts (tables `item_dates`,
            `item_targets`, `item_organizations`, `row_dates`, `row_targets`, `tokens`). Without it reading is faster.
        corrections: Files of corrections by hand (.yaml or .csv), applied in this order.
        limits: What the document may cost; pages and the file's size always, time and memory when `isolated`.
            What it says of the second reader and of facts is set by the two arguments above.
        isolated: Whether the PDF is read in a process of its own, as `koteihyo run` does: about half a second more,
            and a file that crashes its reader, or takes all the time or memory there is, raises a `DocumentError`.

    Raises:
        DocumentError: the PDF or a file of corrections cannot be read; `reason` is a stable word for why.
    """
    from koteihyo.plan import read_plan

    return read_plan(
        pdf,
        edition_id=edition_id,
        corrections=corrections,
        limits=_limits(limits, second_reader, facts),
        isolated=isolated,
    )


def compare(old: Plan | str | os.PathLike[str], new: Plan | str | os.PathLike[str]) -> Comparison:
    """Says what changed from an older edition of a plan to a newer one.

    >>> changes = compare("data/raw/sample-2024.pdf", "data/raw/sample-2025.pdf")
    >>> changes.counts["removed"], changes.unchanged
    (4, 19)

    Args:
        old: The older edition: a plan, or a PDF that is read with the defaults of `read`.
        new: The newer edition.

    Raises:
        DocumentError: a PDF cannot be read.
        UsageError: both bear the same edition id.
    """
    from koteihyo.comparison import compare_plans

    return compare_plans(old, new)


def open(folder: str | os.PathLike[str] | None = None, *, raw: str | os.PathLike[str] | None = None) -> Dataset:
    """Opens the tables that `koteihyo run` stored. They are only read.

    >>> data = open("data/processed")  # doctest: +SKIP
    >>> data.sql("SELECT count(*) AS items FROM schedule_items")  # doctest: +SKIP

    Args:
        folder: The folder of the tables; when it is not given, the one that the command line would use: the
            environment variable KOTEIHYO_OUT, else a `koteihyo.toml`, else `data/processed`.
        raw: The folder of the PDFs, for pictures of their pages; when it is not given, KOTEIHYO_RAW, else a
            `koteihyo.toml`, else `data/raw`.

    Raises:
        StoreError: nothing is stored there.
    """
    from koteihyo.dataset import open_dataset

    return open_dataset(folder, raw)


def samples() -> list[Path]:
    """Two fictional editions of one plan that come with the package, the older one first.

    >>> [pdf.name for pdf in samples()]
    ['sample-2024.pdf', 'sample-2025.pdf']
    """
    from koteihyo.pipeline.sources.samples import bundled_samples

    return [pdf for pdf, _registration in bundled_samples()]


def tables(name: str | None = None) -> pl.DataFrame:
    """What tables and views there are, or what the columns of one of them mean.

    >>> tables("fiscal_ticks").columns
    ['column', 'type', 'nullable', 'meaning']

    Args:
        name: A table or view; all of them when not given.

    Returns:
        `table` and `meaning`; of one table `column`, `type` (DuckDB's), `nullable`, `meaning`.

    Raises:
        UsageError: there is no such table.
    """
    from koteihyo.dataset import described_tables

    return described_tables(name)


def _limits(limits: Limits | None, second_reader: bool, facts: bool) -> Limits:
    from koteihyo.pipeline.run.jobs import Limits

    return (limits or Limits()).model_copy(update={"witness": second_reader, "facts": facts})


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("koteihyo")
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'koteihyo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
