"""The doctor beside a running service, as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from .running import Running


def finding_about_the_service(folder: Path, *options: str) -> dict[str, str]:
    """What `doctor` with these options says of the service on the same database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    ran = subprocess.run(
        [sys.executable, "-m", "statuswire", "doctor", "-c", "statuswire.yaml", "--json", *options],
        cwd=folder,
        env=kept,
        capture_output=True,
        timeout=30,
        check=False,
    )
    (found,) = [one for one in json.loads(ran.stdout) if one["subject"] == "service"]
    return dict(found)


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
