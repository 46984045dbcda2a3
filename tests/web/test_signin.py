"""Signing in with a password, and out again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher

from statuswire.access import passwords, sessions
from statuswire.access.settings import AccessSettings, OidcSettings
from statuswire.model import AccountRole
from statuswire.store import queries
from statuswire.web.html import CSP
from statuswire.web.needs import Need
from statuswire.web.table import ROWS
from tests.web.parts import Reply, Site
from tests.web.people import HOST, account, site_beyond_loopback

PASSWORD = "correct horse battery"
HASH = passwords.hash_of(PASSWORD)
FORM = {"content-type": "application/x-www-form-urlencoded", "host": HOST, "origin": f"http://{HOST}"}


@pytest.fixture
def site() -> Iterator[Site]:
    made = site_beyond_loopback()
    account(made, AccountRole.OPERATOR, "ada", HASH)
    yield made
    made.store.close()


def sign_in(
    site: Site, name: str = "ada", password: str = PASSWORD, target: str = "/", client: str = "203.0.113.9", **more: str
) -> Reply:
    body = urlencode({"name": name, "password": password, "next": target}).encode()
    return site.post("/sign-in", body, FORM | more, client=client)


def cookie_of(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]


def test_the_right_password_opens_a_session_and_leads_on(site: Site) -> None:
    reply = sign_in(site, target="/incidents?limit=5")

    assert (reply.status, reply.headers["location"]) == (303, "/incidents?limit=5")
    seen = site.get("/stats", headers={"cookie": cookie_of(reply), "host": HOST})
    assert seen.status == 200
    (entry,) = site.store.read(lambda tx: queries.audit_list(tx, limit=9))
    assert (entry.actor, entry.action, entry.detail) == ("ada", "session.begin", {"way": "password"})


def test_a_name_is_the_same_however_it_is_typed(site: Site) -> None:
    assert sign_in(site, " ADA ").status == 303


@pytest.mark.parametrize("is_https", [False, True])
def test_the_cookie_is_kept_from_scripts_and_other_sites_and_with_https_to_this_host(
    site: Site, is_https: bool
) -> None:
    site.replace(access=AccessSettings(proxies=(ip_network("203.0.113.9"),)))
    more = {"x-forwarded-proto": "https", "origin": f"https://{HOST}"} if is_https else {}

    pairs = sign_in(site, **more).headers["set-cookie"].split("; ")

    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"} <= set(pairs)
    assert ("Secure" in pairs) is is_https
    assert pairs[0].startswith("__Host-statuswire_session=" if is_https else "statuswire_session=")


def test_only_a_digest_of_the_cookie_is_kept(site: Site) -> None:
    shown = cookie_of(sign_in(site)).partition("=")[2]

    rows = site.store.read(lambda tx: tx.all("SELECT * FROM session"))

    assert len(rows) == 1
    assert shown not in str(rows)


def test_U5_every_wrong_sign_in_is_answered_alike(site: Site) -> None:
    gone = account(site, name="gone", password_hash=HASH)
    site.store.write(lambda tx: queries.set_disabled(tx, gone.id, site.clock.now()))
    account(site, name="elsewhere")
    tries = {"ada": "wrong", "nobody": PASSWORD, "gone": PASSWORD, "elsewhere": "", "": "", "a" * 9000: PASSWORD}

    replies = [
        sign_in(site, name, password, client=f"203.0.113.{number}")
        for number, (name, password) in enumerate(tries.items())
    ]

    assert {(reply.status, reply.body) for reply in replies} == {(403, replies[0].body)}
    assert b"do not belong together" in replies[0].body
    assert not any("set-cookie" in reply.headers for reply in replies)


def test_U5_five_failures_a_minute_close_an_account_to_everybody(site: Site) -> None:
    for number in range(5):
        assert sign_in(site, password="wrong", client=f"203.0.113.{number}").status == 403

    refused = sign_in(site, client="198.51.100.1")

    assert (refused.status, refused.headers["retry-after"]) == (429, "120")
    asyncio.run(site.clock.advance(120))
    assert sign_in(site, client="198.51.100.1").status == 303


def test_U5_five_failures_a_minute_close_the_sign_in_to_a_network(site: Site) -> None:
    for number in range(5):
        assert sign_in(site, f"name {number}", client=f"2001:db8::{number}").status == 403

    assert sign_in(site, client="2001:db8::9999").status == 429
    assert sign_in(site, client="2001:db8:0:1::1").status == 303


def test_U5_those_who_know_their_password_are_never_counted(site: Site) -> None:
    assert {sign_in(site).status for _ in range(12)} == {303}


def test_U5_many_attempts_at_once_are_no_way_round(site: Site) -> None:
    body = urlencode({"name": "ada", "password": "wrong"}).encode()
    replies: list[Reply] = []

    async def scene() -> Reply:
        replies.extend(await asyncio.gather(*(site.request("POST", "/sign-in", body, FORM) for _ in range(12))))
        return replies[0]

    site.run(scene)

    assert sorted(reply.status for reply in replies) == [403] * 5 + [429] * 7


def test_U5_with_the_provider_alone_no_password_counts(site: Site) -> None:
    site.replace(
        access=AccessSettings(has_passwords=False, oidc=OidcSettings("https://login.example.com", "statuswire"))
    )

    assert sign_in(site).code == "forbidden"
    page = site.get("/sign-in", headers={"host": HOST})
    assert b'type="password"' not in page.body
    assert b"/sign-in/oidc" in page.body


def test_U3_another_site_cannot_sign_a_browser_in(site: Site) -> None:
    assert sign_in(site, origin="https://evil.example").code == "cross_origin"


def test_an_old_hash_is_made_anew(site: Site) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account(site, name="old", password_hash=old)

    assert sign_in(site, "old").status == 303

    found = site.store.read(lambda tx: queries.credentials(tx, "old"))
    assert found is not None
    assert not passwords.is_outdated(found.password_hash)
    assert sign_in(site, "old").status == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "",
        "/a\nb",
        "javascript:alert(1)",
        "/%09/evil.example\t",
        "evil",
        "/ü",
        " /",
    ],
)
def test_after_the_sign_in_nobody_is_led_elsewhere(site: Site, target: str) -> None:
    assert sign_in(site, target=target).headers["location"] == "/"
    shown = site.get(f"/sign-in?{urlencode({'next': target})}", headers={"host": HOST})
    assert b"evil" not in shown.body and b"javascript" not in shown.body


def test_whoever_has_signed_in_is_led_on_at_once(site: Site) -> None:
    cookie = cookie_of(sign_in(site))

    reply = site.get("/sign-in?next=/stats", headers={"cookie": cookie, "host": HOST})

    assert (reply.status, reply.headers["location"]) == (303, "/stats")


def test_signing_out_ends_the_session_and_takes_the_cookie_away(site: Site) -> None:
    cookie = cookie_of(sign_in(site))
    digest = sessions.digest_of(cookie.partition("=")[2])
    assert digest is not None
    session = site.store.read(lambda tx: queries.session_by_digest(tx, digest))
    assert session is not None

    reply = site.post("/sign-out", f"csrf={session.csrf}".encode(), FORM | {"cookie": cookie})

    assert (reply.status, reply.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert site.get("/stats", headers={"cookie": cookie, "host": HOST}).code == "unauthenticated"


def test_signing_in_again_ends_the_session_before(site: Site) -> None:
    cookie = cookie_of(sign_in(site))
    csrf = site.store.read(lambda tx: tx.all("SELECT csrf FROM session"))[0][0]

    body = urlencode({"name": "ada", "password": PASSWORD, "csrf": csrf}).encode()
    assert site.post("/sign-in", body, FORM | {"cookie": cookie}).status == 303

    assert site.get("/stats", headers={"cookie": cookie, "host": HOST}).code == "unauthenticated"


def test_without_any_account_the_page_says_how_to_make_the_first_one() -> None:
    site = site_beyond_loopback()

    page = site.get("/sign-in", headers={"host": HOST})

    assert b"statuswire user add NAME --role admin" in page.body
    account(site)
    assert b"user add" not in site.get("/sign-in", headers={"host": HOST}).body
    site.store.close()


def test_U4_the_page_has_the_headers_of_every_page(site: Site) -> None:
    headers = site.get("/sign-in", headers={"host": HOST}).headers

    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin", "with less, a form of ours comes from `null`"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "cross-origin-opener-policy" not in headers, "browsers complain of it without https"


def test_what_is_typed_is_escaped(site: Site) -> None:
    shown = site.get('/sign-in?next=/"><script>', headers={"host": HOST}).body

    assert b'"><script>' not in shown


def test_the_sign_in_is_open_to_all() -> None:
    assert {row.need for row in ROWS if row.pattern.startswith("/sign-")} == {Need.OPEN}
