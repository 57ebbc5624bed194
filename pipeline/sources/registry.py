# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register of editions, `data/raw/editions.toml`: what each PDF is, where it came from, what its bytes must be."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from koteihyo.schema.errors import UsageError

REGISTER = "editions.toml"
# A file name may have 255 bytes, and a pair's folder holds two ids.
MAX_ID_BYTES = 110
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_ID = re.compile(r"[^\W_][\w.\-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Registration(BaseModel):
    """One registered edition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: Annotated[str, Field(min_length=1, max_length=300)]
    file: str
    published_on: dt.date | None = None
    source_url: str | None = None
    sha256: str | None = None

    @field_validator("id")
    @classmethod
    def _safe_id(cls, value: str) -> str:
        if not _ID.fullmatch(value) or ".." in value:
            raise ValueError("an id has letters, figures, '-', '_' and '.', and begins with a letter or figure")
        if len(value.encode()) > MAX_ID_BYTES:
            raise ValueError(f"an id has at most {MAX_ID_BYTES} bytes in UTF-8: {MAX_ID_BYTES // 3} kanji")
        return value

    @field_validator("file")
    @classmethod
    def _stays_in_folder(cls, value: str) -> str:
        if Path(value).name != value or "\\" in value or value.startswith(".") or not value.isprintable():
            raise ValueError("a file is a plain name in the folder of the register, without any path")
        if not value.lower().endswith(".pdf"):
            raise ValueError("a file's name ends in .pdf")
        return value

    @field_validator("sha256")
    @classmethod
    def _hex(cls, value: str | None) -> str | None:
        if value is not None and not _SHA256.fullmatch(value):
            raise ValueError("a sha256 is 64 figures 0-9a-f")
        return value

    @field_validator("source_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
        if not (parts.scheme == "https" or local) or not parts.hostname or not value.isprintable():
            raise ValueError("a source_url begins with https://")
        return value


def load_registry(raw: Path) -> dict[str, Registration]:
    """Registered editions of a folder by id; empty when there is no register.

    Raises:
        UsageError: the register is not valid.
    """
    path = raw / REGISTER
    try:
        # Reading a pipe would wait for ever, and a link that leads nowhere is no folder without a register.
        if os.path.lexists(path) and not path.is_file():
            raise UsageError(f"{path}: is not a file; mend it or move it away")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error
    return _parse(text, path)


def _parse(text: str, path: Path) -> dict[str, Registration]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML ({error}); mend that line") from error
    unknown = set(document) - {"edition"}
    entries = document.get("edition", [])
    if unknown or not isinstance(entries, list):
        raise UsageError(f"{path}: holds [[edition]] tables only, not {', '.join(sorted(unknown)) or 'edition = …'}")
    result: dict[str, Registration] = {}
    files: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            registration = Registration.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(f"{path}: edition {number}, {where}: {first['msg']}") from error
        if registration.id in result:
            raise UsageError(f"{path}: edition {registration.id} is registered twice; remove one")
        if registration.file in files:
            raise UsageError(f"{path}: {registration.file} is both {files[registration.file]} and {registration.id}")
        result[registration.id] = registration
        files[registration.file] = registration.id
    return result


def add_registration(raw: Path, registration: Registration) -> None:
    """Appends an edition to the register, which keeps its comments and order.

    Raises:
        UsageError: the id or the file is registered already.
    """
    path = raw / REGISTER
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    after = before + ("" if not before or before.endswith("\n\n") else "\n") + _entry(registration)
    _parse(after, path)
    temporary = path.with_suffix(".toml.tmp")
    temporary.write_text(after, encoding="utf-8")
    temporary.replace(path)


def _entry(registration: Registration) -> str:
    lines = ["[[edition]]"]
    for name, value in registration:
        if value is None:
            continue
        # A JSON string is a valid TOML basic string.
        shown = value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
        lines.append(f"{name} = {shown}")
    return "\n".join(lines) + "\n"
