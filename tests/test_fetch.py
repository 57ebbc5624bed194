# SPDX-License-Identifier: AGPL-3.0-or-later
"""Downloads, against a local server that misbehaves in every way that servers do."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from koteihyo.pipeline.sources.download import FetchLimits, is_allowed
from koteihyo.pipeline.sources.fetch import fetch_edition
from koteihyo.pipeline.sources.registry import Registration, add_registration
from koteihyo.schema.errors import ChecksumError, ExitCode, LockedError, NetworkError, UsageError

BODY = b"%PDF-1.7\n" + bytes(range(256)) * 800
SHA256 = hashlib.sha256(BODY).hexdigest()
LIMITS = FetchLimits(max_size=1 << 20, connect_timeout=2, read_timeout=0.5, total_timeout=8, retries=3, backoff=0.01)


class Server(BaseHTTPRequestHandler):
    """Each path is one kind of trouble; `seen` counts the requests for it."""

    seen: dict[str, int]

    def log_message(self, *args: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        count = self.seen[self.path] = self.seen.get(self.path, 0) + 1
        getattr(self, "_" + self.path.strip("/").replace("-", "_"))(count)

    def _send(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _range(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def _resume(self) -> None:
        start = self._range()
        if start:
            self._send(BODY[start:], 206, Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        else:
            self._send(BODY)

    def _good(self, count: int) -> None:
        self._resume()

    def _truncated_once(self, count: int) -> None:
        if count == 1:
            self._send(BODY[:5000], length=len(BODY))
            self.close_connection = True
        else:
            self._resume()

    def _truncated_without_range(self, count: int) -> None:
        self._send(BODY[:5000] if count == 1 else BODY, length=len(BODY))
        self.close_connection = True

    def _always_truncated(self, count: int) -> None:
        self._send(BODY[:10], length=len(BODY))
        self.close_connection = True

    def _stalls(self, count: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[:100])
        self.wfile.flush()
        time.sleep(1.2)

    def _trickles(self, count: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        try:
            for byte in BODY:
                self.wfile.write(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            pass

    def _replaced_meanwhile(self, count: int) -> None:
        """The file changes between two tries; If-Range is not understood."""
        if count == 1:
            self._send(b"%PDF-1.4 older" + BODY[:5000], length=len(BODY), ETag='"1"')
            self.close_connection = True
        elif self._range():
            start = self._range()
            self._send(BODY[start:], 206, ETag='"2"', Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        else:
            self._send(BODY, ETag='"2"')

    def _resumes_elsewhere(self, count: int) -> None:
        if self._range():
            self._send(BODY[1:], 206, Content_Range=f"bytes 1-{len(BODY) - 1}/{len(BODY)}")
        else:
            self._send(BODY)

    def _refuses_ranges(self, count: int) -> None:
        self._send(b"", 416) if self._range() else self._send(BODY)

    def _nowhere(self, count: int) -> None:
        self._send(b"", 302, Location="http://[")

    def _redirects(self, count: int) -> None:
        self._send(b"", 302, Location="/good")

    def _loops(self, count: int) -> None:
        self._send(b"", 302, Location="/loops")

    def _leaves(self, count: int) -> None:
        self._send(b"", 302, Location="http://example.org/a.pdf")

    def _another_file(self, count: int) -> None:
        self._send(b"%PDF-1.4 another")

    def _web_page(self, count: int) -> None:
        self._send(b"<html>moved</html>")

    def _huge(self, count: int) -> None:
        self._send(b"%PDF-", length=1 << 40)

    def _huge_without_length(self, count: int) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(64):
                self.wfile.write(b"%PDF-" + bytes(1 << 16))
        except OSError:
            pass

    def _missing(self, count: int) -> None:
        self._send(b"", 404)

    def _busy_once(self, count: int) -> None:
        self._send(b"", 503) if count == 1 else self._resume()


@pytest.fixture
def server() -> Iterator[str]:
    handler = type("Handler", (Server,), {"seen": {}})
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def _registration(server: str, path: str, sha256: str | None = SHA256) -> Registration:
    return Registration(id="e", title="t", file="e.pdf", source_url=f"{server}/{path}", sha256=sha256)


@pytest.mark.parametrize("path", ["good", "truncated-once", "truncated-without-range", "redirects", "busy-once"])
def test_what_can_be_saved_is_fetched_whole(path: str, server: str, tmp_path: Path) -> None:
    result = fetch_edition(_registration(server, path), tmp_path, limits=LIMITS, allow_http=True)
    assert (result.status, (tmp_path / "e.pdf").read_bytes()) == ("fetched", BODY)
    assert [p.name for p in tmp_path.iterdir()] == ["e.pdf"]


@pytest.mark.parametrize("path", ["truncated-once", "truncated-without-range", "replaced-meanwhile"])
def test_without_a_registered_sha256_no_two_versions_are_mixed(path: str, server: str, tmp_path: Path) -> None:
    (tmp_path / "e.pdf.part").write_bytes(b"%PDF-1.4 of an earlier call")
    fetch_edition(_registration(server, path, None), tmp_path, limits=LIMITS, allow_http=True)
    assert (tmp_path / "e.pdf").read_bytes() == BODY


@pytest.mark.parametrize("path", ["good", "resumes-elsewhere", "refuses-ranges"])
@pytest.mark.parametrize("part", [BODY[:7000], b"%PDF-1.4 another version", BODY + b"longer"])
def test_a_part_of_an_earlier_call_is_resumed_or_dropped(path: str, part: bytes, server: str, tmp_path: Path) -> None:
    (tmp_path / "e.pdf.part").write_bytes(part)
    fetch_edition(_registration(server, path), tmp_path, limits=LIMITS, allow_http=True)
    assert (tmp_path / "e.pdf").read_bytes() == BODY
    assert [p.name for p in tmp_path.iterdir()] == ["e.pdf"]


def test_a_server_that_trickles_does_not_escape_the_time_limit(server: str, tmp_path: Path) -> None:
    limits = replace(LIMITS, total_timeout=0.5)
    with pytest.raises(NetworkError, match="out of time"):
        fetch_edition(_registration(server, "trickles"), tmp_path, limits=limits, allow_http=True)


def test_two_downloads_of_one_edition_do_not_write_into_one_file(server: str, tmp_path: Path) -> None:
    def meanwhile(done: int, total: int | None) -> None:
        with pytest.raises(LockedError):
            fetch_edition(_registration(server, "good"), tmp_path, limits=LIMITS, allow_http=True)

    fetch_edition(_registration(server, "good"), tmp_path, limits=LIMITS, allow_http=True, on_progress=meanwhile)
    assert (tmp_path / "e.pdf").read_bytes() == BODY


def test_a_failure_before_the_first_byte_leaves_nothing(server: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkError):
        fetch_edition(_registration(server, "missing"), tmp_path, limits=LIMITS, allow_http=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["always-truncated", "stalls", "loops", "missing", "huge", "huge-without-length", "leaves", "nowhere"]
)
def test_what_cannot_is_a_network_error_and_the_old_file_stays(path: str, server: str, tmp_path: Path) -> None:
    (tmp_path / "e.pdf").write_bytes(b"old")
    with pytest.raises(NetworkError, match=r"^e: "):
        fetch_edition(_registration(server, path), tmp_path, limits=LIMITS, allow_http=True)
    assert (tmp_path / "e.pdf").read_bytes() == b"old"


@pytest.mark.parametrize("path", ["another-file", "web-page"])
def test_another_file_is_refused_and_the_old_one_stays(path: str, server: str, tmp_path: Path) -> None:
    (tmp_path / "e.pdf").write_bytes(b"old")
    with pytest.raises(ChecksumError):
        fetch_edition(_registration(server, path), tmp_path, limits=LIMITS, allow_http=True)
    assert [p.name for p in tmp_path.iterdir()] == ["e.pdf"]
    assert (tmp_path / "e.pdf").read_bytes() == b"old"


def test_a_web_page_is_no_pdf_even_without_a_registered_sha256(server: str, tmp_path: Path) -> None:
    with pytest.raises(ChecksumError, match="not a PDF"):
        fetch_edition(_registration(server, "web-page", None), tmp_path, limits=LIMITS, allow_http=True)


def test_a_file_that_is_there_is_left_alone(server: str, tmp_path: Path) -> None:
    (tmp_path / "e.pdf").write_bytes(BODY)
    registration = _registration("https://localhost:1", "never-asked")
    assert fetch_edition(registration, tmp_path, limits=LIMITS).status == "unchanged"


def test_http_is_refused_unless_it_is_localhost_and_asked_for(server: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="https"):
        fetch_edition(_registration(server, "good"), tmp_path, limits=LIMITS)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://example.org/a.pdf", True),
        ("http://example.org/a.pdf", False),
        ("http://localhost.example.org/a.pdf", False),
        ("http://localhost@example.org/a.pdf", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("http://[", False),
    ],
)
def test_only_these_addresses_are_asked(url: str, allowed: bool) -> None:
    assert is_allowed(url, allow_http=True) is allowed


def test_the_command_fetches_what_it_can_and_says_what_it_cannot(server: str, tmp_path: Path) -> None:
    for name, path in (("bad", "another-file"), ("fine", "good")):
        add_registration(
            tmp_path,
            Registration(id=name, title="t", file=f"{name}.pdf", source_url=f"{server}/{path}", sha256=SHA256),
        )
    command = [sys.executable, "-m", "koteihyo.pipeline.cli", "fetch", "--raw", str(tmp_path), "--allow-http-localhost"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == ExitCode.CHECKSUM
    assert "bad: " in result.stderr
    assert "another file" in result.stderr
    assert "fine: fetched" in result.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["editions.toml", "fine.pdf"]
