# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page that all views are drawn in, its scripts and styles, and how data is handed to them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files

from koteihyo.pipeline.site.contents import Json

SCRIPTS = (
    "core.js", "words.js", "edition.js", "plan-model.js", "plan-item.js", "plan-filters.js", "plan-panel.js",
    "plan.js", "item.js", "page.js", "changes.js", "search.js", "pages.js",
)  # fmt: skip
"""In the order in which they need each other."""

LAST_SCRIPT = "main.js"
"""Shows the first view, so it comes after all that views are made of."""

# Nothing but what lies beside the page is loaded, and no text of a PDF can become a script or a style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


def index_page(downloads: Sequence[Json], version: str, extra: Sequence[str] = (), token: str | None = None) -> str:
    """The page, with scripts of one's own before the last one."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("koteihyo.pipeline.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("index.html.j2").render(
        policy=POLICY, scripts=[*SCRIPTS, *extra, LAST_SCRIPT], downloads=downloads, version=version, token=token
    )


def static_files() -> dict[str, bytes]:
    """Scripts, styles and the icon by name."""
    folder = files("koteihyo.pipeline.site").joinpath("static")
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def data_script(name: str, data: object) -> str:
    """A data file: a script that hands its data over, as a page from file:// can load no other kind."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Halves of surrogate pairs cannot be written as UTF-8; no text that was read has any.
    return f"koteihyo.receive({json.dumps(name)},{text});\n"


def slug(edition_id: str) -> str:
    """A name for files and folders that every system and web host takes, different for different ids."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda m: "".join(f"_{b:02x}" for b in m.group().encode()), edition_id)
