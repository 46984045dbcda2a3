"""The proxies of `deploy/` as real processes: the files themselves, with other addresses and shorter deadlines."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.tools import DEPLOY, tool
from tests.e2e.running import PATIENCE_S

DEADLINE = "300ms"
"""In the place of every deadline for what a client sends."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`prepare` writes its files into a folder, for this port of its own and the address of the one that it is put
    before, and gives the command."""

    name: str
    prepare: Callable[[Path, int, str], Sequence[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def standing_before(address: str, kind: Kind, folder: Path) -> Iterator[int]:
    """The port at which the proxy answers, once it does."""
    port = free_port()
    command = kind.prepare(folder, port, address)
    with (folder / "log").open("wb") as log:
        environ = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        running = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(port, running, folder / "log")
        yield port
    finally:
        running.terminate()
        running.wait(PATIENCE_S)


def _wait_for(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while running.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise AssertionError(f"the proxy does not listen:\n{log.read_text('utf-8')}")


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each pattern replaced; one that is nowhere is a mistake of the test."""
    for pattern, by in changes:
        text, count = re.subn(pattern, by, text, flags=re.MULTILINE)
        assert count, f"{pattern} is nowhere"
    return text


def _text(*parts: str) -> str:
    return DEPLOY.joinpath(*parts).read_text("utf-8")


# --- nginx --------------------------------------------------------------------------------------------------------


def _nginx(folder: Path, port: int, address: str) -> Sequence[str]:
    """That of the Compose file, with one replica that lives and one that is gone."""
    server = changed(
        _text("nginx", "statuswire-server.conf"),
        (r"^(client_header_timeout|client_body_timeout) \S+;", rf"\1 {DEADLINE};"),
    )
    (folder / "server.conf").write_text(server, "utf-8")
    whole = changed(
        _text("compose", "nginx.conf"),
        (r"/tmp/", f"{folder}/"),
        (r"statuswire-1:8000", address),
        (r"statuswire-2:8000", f"127.0.0.1:{free_port()}"),
        (r"listen 8080;", f"listen 127.0.0.1:{port};"),
        (r"/etc/nginx/statuswire-server\.conf", str(folder / "server.conf")),
        (r"/dev/std(out|err)", rf"{folder}/\1"),
    )
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return [tool("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", f"{user}daemon off;"]


# --- Caddy --------------------------------------------------------------------------------------------------------


def _caddy(folder: Path, port: int, address: str) -> Sequence[str]:
    whole = changed(
        _text("caddy", "Caddyfile"),
        (r"\A((?:#.*\n)*)\{$", r"\1{\n\tadmin off\n\tauto_https off"),
        (r"(read_header|read_body) \S+", rf"\1 {DEADLINE}"),
        (r"^status\.example\.com \{", f"http://:{port} {{\n\tbind 127.0.0.1"),
        (r"127\.0\.0\.1:8000", address),
    )
    (folder / "Caddyfile").write_text(whole, "utf-8")
    return [tool("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


# --- HAProxy ------------------------------------------------------------------------------------------------------


def _haproxy(folder: Path, port: int, address: str) -> Sequence[str]:
    whole = changed(
        _text("haproxy", "haproxy.cfg"),
        (r"timeout http-request \S+", f"timeout http-request {DEADLINE}"),
        (r"bind :80$", f"bind 127.0.0.1:{port}"),
        (r"10\.0\.0\.11:8000", address),
        (r"10\.0\.0\.12:8000", f"127.0.0.1:{free_port()}"),
    )
    (folder / "haproxy.cfg").write_text(whole, "utf-8")
    return [tool("haproxy"), "-db", "-f", str(folder / "haproxy.cfg")]


KINDS = (Kind("nginx", _nginx), Kind("caddy", _caddy), Kind("haproxy", _haproxy))
