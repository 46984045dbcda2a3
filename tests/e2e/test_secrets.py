"""No secret leaves by a side door: canaries in every place that holds one, looked for in logs, metrics and answers."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fake_provider import ThreadedProvider, reply

from .posting import hook_body
from .running import Running

SIGNING = "whsec_Y2FuYXJ5LXNpZ25pbmcta2V5LTEyMzQ1Ng=="
QUERY = "canary-query-token"
GUESS = "canaryguess0canaryguess0canaryguess0"
TOKEN = re.compile(r"/hooks/([a-z0-9]{20,})")
PAGES = ("/", "/health", "/stats", "/status", "/incidents", "/metrics")


def raw(base_url: str, request: bytes) -> bytes:
    address = urlsplit(base_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "statuswire.yaml"
    path.write_text("{}", encoding="utf-8")
    return path


def test_U6_no_token_secret_or_query_reaches_logs_metrics_or_answers(config: Path, tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.script("/feed.rss", reply(500, b"broken"))
        page = {"name": "Acme", "feed": provider.url(f"/feed.rss?key={QUERY}"), "allow_private": True}
        settings = {
            "poll": {"interval": "1s"},
            "pages": [page],
            "hooks": {"secrets": {"incident-io": [SIGNING]}},
        }
        config.write_text(json.dumps(settings), encoding="utf-8")
        database = f"sqlite:///{tmp_path / 'test.db'}"
        arguments = ("run", "-c", str(config), "--port", "0", "--database", database, "--debug")
        with Running(*arguments, cwd=tmp_path) as service:
            found = TOKEN.search(service.get("/settings").body.decode())
            assert found, "whoever may operate finds it there"
            token = found[1]
            service.until_status("/stats", lambda body: body["polls"]["failed"] >= 3)
            answers = [
                service.post(f"/hooks/{token}", hook_body("told")),
                service.post(f"/hooks/{token}", b'{"broken": '),
                service.post(f"/hooks/{token}/more", b"{}"),
                service.get(f"/hooks/{token}"),
                service.post(f"/hooks/{GUESS}", b"{}"),
                service.post("/webhook/incident-io", b"{}", {"webhook-signature": f"v1,{SIGNING}"}),
            ]
            raw(service.base_url, f"GET /hooks/{token} HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n".encode())
            service.until_line("Status: text of told")
            answers += [service.get(path) for path in PAGES]
            assert service.stop() == 0

    said = "\n".join(service.errors) + "\n".join(answer.body.decode() for answer in answers)
    assert [answer.status for answer in answers[:6]] == [202, 400, 404, 405, 404, 401]
    assert service.errors, "there are logs to look into"
    assert not any(QUERY in line or token in line for line in service.lines)
    for secret in (token, GUESS, SIGNING, SIGNING.removeprefix("whsec_"), QUERY):
        assert secret not in said, secret
