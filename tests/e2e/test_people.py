"""Accounts and tokens with the real command, beside a service that runs and demands a sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from .site import Site

CONFIG = """
pages: []
auth: {required: true}
"""
PASSWORD = "correct horse battery"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, CONFIG)
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    yield made
    made.close()


def asked(base: str, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str]]:
    netloc = urlsplit(base).netloc
    connection = HTTPConnection(netloc, timeout=10)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_people_and_programs_are_let_in_and_kept_out_while_the_service_runs(site: Site) -> None:
    with site.run() as server:
        base = server.base_url
        assert asked(base, "GET", "/stats")[0] == 401

        done = site.command("user", "add", "ada", "--role", "admin", "--password-file", str(site.folder / "password"))
        assert (done.returncode, done.stdout) == (0, "ada may come in as admin\n"), done.stderr
        form = urlencode({"name": "ada", "password": PASSWORD, "next": "/stats"})
        status, headers = asked(
            base, "POST", "/sign-in", form, Origin=base, Content_Type="application/x-www-form-urlencoded"
        )
        assert (status, headers["location"]) == (303, "/stats")
        cookie = headers["set-cookie"].partition(";")[0]
        assert asked(base, "GET", "/stats", Cookie=cookie)[0] == 200

        token = site.command("token", "add", "robot", "--scope", "read").stdout.strip()
        assert asked(base, "GET", "/stats", Authorization=f"Bearer {token}")[0] == 200
        assert asked(base, "GET", "/stats", Host="evil.example")[0] == 421

        assert site.command("token", "revoke", "1").returncode == 0
        assert asked(base, "GET", "/stats", Authorization=f"Bearer {token}")[0] == 401
        assert site.command("user", "disable", "ada").stdout == "ada is disabled; signed out 1 browser\n"
        assert asked(base, "GET", "/stats", Cookie=cookie)[0] == 401
        told = "\n".join([*server.lines, *server.errors])
    assert token not in told and cookie.partition("=")[2] not in told and PASSWORD not in told
