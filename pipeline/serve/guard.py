# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets in only what this machine's own pages ask for: other sites run in the same browser and know our address."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from koteihyo.pipeline.site.frame import POLICY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-koteihyo-token"
# A correction with its reason is under 1 kB; bytes.
MAX_BODY = 64 * 1024

_HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


class Guard:
    """Middleware: checks Host, Origin and the token, and forbids others to embed what is sent."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app, self._token = app, token
        # A foreign name that leads to this machine (DNS rebinding) is not one of these.
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is refused itself."""
        from starlette.datastructures import Headers
        from starlette.responses import JSONResponse

        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        problem = self._problem(scope, Headers(scope=scope))
        if problem is not None:
            status, message = problem
            await JSONResponse({"error": message}, status, headers=_HEADERS)(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            await send(message)

        await self._app(scope, receive, marked)

    def _problem(self, scope: Scope, headers: object) -> tuple[int, str] | None:
        from starlette.datastructures import Headers

        assert isinstance(headers, Headers)
        method = scope["method"]
        if headers.get("host") not in self._hosts:
            return 421, "only for this machine: open the address that koteihyo serve printed"
        if method in ("GET", "HEAD"):
            # Data files are scripts, which any site could load; a link to the first page harms nobody.
            followed = headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
            foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
            return (403, "another site may not ask for this") if foreign and not followed else None
        if method != "POST":
            return 405, "only GET and POST"
        if headers.get("origin") not in {f"http://{host}" for host in self._hosts}:
            return 403, "another site may not write here"
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return 403, "the page is of an earlier start of koteihyo serve: load it again"
        if headers.get("content-type", "").split(";")[0] != "application/json":
            return 415, "only JSON"
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return 413, "too long"
        return None
