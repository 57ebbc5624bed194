# SPDX-License-Identifier: AGPL-3.0-or-later
"""`koteihyo mcp`: the stored tables for assistants."""

from __future__ import annotations

from koteihyo.pipeline.commands.options import OUT_DEFAULT, RAW_DEFAULT, Out, Raw


def mcp(raw: Raw = RAW_DEFAULT, out: Out = OUT_DEFAULT) -> None:
    """Serve the tables to an assistant over MCP on standard input and output; read-only (needs the extra `mcp`)."""
    from koteihyo.pipeline.mcp_server import server

    server(out, raw).run()
