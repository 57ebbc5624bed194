# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server: pages and data of the site from the live tables, and the desk's wishes."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from koteihyo.pipeline.serve.desk import Desk
from koteihyo.pipeline.serve.guard import Guard
from koteihyo.pipeline.serve.live import Live
from koteihyo.pipeline.serve.pictures import Pictures
from koteihyo.pipeline.serve.wishes import Outdated, Refused, Undo, Wish
from koteihyo.pipeline.site.frame import index_page, slug, static_files
from koteihyo.schema.errors import KoteihyoError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

SCRIPTS = (
    "desk-words.js",
    "desk.js",
    "review-drafts.js",
    "review-sheet.js",
    "review-form.js",
    "review-queue.js",
    "review.js",
)
"""The desk's own, after those of the site, in the order in which they need each other."""

W = TypeVar("W", bound=BaseModel)


class Server:
    """What the routes of the server do."""

    def __init__(self, live: Live, pictures: Pictures, desk: Desk, port: int) -> None:
        self._live, self._pictures, self._desk = live, pictures, desk
        self.token = secrets.token_urlsafe(32)
        self._port = port
        self._static = static_files()
        folder = files("koteihyo.pipeline.serve").joinpath("static")
        self._static |= {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}

    def app(self) -> Starlette:
        """The application, guarded."""
        from starlette.applications import Starlette
        from starlette.middleware import Middleware
        from starlette.routing import Route

        # Plain functions: Starlette runs them in threads, and drawing or comparing may take a while.
        routes = [
            Route("/", self.index),
            Route("/static/{name}", self.static),
            Route("/data/{name}.js", self.data),
            Route("/pictures/{slug}/p{page:int}.webp", self.picture),
            Route("/downloads/{name}", self.download),
            Route("/desk/{edition}", self.state),
            Route("/desk", self.write, methods=["POST"]),
            Route("/desk/undo", self.undo, methods=["POST"]),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Guard, port=self._port, token=self.token)])

    def index(self, _request: Request) -> Response:
        """The page, with the token that this start of the server wants to see."""
        from starlette.responses import HTMLResponse

        return HTMLResponse(index_page([], version("koteihyo"), SCRIPTS, self.token), headers=_FRESH)

    def static(self, request: Request) -> Response:
        """Scripts and styles, by names that are all known beforehand."""
        from starlette.responses import Response

        name = request.path_params["name"]
        if name not in self._static:
            return _missing()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(self._static[name], media_type=kind, headers=_FRESH)

    def data(self, request: Request) -> Response:
        """A data file made from the tables."""
        from starlette.responses import Response

        return _said(
            lambda: _or_missing(
                self._live.script(request.path_params["name"]),
                lambda text: Response(text, media_type="text/javascript", headers=_FRESH),
            )
        )

    def picture(self, request: Request) -> Response:
        """A page's picture."""
        from starlette.responses import FileResponse

        def find() -> Response:
            for edition_id in self._live.editions():
                if slug(edition_id) != request.path_params["slug"]:
                    continue
                records = self._live.records(edition_id)
                page = request.path_params["page"]
                if records is not None and any(p.page_no == page for p in records.pages):
                    file = self._pictures.picture(records.edition, page)
                    return _or_missing(file, lambda f: FileResponse(f, media_type="image/webp", headers=_SHORTLY))
            return _missing()

        return _said(find)

    def download(self, request: Request) -> Response:
        """The tables as files."""
        from starlette.responses import FileResponse

        name = request.path_params["name"]
        return _said(lambda: _or_missing(self._live.download(name), lambda f: FileResponse(f, headers=_FRESH)))

    def state(self, request: Request) -> Response:
        """The corrections of an edition."""
        return _told(lambda: self._desk.state(request.path_params["edition"]))

    async def write(self, request: Request) -> Response:
        """Writes a correction."""
        return await self._wish(request, Wish, self._desk.write)

    async def undo(self, request: Request) -> Response:
        """Takes a correction back."""
        return await self._wish(request, Undo, self._desk.undo)

    async def _wish(self, request: Request, model: type[W], do: Callable[[W], dict[str, Any]]) -> Response:
        from starlette.concurrency import run_in_threadpool

        body = await request.body()
        return await run_in_threadpool(lambda: _told(lambda: do(model.model_validate_json(body))))


_FRESH = {"cache-control": "no-store"}
_SHORTLY = {"cache-control": "private, max-age=600"}

T = TypeVar("T")


def _missing() -> Response:
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("not found", 404)


def _or_missing(found: T | None, answer: Callable[[T], Response]) -> Response:
    return _missing() if found is None else answer(found)


def _said(find: Callable[[], Response]) -> Response:
    """The answer; a failure of the tables is said in words."""
    from starlette.responses import PlainTextResponse

    try:
        return find()
    except KoteihyoError as error:
        return PlainTextResponse(str(error), 503)


def _told(do: Callable[[], dict[str, Any]]) -> Response:
    """The answer as JSON, with a status that says who must do something about a failure."""
    from starlette.responses import JSONResponse

    try:
        return JSONResponse(do(), headers=_FRESH)
    except ValidationError as error:
        first = error.errors()[0]
        return JSONResponse({"error": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, 422)
    except Outdated as error:
        return JSONResponse({"error": str(error)}, 409)
    except Refused as error:
        return JSONResponse({"error": str(error)}, 422)
    except KoteihyoError as error:
        return JSONResponse({"error": str(error)}, 503)
