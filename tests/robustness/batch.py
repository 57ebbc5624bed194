# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads many documents in few processes, each document under the worker's discipline; a death costs one document.

Run as `python -m tests.robustness.batch FOLDER NAME…`; it prints one line of JSON for each document.
"""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS_EACH = 25
MEMORY = 2 << 30


@dataclass(frozen=True)
class Ending:
    """How reading a document ended."""

    kind: str
    """`read`, a reason, or `died` with a signal."""
    rows: int = 0
    findings: int = 0
    message: str = ""
    told: str = ""
    """All text that is in a record or in a finding."""
    seconds: float = 0.0
    """Of computing."""
    peak: int = 0
    """Most memory that the process has used while it read the document, in bytes."""


def read_batch(documents: Mapping[str, bytes], folder: Path, processes: int = 2) -> dict[str, Ending]:
    """Reads all documents; those that kill the process are `died`."""
    for name, data in documents.items():
        (folder / f"{name}.pdf").write_bytes(data)
    shares = [list(documents)[i::processes] for i in range(processes)]
    endings: dict[str, Ending] = {}
    running = [(share, _start(folder, share)) for share in shares if share]
    while running:
        share, process = running.pop(0)
        output, _ = process.communicate()
        done = [json.loads(line) for line in output.splitlines()]
        endings.update({entry.pop("name"): Ending(**entry) for entry in done})
        rest = share[len(done) :]
        if rest:
            endings[rest[0]] = Ending("died", message=f"exit status {process.returncode}")
        if rest[1:]:
            running.append((rest[1:], _start(folder, rest[1:])))
    return endings


def _start(folder: Path, names: Sequence[str]) -> subprocess.Popen[str]:
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "tests.robustness.batch", str(folder), *names]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def main(folder: Path, names: Sequence[str]) -> None:
    from koteihyo.pipeline.run.jobs import Limits, Request, table_file
    from koteihyo.pipeline.run.worker import read_to_files
    from koteihyo.pipeline.store.frames import read_table
    from koteihyo.schema.records import Block, Edition, Finding

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in names:
        # The signal's own action ends the process, whatever it is doing.
        signal.setitimer(signal.ITIMER_PROF, SECONDS_EACH)
        work = folder / f"{name}.rows"
        work.mkdir()
        edition = Edition(edition_id="x", title="x", source_sha256="", source_file="x.pdf", page_count=0)
        request = Request(pdf=folder / f"{name}.pdf", edition=edition, limits=Limits(memory=MEMORY))
        _forget_peak()
        start = time.process_time()
        result = read_to_files(request, work)
        # The allowance of the document before is none of the next one's.
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if result.failure is not None:
            entry: dict[str, object] = {"kind": result.failure.reason, "message": result.failure.message}
        else:
            blocks = read_table(table_file(work, Block.TABLE), Block)
            findings = read_table(table_file(work, Finding.TABLE), Finding)
            told = "".join([*(block.text_raw for block in blocks), *(finding.text for finding in findings)])
            entry = {"kind": "read", "rows": len(blocks), "findings": len(findings), "told": told}
        entry |= {"seconds": time.process_time() - start}
        entry |= {"peak": _peak()}
        shutil.rmtree(work)
        print(json.dumps({"name": name, **entry}), flush=True)


def _forget_peak() -> None:
    """Lets the kernel measure the most memory anew (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
