# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server of objects that speaks enough of S3, and fails, throttles or cuts short one request in so many."""

from __future__ import annotations

import hashlib
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

PAGE = 100
WAYS = ("error", "throttle", "gone", "broken", "short")
STAMP = "2026-11-24T00:00:00.000Z"


@dataclass
class Server:
    """What the server holds, and what it answered."""

    address: str
    objects: dict[str, bytes] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    """Of each kind."""
    failing: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a client must know."""
        return {
            "AWS_ENDPOINT": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }


@contextmanager
def serving(failing: int = 0) -> Iterator[Server]:
    """A server on this machine with one bucket, `bucket`; one request in `failing` goes wrong."""
    chance = random.Random(20261124)

    class Handler(_Handler):
        def way(self) -> str:
            way = chance.choice(WAYS) if server.failing and chance.randrange(server.failing) == 0 else "sound"
            server.answers[way] += 1
            return way

        @property
        def held(self) -> dict[str, bytes]:
            return server.objects

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_address[1]}", failing=failing)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def way(self) -> str:
        raise NotImplementedError

    @property
    def held(self) -> dict[str, bytes]:
        raise NotImplementedError

    def log_message(self, *_arguments: object) -> None:
        return

    def _begin(self) -> tuple[str, bytes] | None:
        """(how to answer, the body of the request), unless there is to be no sound answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        way = self.way()
        if way == "gone":
            self.close_connection = True
            return None
        if way in ("error", "throttle"):
            self._answer(500 if way == "error" else 503, b"<Error><Code>SlowDown</Code></Error>")
            return None
        return way, body

    def _answer(self, status: int, body: bytes = b"", way: str = "sound", **headers: str) -> None:
        sent = body[: len(body) // 2] if way in ("broken", "short") else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        # A short answer looks whole; a broken one ends before its time.
        self.send_header("Content-Length", str(len(sent if way == "short" else body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)
        if way == "broken":
            self.close_connection = True

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/bucket").removeprefix("/")

    def do_GET(self) -> None:
        begun = self._begin()
        if begun is None:
            return
        way, _body = begun
        if not self._key:
            self._answer(200, self._listing(), way)
        elif self._key in self.held:
            self._answer(200, self.held[self._key], way, **self._described())
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self) -> None:
        begun = self._begin()
        if begun is None:
            return
        if self._key in self.held:
            self._answer(200, self.held[self._key], **self._described())
        else:
            self._answer(404)

    def do_PUT(self) -> None:
        begun = self._begin()
        if begun is None:
            return
        way, body = begun
        self.held[self._key] = body[: len(body) // 2] if way in ("broken", "short") else body
        self._answer(200, ETag=self._described()["ETag"])

    def do_DELETE(self) -> None:
        if self._begin() is not None:
            self.held.pop(self._key, None)
            self._answer(204)

    def do_POST(self) -> None:
        """Removes objects."""
        begun = self._begin()
        if begun is None:
            return
        keys = [unescape(key) for key in re.findall("<Key>(.*?)</Key>", begun[1].decode())]
        for key in keys:
            self.held.pop(key, None)
        told = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())

    def _described(self) -> dict[str, str]:
        etag = hashlib.md5(self.held[self._key]).hexdigest()
        return {"ETag": f'"{etag}"', "Last_Modified": "Tue, 24 Nov 2026 00:00:00 GMT"}

    def _listing(self) -> bytes:
        asked = parse_qs(urlsplit(self.path).query)
        prefix, after = asked.get("prefix", [""])[0], asked.get("continuation-token", [""])[0]
        keys = sorted(key for key in list(self.held) if key.startswith(prefix) and key > after)
        page, rest = keys[:PAGE], keys[PAGE:]
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{STAMP}</LastModified>"
            f"<ETag>&quot;{hashlib.md5(self.held[key]).hexdigest()}&quot;</ETag><Size>{len(self.held[key])}</Size></Contents>"
            for key in page
        )
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if rest else ""
        return (
            "<ListBucketResult><Name>bucket</Name>"
            f"<IsTruncated>{'true' if rest else 'false'}</IsTruncated>{more}{contents}</ListBucketResult>"
        ).encode()
