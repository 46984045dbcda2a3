"""What a service loads, which it holds for as long as it runs."""

from __future__ import annotations

import json
import subprocess
import sys

UNUSED = {
    "statuswire.backtest",
    "statuswire.client",
    "statuswire.gate",
    "statuswire.cli.app",
    "statuswire.desk",
    "statuswire.detection",
    "statuswire.discovery",
    "statuswire.engine.evidence",
    "statuswire.engine.statements",
    "statuswire.elsewhere",
    "statuswire.lookup",
    "statuswire.mcp",
    "statuswire.signals",
    "statuswire.top",
    "statuswire.web.api",
    "statuswire.web.face",
    "statuswire.web.live",
    "statuswire.web.out",
    "argon2",
    "authlib",
    "fastapi",
    "jinja2",
    "mcp",
    "mcp_types",
    "nh3",
    "psycopg",
    "redis",
    "rich",
    "textual",
    "statuswire.peers.postgres",
    "statuswire.peers.redis",
}
"""What is loaded when somebody asks for it; most services are asked for little."""


def test_what_a_service_may_never_use_is_not_loaded_with_it() -> None:
    script = "import json, sys, statuswire.cli.service, statuswire.server; print(json.dumps(list(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert UNUSED & set(json.loads(told.stdout)) == set()


def loaded_with(module: str) -> set[str]:
    script = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(told.stdout))


def test_the_client_brings_nothing_of_the_server_and_little_else() -> None:
    """Programs of others pay for it at every start: what is slow to import comes when it is needed."""
    loaded = loaded_with("statuswire.client")

    ours = {name.split(".")[1] for name in loaded if name.startswith("statuswire.")}
    assert ours == {"client", "errors"}
    slow = {"aiohttp", "asyncio", "dataclasses", "http.client", "httptools", "logging", "pydantic", "socket", "ssl"}
    assert loaded & (slow | {"uvloop"}) == set()


GUARDED = """
import json, sys, threading
def at_once(frame, event, argument):
    sys.setprofile(None)
    print(json.dumps(list(sys.modules)), flush=True)
from statuswire.client import guard, close
threading.setprofile(at_once)
guard("acme", server="https://127.0.0.1:1")
close()
"""
"""Prints what is loaded when the thread begins."""


def test_a_guard_imports_all_that_its_thread_needs_before_that_starts() -> None:
    """A fork in the middle of an import by another thread leaves the module locked in the child for ever."""
    told = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True)

    needed = {"encodings.idna", "httptools", "socket", "ssl", "statuswire.client.answering"}
    assert needed - set(json.loads(told.stdout.splitlines()[0])) == set()


def test_receiving_webhooks_brings_no_framework_and_no_server() -> None:
    loaded = loaded_with("statuswire.client.receive")

    ours = {name.split(".")[1] for name in loaded if name.startswith("statuswire.")}
    assert ours == {"client", "errors", "signing"}
    assert loaded & {"aiohttp", "django", "fastapi", "flask", "pydantic"} == set()


def test_the_plugin_that_asks_a_server_brings_no_platform() -> None:
    loaded = loaded_with("statuswire.gate.plugin")

    assert {name for name in loaded if name.startswith(("statuswire.platforms", "statuswire.config"))} == set()


def test_a_command_that_asks_the_database_brings_nothing_that_reads_documents_or_asks_others() -> None:
    loaded = loaded_with("statuswire.cli.own, statuswire.desk.own, statuswire.desk.reaching, statuswire.cli.printing")

    assert loaded & {"aiohttp", "lxml", "statuswire.net.http", "statuswire.platforms.reading"} == set()
