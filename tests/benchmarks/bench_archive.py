# SPDX-License-Identifier: AGPL-3.0-or-later
"""Archives at a larger scale: speed, memory, what engines cost, and what kills and failing storage do to the rows.

    python -m tests.benchmarks.bench_archive make FOLDER 3000   draws the documents
    python -m tests.benchmarks.bench_archive speed FOLDER WORK  documents a second: local, and Dask with 1 and 2 nodes
    python -m tests.benchmarks.bench_archive kill FOLDER WORK   a node killed every 20 s, the driver twice: the same rows?
    python -m tests.benchmarks.bench_archive s3 FOLDER WORK     a server that fails one request in ten: the same rows?

Needs the extra `archive`; everything runs on this machine.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.archives import contents, prose
from tests.drawing import Layout, draw
from tests.robustness.corpus import mutations
from tests.robustness.handmade import roadmap

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "data" / "raw").glob("sample-*.pdf"))
NODE_KILLED_EACH = 20.0
DRIVER_KILLED_AT = (25.0, 70.0)


def make(folder: Path, number: int) -> None:
    """Draws documents: three in four of prose, an eighth with a plan, the rest damaged or copies of others."""
    rng = random.Random(20261124)
    plans = [roadmap(pages) for pages in (1, 2, 3)]
    plans += [
        draw(Layout(f"layout-{bar}-{rows}", bar=bar, rows=rows)).pdf
        for bar in ("pentagon", "rect")
        for rows in ("ruled", "none")
    ]
    texts = [prose(seed, pages, years=seed % 3 == 0) for seed, pages in itertools.product(range(8), (1, 3, 8, 20))]
    damaged = [data for _name, data in itertools.islice(mutations("damaged", plans[1], 4), 24)]
    kinds = Counter[str]()
    last = b""
    for index in range(number):
        kind = rng.choices(("prose", "plan", "sample", "damaged", "copy"), (74, 11, 1, 9, 5))[0]
        if kind == "copy" and last:
            data = last
        else:
            base = {"prose": texts, "plan": plans, "damaged": damaged, "copy": texts}.get(kind)
            # A comment behind the end makes each file another one.
            data = (rng.choice(base) if base else rng.choice(SAMPLES).read_bytes()) + b"\n%% %d\n" % index
        last = data
        path = folder / f"{index % 40:02}" / f"document-{index:05}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        kinds[kind] += 1
    print(f"{number} documents: {dict(kinds)}")


@dataclass
class Memory:
    """Resident memory of some processes over time, MiB, by role."""

    samples: list[tuple[float, dict[str, float]]] = field(default_factory=list)

    def line(self, role: str) -> str:
        """The memory of a role at five moments."""
        found = [sizes[role] for _at, sizes in self.samples if role in sizes]
        step = max(1, len(found) // 5)
        return f"{role}: " + " ".join(f"{size:.0f}" for size in found[::step]) + " MiB"


class Run:
    """One `koteihyo archive` as a process, with those of its nodes, watched."""

    def __init__(self, source: str, to: str, *options: str, env: dict[str, str] | None = None) -> None:
        self.command = [
            sys.executable,
            "-m",
            "koteihyo.pipeline.cli",
            "archive",
            source,
            "--to",
            to,
            "--json",
            *options,
        ]
        self.env = {**os.environ, **(env or {})}
        self.memory = Memory()
        self.computed = 0.0
        self.report: dict[str, object] = {}

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def finish(self, nodes: list[subprocess.Popen[bytes]] | None = None) -> float:
        """Runs to the end; seconds of the reading as the report has them."""
        process, began = self.start(), time.monotonic()
        while process.poll() is None:
            with suppress(psutil.Error):
                sizes = {"driver": _resident(psutil.Process(process.pid), children=not nodes)}
                for number, node in enumerate(nodes or []):
                    sizes[f"node {number}"] = _resident(psutil.Process(node.pid), children=True)
                self.memory.samples.append((time.monotonic() - began, sizes))
                self.computed = sum(_computed(one.pid) for one in (process, *(nodes or [])))
            time.sleep(0.5)
        assert process.stdout is not None
        assert process.returncode in (0, 3), process.returncode
        self.report = json.loads(process.stdout.read())
        return float(str(self.report["seconds"]))


def _computed(pid: int) -> float:
    """Seconds of computing of a process and all that it started."""
    process = psutil.Process(pid)
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _resident(process: psutil.Process, *, children: bool) -> float:
    family = [process, *(process.children(recursive=True) if children else [])]
    return sum(one.memory_info().rss for one in family) / (1 << 20)


@contextmanager
def cluster(nodes: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and some nodes of one thread; the list may be changed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    words = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    scheduler = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    started = [node(address) for _ in range(nodes)]
    try:
        yield address, started
    finally:
        for process in (*started, scheduler):
            process.kill()
            process.wait()


def node(address: str) -> subprocess.Popen[bytes]:
    """A node of one thread."""
    words = ["worker", address, "--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
    return subprocess.Popen([sys.executable, "-m", "dask", *words], stderr=subprocess.DEVNULL)


def speed(folder: Path, work: Path) -> None:
    rates, computed = {}, {}
    for jobs in (1, 2):
        run = Run(str(folder), _fresh(work, f"local-{jobs}"), "--jobs", str(jobs))
        run.finish()
        rates[f"local {jobs}"] = _say(f"local, {jobs} at a time", run)
        computed[f"local {jobs}"] = run.computed
    for count in (1, 2):
        with cluster(count) as (address, nodes):
            _wait_for(address, count)
            run = Run(str(folder), _fresh(work, f"dask-{count}"), "--engine", "dask", "--scheduler", address)
            run.finish(nodes)
            rates[f"dask {count}"] = _say(f"dask, {count} nodes", run)
            computed[f"dask {count}"] = run.computed
    print(f"two nodes ÷ one: {rates['dask 2'] / rates['dask 1']:.2f}")
    for number in (1, 2):
        by_clock = rates[f"local {number}"] / rates[f"dask {number}"]
        by_computing = computed[f"dask {number}"] / computed[f"local {number}"]
        print(f"cost of dask ÷ local, {number} at a time: {by_clock:.2f} by the clock, {by_computing:.2f} by computing")
    for name in ("local-2", "dask-1", "dask-2"):
        print(f"{name} has the rows of local-1: {contents(work / name) == contents(work / 'local-1')}")


def _wait_for(address: str, nodes: int) -> None:
    from distributed import Client

    with Client(address, timeout=60) as client:
        client.wait_for_workers(nodes, timeout=120)


def _say(what: str, run: Run) -> float:
    report = run.report
    rate = float(str(report["documents_a_second"]))
    print(f"{what}: {report['read']} documents, {report['pages']} pages, {report['plans']} plans, "
          f"{report['failed']} in {report['seconds']} s: {rate} documents a second, "
          f"{1000 * run.computed / max(int(str(report['read'])), 1):.0f} ms of computing a document", flush=True)  # fmt: skip
    for role in run.memory.samples[-1][1]:
        print(f"  {run.memory.line(role)}")
    return rate


def _fresh(work: Path, name: str) -> str:
    shutil.rmtree(work / name, ignore_errors=True)
    return str(work / name)


def kill(folder: Path, work: Path) -> None:
    """Kills one node after the other, and the driver twice."""
    _undisturbed(folder, work)
    deaths = Counter[str]()
    stop = threading.Event()
    with cluster(2) as (address, nodes):
        _wait_for(address, 2)

        def kill_nodes() -> None:
            for number in itertools.count():
                if stop.wait(NODE_KILLED_EACH):
                    return
                nodes[number % 2].kill()
                nodes[number % 2].wait()
                nodes[number % 2] = node(address)
                deaths["nodes"] += 1

        killer = threading.Thread(target=kill_nodes, daemon=True)
        killer.start()
        run = Run(str(folder), _fresh(work, "killed"), "--engine", "dask", "--scheduler", address)
        for seconds in DRIVER_KILLED_AT:
            process = run.start()
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            if process.poll() is None:
                deaths["drivers"] += 1
            process.kill()
            process.wait()
        run.finish(nodes)
        stop.set()
        killer.join()
    _say(f"killed ({dict(deaths)}), the last of the drivers", run)
    print(f"work lost and done again by it: {run.report['lost']}")
    print(f"the same rows as undisturbed: {contents(work / 'killed') == contents(work / 'undisturbed')}")


def _undisturbed(folder: Path, work: Path) -> None:
    if not (work / "undisturbed" / ".archive" / "report.json").exists():
        run = Run(str(folder), _fresh(work, "undisturbed"), "--jobs", "2")
        run.finish()
        _say("undisturbed, local", run)


def s3(folder: Path, work: Path) -> None:
    """The same documents from and to a server of objects that fails, throttles or cuts short one request in ten."""
    from tests.object_server import serving

    _undisturbed(folder, work)
    with serving(failing=10) as server:
        for path in sorted(folder.rglob("*.pdf")):
            server.objects[f"in/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
        run = Run("s3://bucket/in", "s3://bucket/out", "--jobs", "2", env=server.environment)
        run.finish()
        _say("object storage", run)
        print(f"requests: {dict(server.answers)}")
        os.environ.update(server.environment)
        theirs, ours = contents("s3://bucket/out", "s3://bucket/in"), contents(work / "undisturbed", str(folder))
        print(f"the same rows as undisturbed: {theirs == ours}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        {"speed": speed, "kill": kill, "s3": s3}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
