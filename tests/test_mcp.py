# SPDX-License-Identifier: AGPL-3.0-or-later
"""The assistant's way: the SDK's own client searches, reads an item, looks at it and asks in SQL."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from koteihyo.pipeline.report.contents import BY_TIME
from koteihyo.schema.changes import ChangeType


def test_search_item_picture_sql(processed: Path, samples: Path) -> None:
    command = ["-m", "koteihyo.pipeline.cli", "mcp", "--out", str(processed), "--raw", str(samples)]

    async def ask() -> None:
        parameters = StdioServerParameters(command=sys.executable, args=command)
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()

            async def call(tool: str, **arguments: Any) -> Any:
                return await session.call_tool(tool, arguments)

            tools = {tool.name for tool in (await session.list_tools()).tools}
            assert tools == {
                "list_editions",
                "list_sections",
                "search",
                "item",
                "picture",
                "list_changes",
                "lineage",
                "sql",
            }
            hits = (await call("search", query="外部監査", edition="sample-2024")).structured_content["rows"]
            assert hits[0]["page_no"] == 2
            item_id = hits[0]["record_id"]
            item = (await call("item", item_id=item_id)).structured_content
            assert {"edition_id", "page_no", "confidence", "x0"} <= set(item)
            assert item["dates"][0]["precision"] == "month"
            picture = (await call("picture", item_id=item_id)).content[0]
            assert picture.type == "image"
            counted = await call("sql", query="SELECT count(*) AS n FROM editions")
            assert counted.structured_content["rows"] == [{"n": 2}]
            changes = await call("list_changes", old="sample-2024", new="sample-2025", types=["removed"])
            assert len(changes.structured_content["rows"]) == 4
            assert await call("list_changes", old="sample-2024", new="sample-2025") == await call(
                "list_changes", old="sample-2024", new="sample-2025", types=[k for k in ChangeType if k not in BY_TIME]
            )
            # An assistant can only ask better when it is told what was wrong.
            for expected, tool, arguments in (
                ("there is no item x", "item", {"item_id": "x"}),
                ("no such change: delayed; there are added", "list_changes", {"old": "sample-2024", "new": "sample-2025", "types": ["delayed"]}),
                ("are not compared yet", "list_changes", {"old": "sample-2025", "new": "sample-2024"}),
                ("2024 is not stored; stored: sample-2024", "search", {"query": "監査", "edition": "2024"}),
                ("2024 is not stored", "list_sections", {"edition": "2024"}),
                ('"nothing" not found', "sql", {"query": "SELECT nothing FROM editions"}),
            ):  # fmt: skip
                refused = await call(tool, **arguments)
                assert refused.is_error
                assert expected in refused.content[0].text
            hostile = await call("sql", query="SELECT * FROM read_text('/etc/passwd')")
            assert hostile.is_error
            assert "root:" not in str(hostile.content)
            assert (await call("lineage", item_id=item_id)).structured_content["rows"] == []

    asyncio.run(ask())
