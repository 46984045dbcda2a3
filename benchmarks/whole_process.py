"""The whole process from outside: how long commands take to start, what importing the client costs, what `run` holds in
memory, what it costs when idle.

Start-up is set against bare Python in the same run. Pages are served on loopback, each on a host of its own, and answer
304 once they were read. Linux only: memory and CPU time come from /proc.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from bench import arguments, finish  # noqa: E402 - found beside this file, wherever it is started from
from tests.fake_provider import ThreadedProvider  # noqa: E402

PROGRAM = [sys.executable, "-m", "statuswire"]
TICKS = os.sysconf("SC_CLK_TCK")
LISTENING = re.compile(r"Listening on: (http://\S+)")
BUDGETS = {
    "statuswire --help": (0.250, "s"),
    "statuswire page list": (1.0, "s"),
    "import of the client, CPU": (0.080, "s"),
    "run until ready": (1.5, "s"),
    "resident memory with 20 pages": (80, "MB"),
    "idle with 100 pages": (1.0, "% of a core"),
}


@dataclass(frozen=True, slots=True)
class Running:
    """`options` are those by which commands mean the same pages and database."""

    process: subprocess.Popen[str]
    base_url: str
    ready_s: float
    options: list[str]

    def ask(self, path: str) -> dict[str, dict[str, int]]:
        with urllib.request.urlopen(self.base_url + path, timeout=10) as answer:
            return json.load(answer)

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024


def wall_s(command: list[str], rounds: int) -> float:
    """Median wall time of a whole command after one warm-up."""
    times = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        times.append(time.perf_counter() - started)
    return median(times[1:])


def client_import_s(rounds: int) -> float:
    """Median CPU time of `import statuswire.client` in a process of its own, after one warm-up."""
    script = "import time; began = time.process_time(); import statuswire.client; print(time.process_time() - began)"
    times = []
    for _ in range(rounds + 1):
        told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
        times.append(float(told.stdout))
    return median(times[1:])


@contextmanager
def run_with(pages: int) -> Iterator[Running]:
    """`statuswire run` over so many Statuspage pages that have nothing new to say."""
    with ThreadedProvider(host="0.0.0.0") as provider, tempfile.TemporaryDirectory() as folder:
        provider.serve("/api/v2/summary.json", summary(), etag='W/"1"')
        urls = [provider.url("/", host=f"127.0.1.{number + 1}") for number in range(pages)]
        config = Path(folder, "statuswire.yaml")
        listed = [
            {"name": f"Page {number}", "url": url, "platform": "statuspage", "allow_private": True}
            for number, url in enumerate(urls)
        ]
        config.write_text(json.dumps({"pages": listed, "log": {"level": "warning"}}))
        database = f"sqlite:///{folder}/test.db"
        shared = ["--config", str(config), "--database", database]
        command = [*PROGRAM, "run", *shared, "--port", "0"]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout
        try:
            found = next(match for match in map(LISTENING.search, process.stdout) if match)
            yield Running(process, found[1], time.perf_counter() - started, shared)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def summary(components: int = 12) -> bytes:
    rows = [
        {"id": f"c{number:011}", "name": f"Component {number}", "status": "operational", "group": False}
        for number in range(components)
    ]
    page = {"id": "q7h2m0x9c4vd", "name": "Acme", "url": "", "updated_at": "2026-05-04T10:00:00.000Z"}
    body = {
        "page": page,
        "status": {"indicator": "none", "description": "All Systems Operational"},
        "components": rows,
        "incidents": [],
        "scheduled_maintenances": [],
    }
    return json.dumps(body).encode()


def wait_until_read(running: Running, pages: int) -> None:
    deadline = time.monotonic() + 60
    while running.ask("/stats")["polls"]["changed"] < pages:
        if time.monotonic() > deadline:
            raise SystemExit(f"the {pages} pages were not all read within a minute: {running.ask('/stats')['polls']}")
        time.sleep(0.2)


def keep_bytecode(folder: str) -> None:
    """As an installer makes it: compiling costs time and memory, which the installed program does not pay."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = folder
    with run_with(1) as running:
        wait_until_read(running, 1)


def main() -> None:
    options = arguments(__doc__, rounds=5, idle_s=60)
    with tempfile.TemporaryDirectory() as folder:
        keep_bytecode(folder)
        finish(*measured(options.rounds, options.idle_s))


def measured(rounds: int, idle_s: int) -> list[bool]:
    """Whether each budget holds."""
    figures: dict[str, float] = {}
    bare = wall_s([sys.executable, "-c", "pass"], rounds)
    figures["statuswire --help"] = wall_s([*PROGRAM, "--help"], rounds)
    figures["import of the client, CPU"] = client_import_s(rounds)
    ready = []
    for _ in range(rounds):
        with run_with(2) as running:
            ready.append(running.ready_s)
    figures["run until ready"] = median(ready)
    with run_with(20) as running:
        wait_until_read(running, 20)
        figures["statuswire page list"] = wall_s([*PROGRAM, "page", "list", *running.options], rounds)
        figures["resident memory with 20 pages"] = running.memory_mb()
    with run_with(100) as running:
        wait_until_read(running, 100)
        before = running.cpu_s()
        time.sleep(idle_s)
        figures["idle with 100 pages"] = 100 * (running.cpu_s() - before) / idle_s
    print(f"\nwhole process (bare `python -c pass`: {bare:.3f} s)")
    verdicts = []
    for name, figure in figures.items():
        limit, unit = BUDGETS[name]
        verdicts.append(figure <= limit)
        print(f"  {name:<32}{figure:9.3f} {unit:<12} budget <= {limit:g} {'ok' if verdicts[-1] else 'OVER'}")
    return verdicts


if __name__ == "__main__":
    main()
