# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts the server on this machine and ends it in order."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from koteihyo.pipeline.run.jobs import Limits
from koteihyo.pipeline.serve.live import Live
from koteihyo.pipeline.store.stored import chosen_editions
from koteihyo.schema.errors import UsageError

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"


def serve(
    out: Path, raw: Path, port: int, editions: tuple[str, ...], limits: Limits, on_ready: Callable[[str], None]
) -> None:
    """Serves until it is told to end (Ctrl-C). `on_ready` gets the address; `port` 0 takes any that is free.

    Raises:
        UsageError: the extra `serve` is not installed, the port is taken, or an edition is not stored.
        StoreError: nothing was stored yet.
    """
    with _prepared(out, raw, port, editions, limits) as (server, bound):
        on_ready(f"http://{HOST}:{bound.getsockname()[1]}/")
        with _ended_by_signals():
            server.run(sockets=[bound])


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """The server ends itself on Ctrl-C and sends the signal on; here that is the usual end and no failure."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _prepared(
    out: Path, raw: Path, port: int, editions: tuple[str, ...], limits: Limits
) -> Iterator[tuple[uvicorn.Server, socket.socket]]:
    try:
        import uvicorn

        from koteihyo.pipeline.serve.app import Server
    except ImportError as error:
        raise UsageError(f"koteihyo serve needs `pip install 'koteihyo[serve]'` ({error.name} is missing)") from error
    from koteihyo.pipeline.serve.desk import Desk
    from koteihyo.pipeline.serve.pictures import Pictures

    chosen_editions(out, editions)
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
        except OSError as error:
            raise UsageError(f"port {port} cannot be used ({error.strerror}); choose another with --port") from error
        live, pictures = Live(out, raw, editions), Pictures(raw)
        desk = Desk(live, raw, out, limits)
        try:
            app = Server(live, pictures, desk, bound.getsockname()[1]).app()
            yield uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")), bound
        finally:
            desk.close()
            pictures.close()
            live.close()
