"""What stands before the service: each proxy finds no fault in its own file, and a real one does what it is to do.

Deadlines are made shorter than those in the files; nothing else is changed but addresses.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import ipaddress
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

from statuswire.web.asking import BODY_DEADLINE_S
from statuswire.web.peers import peer_of
from statuswire.web.trust import HookSettings
from tests.deploy.proxies import KINDS, Kind, changed, standing_before
from tests.deploy.tools import DEPLOY, run, tool
from tests.e2e.running import PATIENCE_S, Running

HOOK = {"event_type": "incident", "data": {"id": "1", "incident": {"name": "Slow API", "status": {"label": "down"}}}}
SOON_S = 5.0
"""Half of what the service itself would wait."""
LONGER_S = 0.5
"""Than the deadlines, for a stream that says nothing meanwhile."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    environ = {"STATUSWIRE_PAGES": "[]", "STATUSWIRE_AUTH__PROXIES": "[127.0.0.1]"}
    with Running("run", "--port", "0", cwd=tmp_path_factory.mktemp("service"), environ=environ) as running:
        yield running


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def proxy(request: pytest.FixtureRequest, service: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Its port, on loopback."""
    kind: Kind = request.param
    address = service.base_url.removeprefix("http://")
    with standing_before(address, kind, tmp_path_factory.mktemp(kind.name)) as port:
        yield port


def spoken(port: int, words: bytes, *, source: str = "127.0.0.1") -> tuple[bytes, float]:
    """What comes back of words after which nothing more is said, and how long that takes in seconds."""
    begun = time.monotonic()
    heard = b""
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE_S, (source, 0)) as line,
        contextlib.suppress(ConnectionResetError),
    ):
        line.sendall(words)
        while piece := line.recv(4096):
            heard += piece
    return heard, time.monotonic() - begun


def test_the_dashboard_is_seen(proxy: int) -> None:
    heard, _ = spoken(proxy, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert heard.startswith(b"HTTP/1.1 200")
    assert b"<title>" in heard


def test_a_hook_is_on_the_stream_and_the_socket_at_once_and_after_all_deadlines(proxy: int) -> None:
    async def main() -> tuple[int, bytes, Any]:
        async with (
            asyncio.timeout(PATIENCE_S),
            aiohttp.ClientSession(f"http://127.0.0.1:{proxy}") as session,
            session.get("/api/v1/stream") as stream,
            session.ws_connect("/api/v1/ws") as socket,
        ):
            assert (await stream.content.readuntil(b"\n\n")).startswith(b"retry:")
            await asyncio.sleep(LONGER_S)
            hook = HOOK | {"data": HOOK["data"] | {"id": f"of {proxy}"}}  # type: ignore[operator]
            async with session.post("/webhook/generic/acme", json=hook) as answer:
                status = answer.status
            return status, await stream.content.readuntil(b"\n\n"), json.loads((await socket.receive()).data)

    status, streamed, message = asyncio.run(main())

    assert status == 202
    assert b"event: incident.created" in streamed
    assert json.loads(streamed.decode().partition("data: ")[2]) == message


def test_many_requests_are_all_answered_though_a_replica_is_gone(proxy: int) -> None:
    async def main() -> list[int]:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{proxy}") as session:
            found = []
            for _ in range(20):
                async with session.post("/webhook/generic/acme", json=HOOK) as answer:
                    found.append(answer.status)
            return found

    assert set(asyncio.run(main())) <= {200, 202}


def test_headers_that_do_not_end_are_cut_off(proxy: int) -> None:
    heard, seconds = spoken(proxy, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")

    assert heard == b"" or heard.startswith((b"HTTP/1.1 408", b"HTTP/1.0 408"))
    assert seconds < SOON_S


SLOW = (
    b"POST /webhook/generic/acme HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{"
)


@pytest.mark.parametrize(
    "proxy", [kind for kind in KINDS if kind.name != "caddy"], indirect=True, ids=lambda kind: kind.name
)
def test_a_body_that_does_not_come_is_cut_off(proxy: int) -> None:
    """Caddy waits for what the service says, see below."""
    heard, seconds = spoken(proxy, SLOW)

    assert not heard.startswith((b"HTTP/1.1 2", b"HTTP/1.1 5"))
    assert seconds < SOON_S


def test_a_body_beyond_a_mebibyte_is_refused(proxy: int) -> None:
    """Some say so at the sight of its length, some when they have read too much."""
    size_bytes = 1024 * 1024 + 1
    head = SLOW.replace(b"Length: 100\r\n\r\n{", b"Length: %d\r\n\r\n" % size_bytes)

    with socket.create_connection(("127.0.0.1", proxy), PATIENCE_S) as line:
        line.sendall(head)
        line.settimeout(0.2)
        try:
            heard = line.recv(4096)
        except TimeoutError:
            line.settimeout(PATIENCE_S)
            line.sendall(b" " * size_bytes)
            heard = line.recv(4096)

    assert heard.startswith(b"HTTP/1.1 413")


# --- who asks -----------------------------------------------------------------------------------------------------


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    def do_GET(self) -> None:
        body = json.dumps([[name.lower(), value] for name, value in self.headers.items()]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """As the service answers a body that it has waited for in vain: without having read it."""
        self.close_connection = True
        self.send_response(408)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: standard error is read by people."""


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """Its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("claimed", [b"", b"X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"])
def test_the_service_is_told_who_asks_and_by_which_name_whatever_the_sender_claims(
    kind: Kind, claimed: bytes, echo: str, tmp_path: Path
) -> None:
    request = b"GET / HTTP/1.1\r\nHost: status.example.com\r\nConnection: close\r\n" + claimed + b"\r\n"

    with standing_before(echo, kind, tmp_path) as port:
        heard, _ = spoken(port, request, source="127.0.0.9")
    headers = [(name.encode(), value.encode()) for name, value in json.loads(heard.partition(b"\r\n\r\n")[2])]
    peer = peer_of({"client": ("127.0.0.1", 1), "headers": headers}, [ipaddress.ip_network("127.0.0.1/32")])

    assert (peer.address, peer.is_https) == ("127.0.0.9", False)
    assert dict(headers)[b"host"] == b"status.example.com"


def test_caddy_passes_on_that_the_service_waits_no_longer_for_a_body(echo: str, tmp_path: Path) -> None:
    """At the end of its own deadline, which therefore is beyond that of the service: it tells nobody before."""
    caddy = next(kind for kind in KINDS if kind.name == "caddy")
    own_s = int(re.findall(r"read_body (\d+)s", (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8"))[0])

    with (
        standing_before(echo, caddy, tmp_path) as port,
        socket.create_connection(("127.0.0.1", port), SOON_S) as line,
    ):
        line.sendall(SLOW)
        heard = line.recv(4096)

    assert heard.startswith(b"HTTP/1.1 408")
    assert own_s > max(BODY_DEADLINE_S, HookSettings().body_deadline_s)


# --- the files as they are ----------------------------------------------------------------------------------------


def test_nginx_finds_no_fault_in_the_site(tmp_path: Path) -> None:
    """Beside the usual file of the distribution, and with a certificate that there is."""
    certificate = trustme.CA().issue_cert("status.example.com")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    site = changed(
        (DEPLOY / "nginx" / "statuswire.conf").read_text("utf-8"),
        (r"/etc/nginx/statuswire-server\.conf", str(DEPLOY / "nginx" / "statuswire-server.conf")),
        (r"/etc/ssl/private/\S+;", f"{tmp_path}/key.pem;"),
        (r"/etc/ssl/\S+;", f"{tmp_path}/cert.pem;"),
    )
    (tmp_path / "site.conf").write_text(site, "utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n", "utf-8")

    said = run(tool("nginx"), "-t", "-q", "-p", tmp_path, "-c", whole, "-e", tmp_path / "errors", is_silent=True)

    assert said == ""


def test_caddy_finds_no_fault_and_nothing_to_format() -> None:
    file = DEPLOY / "caddy" / "Caddyfile"

    run(tool("caddy"), "validate", "--config", file, "--adapter", "caddyfile")
    run(tool("caddy"), "fmt", "--diff", file)


def test_haproxy_finds_no_fault() -> None:
    run(tool("haproxy"), "-c", "-f", DEPLOY / "haproxy" / "haproxy.cfg")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (
            "nginx/statuswire-server.conf",
            [
                "client_header_timeout 10s;",
                "client_body_timeout 5s;",
                "client_max_body_size 1m;",
                "proxy_buffering off;",
                "proxy_set_header Upgrade $http_upgrade;",
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
                "proxy_set_header X-Forwarded-Proto $scheme;",
                "proxy_set_header Host $http_host;",
            ],
        ),
        ("caddy/Caddyfile", ["read_header 10s", "read_body 15s", "max_size 1MiB", "reverse_proxy 127.0.0.1:8000"]),
        ("haproxy/haproxy.cfg", ["timeout http-request 10s", "option http-buffer-request", "option forwardfor"]),
    ],
)
def test_a_file_says_what_matters_even_where_its_proxy_is_not_here(file: str, words: list[str]) -> None:
    text = (DEPLOY / file).read_text("utf-8")

    assert [one for one in words if one not in text] == []
    assert text.count("{") == text.count("}")
