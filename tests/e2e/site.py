"""A folder with a configuration and a database, the service that runs there, and commands beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .running import Running


def body(number: int, status: str = "investigating", impact: str = "minor", name: str = "Slow API") -> dict[str, Any]:
    """A hook of a Statuspage page about one incident."""
    at = f"2026-05-04T10:{number:02}:00Z"
    return {
        "page": {"id": "acmepage", "name": "Acme", "status_description": "", "status_indicator": "none"},
        "incident": {
            "id": "inc1",
            "name": name,
            "status": status,
            "impact": impact,
            "created_at": "2026-05-04T10:00:00Z",
            "updated_at": at,
            "components": [],
            "incident_updates": [
                {"id": f"u{number}", "status": status, "body": f"Word {number}.", "created_at": at, "updated_at": at}
            ],
        },
    }


class Site:
    """A folder with a configuration and a database; `run` starts the service there, `command` gives commands."""

    def __init__(self, folder: Path, config: str) -> None:
        self.folder = folder
        self.started: list[Running] = []
        self.write(config)

    def write(self, text: str) -> None:
        (self.folder / "statuswire.yaml").write_text(text, encoding="utf-8")

    @property
    def _where(self) -> list[str]:
        return ["--config", "statuswire.yaml", "--database", "sqlite:///site.db"]

    def run(self) -> Running:
        running = Running("run", *self._where, "--port", "0", cwd=self.folder)
        self.started.append(running)
        assert running.base_url
        return running

    def command(self, *words: str, has_database: bool = True) -> subprocess.CompletedProcess[str]:
        where = self._where if has_database else self._where[:2]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
        return subprocess.run(
            [sys.executable, "-m", "statuswire", *words, *where],
            cwd=self.folder,
            env=clean,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def json(self, *words: str, has_database: bool = True) -> Any:
        done = self.command(*words, "--json", has_database=has_database)
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    def close(self) -> None:
        for running in self.started:
            running.__exit__(None, None, None)
