"""P16: hash seed, locale, time zone and output encoding change neither keys nor what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SURROUNDINGS: Mapping[str, Mapping[str, str]] = {
    "another hash seed": {"PYTHONHASHSEED": "1"},
    "the C locale": {"PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
    "ASCII output": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "TZ": "America/St_Johns"},
    "Latin-1 output": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
}
USUAL = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def summary(minute: int, status: str, updates: list[tuple[str, str]]) -> bytes:
    """A Statuspage summary with one incident in a language that needs more than Latin-1."""
    told = [
        {"id": f"u{n}", "status": phase, "body": text, "display_at": f"2026-05-04T10:{n:02}:00Z"}
        for n, (phase, text) in enumerate(updates)
    ]
    incident = {
        "id": "n4w8x2q9p0aa",
        "name": "Störung – 障害",
        "status": updates[-1][0] if updates else "resolved",
        "impact": "minor",
        "started_at": "2026-05-04T10:00:00Z",
        "created_at": "2026-05-04T10:00:00Z",
        "incident_updates": told[::-1],
        "components": [{"id": "c1", "name": "Ämter", "status": status}],
    }
    body = {
        "page": {"id": "q7h2m0x9c4vd", "name": "Größe", "url": "", "updated_at": f"2026-05-04T10:{minute:02}:00.000Z"},
        "status": {"indicator": "none", "description": ""},
        "components": [{"id": "c1", "name": "Ämter", "status": status}, {"id": "c2", "name": "東京", "status": status}],
        "incidents": [incident] if updates else [],
        "scheduled_maintenances": [],
    }
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.fixture
def series(tmp_path: Path) -> Path:
    documents = [
        summary(0, "operational", []),
        summary(1, "degraded_performance", [("investigating", "Wir prüfen es.")]),
        summary(2, "partial_outage", [("investigating", "Wir prüfen es."), ("identified", "原因が判明 — 対応中 🔧")]),
        summary(3, "operational", []),
    ]
    path = tmp_path / "series.jsonl"
    lines = [
        json.dumps({"captured_at": f"2026-05-04T10:{minute:02}:30Z", "body": body.decode()}, ensure_ascii=False)
        for minute, body in enumerate(documents)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def replayed(series: Path, environ: Mapping[str, str]) -> bytes:
    """Standard output of `statuswire replay` in these surroundings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    command = (sys.executable, "-m", "statuswire", "replay", str(series), "--history")
    child = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=kept | dict(environ), timeout=60)
    assert child.returncode == 0, child.stderr
    return child.stdout


def test_P16_the_same_documents_give_the_same_bytes_in_any_surroundings(series: Path) -> None:
    usual = replayed(series, USUAL)

    assert "原因が判明 — 対応中 🔧" in usual.decode()
    assert {name: replayed(series, environ) for name, environ in SURROUNDINGS.items()} == dict.fromkeys(
        SURROUNDINGS, usual
    )
