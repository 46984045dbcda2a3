"""U6: what is secret is found in no log, error or metric, wherever it is put."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from statuswire import logs
from statuswire.access import passwords, tokens
from statuswire.errors import StoreError, StoreReason
from statuswire.model import AccountRole, Scope
from statuswire.store import queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask, View
from statuswire.web.table import ROWS
from tests.web.parts import Site
from tests.web.people import HOST, account, bearer, signed_in, site_beyond_loopback, token

STRAY = tokens.make(b"canary" * 5 + b"!!")
PASSWORD = "canary horse battery"
FORM = {"content-type": "application/x-www-form-urlencoded", "host": HOST, "origin": f"http://{HOST}"}


@pytest.fixture
def site() -> Iterator[Site]:
    made = site_beyond_loopback()
    yield made
    made.store.close()


@pytest.fixture(params=["text", "json"])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged, in one of the two forms."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up("debug", request.param, stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def failing(error: Exception) -> object:
    async def load(name: str) -> View:
        async def view(ask: Ask) -> Answer:
            raise error

        return view

    return load


def test_U6_no_token_cookie_or_password_is_logged_told_in_an_error_or_counted(site: Site, logged: io.StringIO) -> None:
    good = token(site, Scope.READ)
    browser = signed_in(site, account(site, AccountRole.ADMIN, "ada", passwords.hash_of(PASSWORD)))
    shown = browser.headers["cookie"].partition("=")[2]
    canaries = (STRAY, good, shown, browser.csrf, PASSWORD)
    bodies: list[bytes] = []
    errors: tuple[Exception | None, ...] = (
        None,
        RuntimeError(f"broken by {good} and statuswire_session={shown}"),
        StoreError(StoreReason.IO, f"no room for {good}; Cookie: __Host-statuswire_session={shown}"),
    )
    for error in errors:
        site.replace(**({} if error is None else {"load": failing(error)}))
        for headers in (bearer(STRAY), bearer(good), browser.same_origin, {"host": STRAY, "cookie": f"a={STRAY}"}):
            for row in ROWS:
                if row.method == "GET" and "stream" not in row.pattern:
                    bodies.append(site.get(f"{row.pattern}?token={quote(good)}", headers=headers).body)
            bodies.append(site.get(f"/nothing/{STRAY}", headers=headers).body)
        for name, password in (("ada", PASSWORD), ("ada", STRAY), (PASSWORD, PASSWORD), (STRAY, "")):
            body = urlencode({"name": name, "password": password, "next": "/"}).encode()
            bodies.append(site.post("/sign-in", body, FORM).body)
        body = urlencode({"csrf": browser.csrf}).encode()
        bodies.append(site.post("/sign-out", body, FORM | {"cookie": browser.headers["cookie"] + "x"}).body)
    site.store.write(lambda tx: queries.end_sessions(tx, browser.account.id))

    told = logged.getvalue()
    assert "request failed" in told and "sign-in refused" in told, "there is something to look through"
    for canary in canaries:
        assert canary not in told
        assert canary not in site.metrics.text().decode()
        if canary != browser.csrf:  # which stands in the forms of whoever it belongs to
            assert not any(canary.encode() in body for body in bodies)


def test_U6_the_log_shows_that_something_was_left_out(logged: io.StringIO) -> None:
    logging.getLogger("x").warning("asked with %s by %s", STRAY, "statuswire_session=" + "A" * 43)

    assert "asked with sw_... by statuswire_session=..." in logged.getvalue()


def test_U6_no_secret_address_is_logged(site: Site, logged: io.StringIO) -> None:
    hook, signal = site.addresses.token("acme"), site.addresses.signal_token("acme")

    logging.getLogger("x").warning("POST /hooks/%s POST /signals/%s to hook+%s@ops.example", hook, signal, hook)

    assert hook not in logged.getvalue() and signal not in logged.getvalue()
    assert "POST /hooks/... POST /signals/... to hook+...@ops.example" in logged.getvalue()


def test_U14_a_name_cannot_start_a_line_of_its_own(site: Site, logged: io.StringIO) -> None:
    one = account(site, name="ada\nlevel=error forged", password_hash=passwords.hash_of(PASSWORD))

    body = urlencode({"name": one.name, "password": PASSWORD}).encode()
    assert site.post("/sign-in", body, FORM).status == 303

    assert "\nlevel=error" not in logged.getvalue()
