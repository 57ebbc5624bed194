# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages, drawn when they are looked at, in a process of its own: a page that crashes it costs itself."""

from __future__ import annotations

import shutil
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from koteihyo.pipeline.site.pictures import draw_pictures, picture_name
from koteihyo.pipeline.store.fingerprint import sha256_file
from koteihyo.schema.errors import DocumentError
from koteihyo.schema.records import Edition


class Pictures:
    """The pictures of the pages of the PDFs in a folder."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._folder = Path(tempfile.mkdtemp(prefix="koteihyo-pictures-"))
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._hashes: dict[tuple[Path, int], str] = {}

    def close(self) -> None:
        """Ends the process and removes the pictures."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def picture(self, edition: Edition, page_no: int) -> Path | None:
        """The picture of a page; None when the PDF is missing, another one, or cannot be drawn."""
        folder = self._folder / edition.source_sha256
        file = folder / picture_name(page_no)
        with self._lock:
            if file.is_file():
                return file
            pdf = self._raw / edition.source_file
            try:
                if self._hash(pdf) != edition.source_sha256:
                    return None
                folder.mkdir(exist_ok=True)
                if self._pool is None:
                    self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
                self._pool.submit(draw_pictures, pdf, [page_no], folder).result()
            except BrokenProcessPool:
                self._pool = None
                return None
            except (OSError, DocumentError):
                return None
            return file

    def _hash(self, pdf: Path) -> str:
        key = (pdf, pdf.stat().st_mtime_ns)
        if key not in self._hashes:
            self._hashes[key] = sha256_file(pdf)
        return self._hashes[key]
