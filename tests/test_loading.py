"""What a service loads, which it holds for as long as it runs."""

from __future__ import annotations

import json
import subprocess
import sys

UNUSED = {
    "statuswire.backtest",
    "statuswire.cli.app",
    "statuswire.desk",
    "statuswire.detection",
    "statuswire.discovery",
    "statuswire.elsewhere",
    "statuswire.lookup",
    "statuswire.web.api",
    "statuswire.web.face",
    "statuswire.web.live",
    "statuswire.web.out",
    "argon2",
    "authlib",
    "fastapi",
    "jinja2",
    "nh3",
    "psycopg",
    "redis",
    "statuswire.peers.postgres",
    "statuswire.peers.redis",
}
"""What is loaded when somebody asks for it; most services are asked for little."""


def test_what_a_service_may_never_use_is_not_loaded_with_it() -> None:
    script = "import json, sys, statuswire.cli.service, statuswire.server; print(json.dumps(list(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert UNUSED & set(json.loads(told.stdout)) == set()
