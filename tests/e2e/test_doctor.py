"""The doctor beside a running service, as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.fake_provider import ThreadedProvider

from .running import Running

SUMMARY = {
    "page": {
        "id": "p1q2r3s4t5u6",
        "name": "Acme Relay",
        "url": "https://status.acme-relay.example",
        "updated_at": "2026-05-04T10:00:00Z",
    },
    "status": {"indicator": "none", "description": "All Systems Operational"},
    "components": [
        {"id": "c1", "name": "API", "status": "brownout", "position": 1, "updated_at": "2026-05-04T10:00:00Z"},
        {"id": "c2", "name": "Web", "status": "operational", "position": 2, "updated_at": "2026-05-04T10:00:00Z"},
    ],
    "incidents": [],
    "scheduled_maintenances": [],
}


def examined(folder: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and findings of `doctor` with these options, on the configuration in the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    ran = subprocess.run(
        [sys.executable, "-m", "statuswire", "doctor", "-c", "statuswire.yaml", "--json", *options],
        cwd=folder,
        env=kept,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return ran.returncode, json.loads(ran.stdout)


def finding_about_the_service(folder: Path, *options: str) -> dict[str, Any]:
    """What `doctor` with these options says of the service on the same database."""
    (found,) = [one for one in examined(folder, *options)[1] if one["subject"] == "service"]
    return found


def test_the_doctor_asks_the_service_on_the_port_that_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "statuswire.yaml").write_text("pages: []\nserver: {port: 1}\n", encoding="utf-8")
    with Running("run", "-c", "statuswire.yaml", "--port", "0", cwd=tmp_path) as service:
        address = urlsplit(service.base_url)

        elsewhere = finding_about_the_service(tmp_path)
        there = finding_about_the_service(tmp_path, "--host", "127.0.0.1", "--port", str(address.port))

    assert elsewhere["grade"] == "note"
    assert f"process {service.process.pid} holds the database" in elsewhere["sentence"]
    assert "--port" in elsewhere["advice"]
    assert there["grade"] == "ok"
    assert f"process {service.process.pid} answers 200 at {service.base_url}/health" in there["sentence"]


def test_the_doctor_tells_how_feeds_are_read_and_which_words_were_not_understood(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", json.dumps(SUMMARY).encode(), etag='"1"')
        page = {"slug": "acme", "name": "Acme Relay", "url": provider.url(""), "allow_private": True}
        settings = {"poll": {"interval": "1s"}, "pages": [page | {"platform": "statuspage"}]}
        (tmp_path / "statuswire.yaml").write_text(json.dumps(settings), encoding="utf-8")
        with Running("run", "-c", "statuswire.yaml", "--port", "0", cwd=tmp_path) as service:
            service.until_status("/stats", lambda body: body["polls"]["not_modified"] >= 1)
            beside = examined(tmp_path, "--port", str(urlsplit(service.base_url).port))
            service.stop()
        code, found = examined(tmp_path)

    assert beside[0] == code == 0
    (problems,) = [one for one in beside[1] if one["subject"].startswith("problems")]
    assert problems["facts"]["platform"] == "statuspage"
    (words,) = [one for one in found if one["subject"] == "page acme"]
    assert (words["grade"], words["facts"]["unknown_component_status"]) == ("note", ["brownout"])
    (feed,) = [one for one in found if one["subject"].endswith("/summary.json")]
    assert feed["facts"]["state"] == "ok"
    assert feed["facts"]["last_read_at"] >= feed["facts"]["last_changed_at"]
    assert 0 < feed["facts"]["not_modified_share"] < 1
