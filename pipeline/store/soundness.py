# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds the rows of an edition against their tables' promises: one that breaks them costs itself, not the edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from koteihyo.pipeline.store.frames import to_frame
from koteihyo.schema.findings import Finding, FindingKind, Spot, make_finding
from koteihyo.schema.record import Record
from koteihyo.schema.records import Block, Page
from koteihyo.schema.tables import columns

if TYPE_CHECKING:
    import polars as pl

Tables = Mapping[type[Record], "pl.DataFrame"]

# Where a row says what it is about, the most telling first.
_TEXTS = ("text_raw", "text", "title", "name", "label", "surface")
_BOX = ("x0", "y0", "x1", "y1")


def sound(tables: Tables) -> dict[type[Record], pl.DataFrame]:
    """The tables of one edition without the rows that break a key, a check or a reference.

    Each such row becomes a finding with its text, and the glyphs it held are counted there. A reference to a row that
    is not there is taken out where the column may be NULL; else the row goes.
    """
    result = dict(tables)
    broken: list[_Broken] = []
    for model in tables:
        broken += _drop(result, model, _complaints(model, result[model]))
    # A row that went may leave others without what they name.
    found = True
    while found:
        found = False
        for model in tables:
            for column, target in model.REFERENCES:
                lost = _mend_reference(result, model, column, target)
                broken += lost
                found = found or bool(lost)
    return _told(result, broken) if broken else result


class _Broken:
    """A row that went, and why; `gone` is False where only a reference was taken out."""

    def __init__(self, model: type[Record], row: dict[str, Any], why: str, *, gone: bool = True) -> None:
        self.model, self.row, self.why, self.gone = model, row, why, gone


def _complaints(model: type[Record], frame: pl.DataFrame) -> pl.Series:
    """For each row the promise that it breaks first, or NULL."""
    import polars as pl

    promises: list[tuple[str, pl.Expr]] = [
        (f"{c.name} IS NULL", pl.col(c.name).is_null()) for c in columns(model) if not c.nullable
    ]
    promises.append((f"KEY ({', '.join(model.KEY)})", ~pl.struct(model.KEY).is_first_distinct()))
    # As in SQL, a check that comes to NULL is kept.
    promises += [(check, ~pl.sql_expr(check).fill_null(True)) for check in model.CHECKS]
    return frame.select(
        pl.coalesce([pl.when(breaks).then(pl.lit(promise)) for promise, breaks in promises]).alias("why")
    )["why"]


def _drop(tables: dict[type[Record], pl.DataFrame], model: type[Record], why: pl.Series) -> Iterator[_Broken]:
    frame = tables[model]
    tables[model] = frame.filter(why.is_null())
    gone, reasons = frame.filter(why.is_not_null()), why.drop_nulls()
    return (_Broken(model, row, reason) for row, reason in zip(gone.iter_rows(named=True), reasons, strict=True))


def _mend_reference(
    tables: dict[type[Record], pl.DataFrame], model: type[Record], column: str, target: str
) -> list[_Broken]:
    import polars as pl

    other = {known.TABLE: known for known in tables}[target]
    frame, ids = tables[model], tables[other][other.KEY[-1]]
    lost = frame[column].is_not_null() & ~frame[column].is_in(ids.implode())
    if not lost.any():
        return []
    why = f"{column} → {target}"
    if next(c.nullable for c in columns(model) if c.name == column):
        tables[model] = frame.with_columns(pl.when(lost).then(None).otherwise(pl.col(column)).alias(column))
        return [_Broken(model, row, why, gone=False) for row in frame.filter(lost).iter_rows(named=True)]
    return list(_drop(tables, model, pl.select(pl.when(lost).then(pl.lit(why)))["literal"]))


def _told(tables: dict[type[Record], pl.DataFrame], broken: list[_Broken]) -> dict[type[Record], pl.DataFrame]:
    """The tables with a finding for each row that went; its glyphs are in no record any more."""
    import polars as pl

    blocks = tables[Block]
    findings: list[Finding] = []
    held: dict[int, int] = {}
    for number, one in enumerate(broken):
        own = _own_id(one.model, one.row)
        mine = (pl.col("record_table") == one.model.TABLE) & (pl.col("record_id") == own)
        kept = own in tables[one.model][one.model.KEY[-1]] if len(one.model.KEY) == 1 else False
        glyphs = 0
        if one.gone and own is not None and not kept:
            glyphs = int(blocks.filter(mine)["glyph_count"].sum())
            blocks = blocks.filter(~mine)
        page_no = _page_no(one.row)
        held[page_no] = held.get(page_no, 0) + glyphs
        findings.append(_finding(one, number, page_no, glyphs))
    taken = pl.col("page_no").replace_strict(held, default=0, return_dtype=pl.Int32)
    pages = tables[Page].with_columns((pl.col("glyphs_in_records") - taken).alias("glyphs_in_records"))
    extra = to_frame(Finding, findings)
    return tables | {Block: blocks, Page: pages, Finding: pl.concat([tables[Finding], extra])}


def _own_id(model: type[Record], row: dict[str, Any]) -> str | None:
    """The id by which blocks name the row; None where they do not."""
    if len(model.KEY) == 1:
        return str(row[model.KEY[0]])
    return f"{row['edition_id']}:p{row['page_no']}:c{row['chart_no']}" if model.TABLE == "charts" else None


def _page_no(row: dict[str, Any]) -> int:
    """The page of a row; facts have theirs in the id of their item, `<edition>:p<page>:…`."""
    known = row.get("page_no") or row.get("item_id", "").removeprefix(f"{row['edition_id']}:p").split(":")[0]
    return int(known) if str(known).isdecimal() else 1


def _finding(one: _Broken, number: int, page_no: int, glyphs: int) -> Finding:
    row, table = one.row, one.model.TABLE
    text = next((str(row[name]) for name in _TEXTS if row.get(name)), "")
    edges = [row.get(name) for name in _BOX]
    known = [float(edge) for edge in edges if edge is not None]
    box = (*sorted(known[::2]), *sorted(known[1::2])) if len(known) == len(edges) else None
    spot = Spot(
        text,
        (box[0], box[2], box[1], box[3]) if box else None,
        glyphs,
        table,
        None if one.gone else _own_id(one.model, row),
    )
    done = "除いた" if one.gone else "参照を外した"
    kind = FindingKind.BROKEN_ROW
    return make_finding(kind, row["edition_id"], page_no, f"b{number}", spot, table=table, done=done, why=one.why)
