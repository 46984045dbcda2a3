"""A page behind a password: read by the real service, and the password seen by that page alone."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from pathlib import Path

from tests.fake_provider import Script, Seen, ThreadedProvider, redirect, reply

from .running import Running

PASSWORD = "canary-of-the-private-page"
KEY = "canary-of-the-header"
EXPECTED = "Basic " + b64encode(f"ops:{PASSWORD}".encode()).decode()
SUMMARY = (Path(__file__).parents[1] / "platforms" / "statuspage" / "summary.json").read_bytes()


def guarded(body: bytes) -> Script:
    """Answers those who know the password and the header, and echoes what everybody else sent."""

    async def play(request: Seen, writer: asyncio.StreamWriter) -> bool:
        is_known = request.headers.get("authorization") == EXPECTED and request.headers.get("x-api-key") == KEY
        answer = reply(200, body, {"Content-Type": "application/json"}) if is_known else reply(401, b"no")
        return await answer(request, writer)

    return play


def test_a_private_page_is_read_and_its_secrets_go_nowhere_else(tmp_path: Path) -> None:
    with ThreadedProvider() as page, ThreadedProvider() as stranger:
        page.script("/api/v2/summary.json", guarded(SUMMARY))
        page.script("/moved.json", redirect(stranger.url("/elsewhere.json"), 301))
        stranger.serve("/elsewhere.json", SUMMARY)
        access = {"basic_auth": {"user": "ops", "password_env": "CANARY"}, "headers": {"X-Api-Key_env": "CANARY_KEY"}}
        private = {"slug": "inner", "url": page.url("").rstrip("/"), "platform": "statuspage", "allow_private": True}
        moved = {"slug": "moved", "feed": page.url("/moved.json"), "allow_private": True}
        public = {"slug": "public", "feed": stranger.url("/elsewhere.json"), "allow_private": True}
        settings = {"poll": {"interval": "1s"}, "pages": [private | access, moved, public]}
        config = tmp_path / "statuswire.yaml"
        config.write_text(json.dumps(settings), encoding="utf-8")
        database = tmp_path / "test.db"
        arguments = ("run", "-c", str(config), "--port", "0", "--database", f"sqlite:///{database}", "--debug")
        secrets = {"CANARY": PASSWORD, "CANARY_KEY": KEY}
        with Running(*arguments, cwd=tmp_path, environ=secrets) as service:
            service.until_line("Product: ")
            service.until_status("/stats", lambda body: body["polls"]["failed"] >= 1)
            answers = [service.get(path).body.decode() for path in ("/", "/health", "/stats", "/status", "/metrics")]
            assert service.stop() == 0
        with Running("check-config", "-c", str(config), "--json", cwd=tmp_path, environ=secrets) as check:
            check.process.wait(30)

    assert any(seen.headers.get("authorization") == EXPECTED for seen in page.seen)
    assert stranger.seen and not any({"authorization", "x-api-key"} & set(seen.headers) for seen in stranger.seen)
    told = "\n".join([*service.errors, *service.lines, *answers, *check.lines, *check.errors])
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("test.db*"))
    assert service.errors and check.lines and kept
    for secret in (PASSWORD, KEY, EXPECTED, EXPECTED.removeprefix("Basic ")):
        assert secret not in told
        assert secret.encode() not in kept


def test_one_look_opens_the_page_as_the_service_does(tmp_path: Path) -> None:
    with ThreadedProvider() as page:
        page.script("/api/v2/summary.json", guarded(SUMMARY))
        access = {"basic_auth": {"user": "ops", "password_env": "CANARY"}, "headers": {"X-Api-Key_env": "CANARY_KEY"}}
        private = {"slug": "inner", "url": page.url("").rstrip("/"), "platform": "statuspage", "allow_private": True}
        config = tmp_path / "statuswire.yaml"
        config.write_text(json.dumps({"pages": [private | access]}), encoding="utf-8")
        secrets = {"CANARY": PASSWORD, "CANARY_KEY": KEY, "STATUSWIRE_CONFIG": str(config)}
        for arguments in (("status", "inner", "--json"), ("detect", page.url(""), "--allow-private", "--json")):
            with Running(*arguments, cwd=tmp_path, environ=secrets) as look:
                look.process.wait(30)
            told = "\n".join([*look.lines, *look.errors])
            assert look.process.returncode != 3, told
            assert '"statuspage"' in told
            assert PASSWORD not in told and KEY not in told and EXPECTED not in told
