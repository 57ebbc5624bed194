# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stored tables for assistants: read-only tools over the Model Context Protocol (extra `mcp`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koteihyo.dataset import Dataset, open_dataset
from koteihyo.pipeline.query.connection import MEBIBYTE, QueryLimits
from koteihyo.pipeline.report.contents import BY_TIME
from koteihyo.pipeline.store.stored import chosen_editions, is_compared
from koteihyo.schema.changes import ChangeType
from koteihyo.schema.errors import KoteihyoError, UsageError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from koteihyo.pipeline.query.ask import Answer

INSTRUCTIONS = """Roadmaps (工程表) of the Japanese government as tables. A fiscal year begins on 1 April. Always name the
edition and the page when you answer, and say so when confidence is below 0.8."""
# An assistant reads the answer: a screenful, not a table.
LIMITS = QueryLimits(rows=200, seconds=15, memory=512 * MEBIBYTE)

_EDITIONS = """SELECT edition_id, title, published_on, source_url, page_count,
       (SELECT count(*) FROM schedule_items AS i WHERE i.edition_id = e.edition_id) AS items
FROM editions AS e ORDER BY published_on NULLS LAST, edition_id"""
_SECTIONS = """SELECT edition_id, section_id, array_to_string(path, ' > ') AS path, page_no
FROM sections WHERE edition_id = ? ORDER BY page_no, ordinal"""
_ITEM = """SELECT i.*, e.title, e.source_url, e.source_file, s.x0, s.y0, s.x1, s.y1, s.evidence, s.section_confidence
FROM items AS i JOIN schedule_items AS s ON s.edition_id = i.edition_id AND s.item_id = i.item_id
JOIN editions AS e ON e.edition_id = i.edition_id WHERE i.item_id = ?"""
_DATES = "SELECT text, role, precision, date_from, date_to FROM item_dates WHERE item_id = ? ORDER BY ordinal"
_TARGETS = (
    "SELECT measure, comparator, value, unit, deadline, text FROM item_targets WHERE item_id = ? ORDER BY ordinal"
)
_CHANGES = """SELECT c.change_type, c.old_edition_id, c.new_edition_id, c.old_text, c.new_text, c.old_fy_start, c.old_fy_end,
       c.new_fy_start, c.new_fy_end, c.old_page_no, c.new_page_no, c.old_item_id, c.new_item_id, c.owners,
       coalesce(n.confidence, o.confidence) AS confidence
FROM edition_changes AS c
LEFT JOIN schedule_items AS n ON n.edition_id = c.new_edition_id AND n.item_id = c.new_item_id
LEFT JOIN schedule_items AS o ON o.edition_id = c.old_edition_id AND o.item_id = c.old_item_id
WHERE c.old_edition_id = ? AND c.new_edition_id = ? AND list_contains(?, c.change_type::VARCHAR)"""
_LINEAGE = """SELECT i.edition_id, i.item_id, i.page_no, i.text, i.fy_start, i.fy_end, i.confidence, l.delays, l.delay_years,
       l.rewordings, l.ended
FROM item_lineage AS l, unnest(l.item_ids) AS u(item_id)
JOIN schedule_items AS i ON i.item_id = u.item_id
WHERE list_contains(l.item_ids, ?)"""


def server(out: Path, raw: Path) -> MCPServer:  # noqa: C901 - each tool is a function inside it
    """The server over one folder of tables; `raw` holds the PDFs for pictures.

    Raises:
        UsageError: the extra is not installed.
        StoreError: nothing was stored yet.
    """
    try:
        from mcp.server.mcpserver import Image, MCPServer
    except ImportError as error:
        raise UsageError("the extra is not installed: pip install 'koteihyo[mcp]'") from error
    data = open_dataset(out, raw)
    app = MCPServer("koteihyo", instructions=INSTRUCTIONS, version=version("koteihyo"))

    def rows(sql: str, *parameters: Any) -> dict[str, Any]:
        return _described(data.ask(sql, parameters, LIMITS))

    def list_editions() -> dict[str, Any]:
        """The stored editions, oldest first."""
        return rows(_EDITIONS)

    def list_sections(edition: str) -> dict[str, Any]:
        """The headings of one edition with their pages."""
        chosen_editions(out, (edition,))
        return rows(_SECTIONS, edition)

    def search(query: str, edition: str | None = None, limit: int = 10) -> dict[str, Any]:
        """Texts that hold the Japanese words, best first. `record_id` of a schedule item is the id for `item`."""
        from dataclasses import asdict

        hits = [asdict(hit) for hit in data.search(query, edition, max(1, min(limit, 50)))]
        sure = rows(
            "SELECT item_id, confidence FROM schedule_items WHERE list_contains(?, item_id)",
            [hit["record_id"] for hit in hits],
        )
        known = {row["item_id"]: row["confidence"] for row in sure["rows"]}
        return {"rows": [_plain(hit | {"confidence": known.get(hit["record_id"])}) for hit in hits]}

    def item(item_id: str) -> dict[str, Any]:
        """One item: text, years, place, owners, dates, targets, and its source (page, box in PDF points, link)."""
        found = rows(_ITEM, item_id)["rows"]
        if not found:
            raise UsageError(f"there is no item {item_id}")
        link = f"{found[0]['source_url']}#page={found[0]['page_no']}" if found[0]["source_url"] else None
        facts = {"dates": rows(_DATES, item_id)["rows"], "targets": rows(_TARGETS, item_id)["rows"]}
        return {**found[0], "link": link, **facts}

    def picture(item_id: str) -> Any:
        """The band of the page around an item, with what was read drawn on it."""
        return Image(data=_picture(data, raw, item_id), format="png")

    def list_changes(old: str, new: str, types: list[str] | None = None) -> dict[str, Any]:
        """What people changed between two editions that `koteihyo diff` compared.

        added, removed, reworded, moved (to another heading), rescheduled (other years: only these can be delays),
        recategorized. Two types are listed only when named, because time brings them about: expired (its years are
        over) and rolled (it runs to the end of the chart, which now ends later).
        """
        chosen_editions(out, (old, new))
        unknown = sorted(set(types or ()) - set(ChangeType))
        if unknown:
            raise UsageError(f"no such change: {', '.join(unknown)}; there are {', '.join(ChangeType)}")
        if not is_compared(out, old, new):
            raise UsageError(f"{old} and {new} are not compared yet; ask for `koteihyo diff {old} {new}` to be run")
        wanted = types or [kind for kind in ChangeType if kind not in BY_TIME]
        return rows(_CHANGES, old, new, wanted)

    def lineage(item_id: str) -> dict[str, Any]:
        """One measure followed through the editions; empty until `koteihyo diff` compared three or more."""
        return rows(_LINEAGE, item_id)

    def sql(query: str) -> dict[str, Any]:
        """One read-only SELECT in DuckDB's SQL: 200 rows, 15 s, 512 MiB. `SHOW TABLES`, `DESCRIBE x` say what there is."""
        return rows(query)

    for tool in (list_editions, list_sections, search, item, picture, list_changes, lineage, sql):
        app.add_tool(_explained(tool))
    return app


def _explained(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The tool with its declared failures told to the assistant, which can then ask better; others are kept back."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def told(*arguments: Any, **named: Any) -> Any:
        try:
            return tool(*arguments, **named)
        except KoteihyoError as error:
            raise ToolError(str(error)) from error

    return told


def _described(answer: Answer) -> dict[str, Any]:
    rows = [_plain(dict(zip(answer.names, row, strict=True))) for row in answer.rows]
    return {"rows": rows, "truncated": answer.truncated}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON has them; control characters of a PDF's text are escaped by JSON itself."""
    import json

    plain: dict[str, Any] = json.loads(json.dumps(row, ensure_ascii=False, default=str))
    return plain


def _picture(data: Dataset, raw: Path, item_id: str) -> bytes:
    import tempfile

    from koteihyo.pipeline.picture import save_crops

    for edition in data.editions:
        # An id begins with its edition's.
        if item_id.startswith(f"{edition.edition_id}:"):
            records = data.plan(edition.edition_id).records
            found = [i for i in records.schedule_items if i.item_id == item_id]
            pdf = raw / Path(edition.source_file).name
            if found and pdf.is_file():
                with tempfile.TemporaryDirectory() as folder:
                    return save_crops(records, pdf, found, Path(folder))[item_id].read_bytes()
            if found:
                raise UsageError(f"{pdf}: is not there; name the folder of the PDFs with --raw")
    raise UsageError(f"there is no item {item_id}")
