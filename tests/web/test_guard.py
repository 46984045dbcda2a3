"""Who is let in, who is turned away and how, before any view is called."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.access import sessions, tokens
from statuswire.access.settings import AccessSettings
from statuswire.model import AccountRole, Principal, PrincipalKind, Scope
from statuswire.store import queries
from statuswire.web import needs
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask, View
from statuswire.web.guard import BURST
from statuswire.web.needs import Need
from statuswire.web.routing import WEBSOCKET, Row
from statuswire.web.table import ROWS
from tests.web.parts import Reply, Site
from tests.web.people import HOST, account, bearer, signed_in, site_beyond_loopback, token

STRANGER = "203.0.113.9"
HTML = {"accept": "text/html,*/*", "host": HOST}


@pytest.fixture
def site() -> Iterator[Site]:
    made = site_beyond_loopback()
    yield made
    made.store.close()


@pytest.fixture
def home() -> Iterator[Site]:
    """Listens on loopback alone."""
    made = Site()
    yield made
    made.store.close()


class Seen:
    """Stands for every view, and notes who reached it."""

    def __init__(self) -> None:
        self.who: list[Principal] = []

    async def load(self, name: str) -> View:
        async def view(ask: Ask) -> Answer | None:
            self.who.append(ask.principal)
            if ask.scope["type"] == "websocket":
                await ask.send({"type": "websocket.accept"})
                return None
            return Answer(200, b"{}")

        return view


# --- tokens ------------------------------------------------------------------------------------------------------


def test_a_token_opens_what_its_scope_says(site: Site) -> None:
    assert site.get("/stats", headers=bearer(token(site, Scope.READ))).status == 200
    assert site.get("/metrics", headers=bearer(token(site, Scope.METRICS))).status == 200
    refused = site.get("/stats", headers=bearer(token(site, Scope.METRICS)))

    assert (refused.status, refused.code) == (403, "forbidden")


@pytest.mark.parametrize("text", ["", "x", "sw_" + "0" * 49, "\xff", "sw_" + "A" * 5000, tokens.make(bytes(32))])
def test_what_is_no_token_of_ours_is_turned_away_with_a_challenge(site: Site, text: str) -> None:
    reply = site.get("/stats", headers=bearer(text))

    assert (reply.status, reply.code) == (401, "bad_token")
    assert reply.headers["www-authenticate"] == 'Bearer realm="statuswire", error="invalid_token"'


def test_a_wrong_token_is_no_way_in_even_where_nobody_need_sign_in(home: Site) -> None:
    assert home.get("/stats", headers={"authorization": "Bearer sw_nonsense"}).status == 401
    assert home.get("/stats").status == 200


def test_a_token_ends_at_its_hour(site: Site) -> None:
    text = token(site, Scope.READ, expires=timedelta(hours=1))
    assert site.get("/stats", headers=bearer(text)).status == 200

    asyncio.run(site.clock.advance(3600))

    assert site.get("/stats", headers=bearer(text)).code == "bad_token"


def test_a_revoked_token_ends_at_once(site: Site) -> None:
    text = token(site, Scope.READ)
    (one,) = site.store.read(queries.tokens)

    site.store.write(lambda tx: queries.revoke_token(tx, one.id, site.clock.now()))

    assert site.get("/stats", headers=bearer(text)).code == "bad_token"


def test_a_token_may_no_more_than_the_account_it_belongs_to_and_ends_with_it(site: Site) -> None:
    owner = account(site, AccountRole.VIEWER)
    seen = Seen()
    site.replace(load=seen.load)
    headers = bearer(token(site, Scope.ADMIN, owner=owner))

    site.get("/stats", headers=headers)
    site.store.write(lambda tx: queries.set_disabled(tx, owner.id, site.clock.now()))
    reply = site.get("/stats", headers=headers)

    assert [one.role for one in seen.who] == [AccountRole.VIEWER]
    assert reply.code == "bad_token"


def test_the_last_use_of_a_token_is_written_once_a_minute(site: Site) -> None:
    headers = bearer(token(site, Scope.READ))

    def used_at() -> object:
        site.store.write(lambda tx: None)
        return site.store.read(queries.tokens)[0].used_at

    site.get("/stats", headers=headers)
    first = used_at()
    asyncio.run(site.clock.advance(30))
    site.get("/stats", headers=headers)
    second = used_at()
    asyncio.run(site.clock.advance(40))
    site.get("/stats", headers=headers)

    assert first == second
    assert used_at() == site.clock.now()


def test_U6_a_token_in_an_address_counts_for_nothing(site: Site) -> None:
    text = token(site, Scope.ADMIN)

    for name in ("token", "access_token", "api_key", "authorization"):
        assert site.get(f"/stats?{name}={text}", headers={"host": HOST}).code == "unauthenticated"


# --- sessions ----------------------------------------------------------------------------------------------------


def test_a_session_counts_until_it_was_idle_for_two_weeks(site: Site) -> None:
    browser = signed_in(site, account(site))

    asyncio.run(site.clock.advance(timedelta(days=13).total_seconds()))
    used = site.get("/stats", headers=browser.headers)
    site.store.write(lambda tx: None)
    asyncio.run(site.clock.advance(timedelta(days=13).total_seconds()))
    used_again = site.get("/stats", headers=browser.headers)
    site.store.write(lambda tx: None)
    asyncio.run(site.clock.advance(timedelta(days=14).total_seconds()))

    assert (used.status, used_again.status) == (200, 200)
    assert site.get("/stats", headers=browser.headers).code == "unauthenticated"


def test_a_session_ends_after_ninety_days_however_busy(site: Site) -> None:
    browser = signed_in(site, account(site))

    for _ in range(9):
        assert site.get("/stats", headers=browser.headers).status == 200
        site.store.write(lambda tx: None)
        asyncio.run(site.clock.advance(timedelta(days=10).total_seconds()))

    assert site.get("/stats", headers=browser.headers).code == "unauthenticated"


def test_a_session_ends_with_its_account(site: Site) -> None:
    browser = signed_in(site, account(site))

    site.store.write(lambda tx: queries.set_disabled(tx, browser.account.id, site.clock.now()))

    assert site.get("/stats", headers=browser.headers).code == "unauthenticated"


def test_with_https_only_the_cookie_that_is_kept_to_this_host_counts(site: Site) -> None:
    site.replace(access=AccessSettings(proxies=(ip_network("127.0.0.1"),)))
    browser = signed_in(site, account(site))
    tls = browser.headers | {"x-forwarded-proto": "https"}

    assert site.get("/stats", headers=browser.headers).status == 200
    assert site.get("/stats", headers=tls).code == "unauthenticated"
    assert site.get("/stats", headers=tls | {"cookie": "__Host-" + tls["cookie"]}).status == 200


# --- open or not -------------------------------------------------------------------------------------------------


def test_on_loopback_nobody_need_sign_in_unless_it_is_demanded(home: Site) -> None:
    assert home.get("/stats").status == 200

    home.replace(access=AccessSettings(is_required=True))

    assert home.get("/stats").code == "unauthenticated"


def test_beyond_loopback_one_has_to_unless_none_is_written_out(site: Site) -> None:
    assert site.get("/stats").code == "unauthenticated"

    site.replace(access=AccessSettings(is_required=False))

    assert site.get("/stats").status == 200


FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")
PROXIED = (*FORWARDED, "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP")


@pytest.mark.parametrize("name", PROXIED)
def test_U11_whoever_comes_through_a_proxy_is_not_at_the_machine(home: Site, name: str) -> None:
    assert home.get("/stats", headers={name.lower(): STRANGER}).code == "unauthenticated"


@pytest.mark.parametrize("name", PROXIED)
def test_U11_nor_is_whoever_a_trusted_proxy_here_speaks_for_without_saying_where_they_are(
    home: Site, name: str
) -> None:
    home.replace(access=AccessSettings(proxies=(ip_network("127.0.0.1"),)))

    assert home.get("/stats", headers={name.lower(): STRANGER}).code == "unauthenticated"
    assert home.get("/stats", headers={"x-forwarded-for": " , ", name.lower(): STRANGER}).code == "unauthenticated"


def test_U11_a_trusted_proxy_here_may_say_that_they_are_at_the_machine(home: Site) -> None:
    home.replace(access=AccessSettings(proxies=(ip_network("127.0.0.1"),)))

    assert home.get("/stats", headers={"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http"}).status == 200
    assert home.get("/stats").status == 200


def test_a_page_of_ours_leads_a_person_to_the_sign_in_and_back(site: Site) -> None:
    reply = site.get("/?page=acme&x=%2F", headers=HTML)

    assert (reply.status, reply.body) == (303, b"")
    assert reply.headers["location"] == "/sign-in?next=%2F%3Fpage%3Dacme%26x%3D%252F"
    assert site.get("/", headers={"accept": "application/json"}).status == 401


def test_in_public_mode_anybody_sees_the_state_of_pages_and_nothing_else(site: Site) -> None:
    site.replace(is_public=True)

    assert site.get("/status").status == 200
    assert site.get("/stats").code == "unauthenticated"


# --- U7: every row, every principal ------------------------------------------------------------------------------

ROLES = tuple(AccountRole)
SCOPES = tuple(Scope)
WHO = ("nobody", "machine", "disabled", *(f"account {one}" for one in ROLES), *(f"token {one}" for one in SCOPES))


def headers_of(site: Site, who: str) -> dict[str, str]:
    kind, _, word = who.partition(" ")
    if kind == "token":
        return bearer(token(site, Scope(word)))
    if kind == "account":
        browser = signed_in(site, account(site, AccountRole(word)))
        return browser.same_origin | {"x-csrf-token": browser.csrf}
    if kind == "disabled":
        browser = signed_in(site, account(site, AccountRole.ADMIN, "gone"))
        site.store.write(lambda tx: queries.set_disabled(tx, browser.account.id, site.clock.now()))
        return browser.same_origin | {"x-csrf-token": browser.csrf}
    return {"host": HOST, "origin": f"http://{HOST}"}


def principal_of(who: str) -> Principal:
    kind, _, word = who.partition(" ")
    if kind == "account":
        return Principal(PrincipalKind.ACCOUNT, role=AccountRole(word))
    if kind == "token":
        roles = {"read": AccountRole.VIEWER, "write": AccountRole.OPERATOR, "admin": AccountRole.ADMIN}
        return Principal(PrincipalKind.TOKEN, role=roles.get(word), scopes=frozenset({Scope(word)}))
    return needs.MACHINE if kind == "machine" else needs.NOBODY


def call(site: Site, row: Row, headers: dict[str, str]) -> Reply:
    target = row.pattern.replace("{", "").replace("}", "")
    kind, method = ("websocket", "GET") if row.method == WEBSOCKET else ("http", row.method)
    return site.run(lambda: site.request(method, target, headers=headers, kind=kind))


@pytest.mark.parametrize(("who", "is_public"), [*product(WHO, (False, True))])
def test_U7_every_route_lets_in_whom_it_should_and_no_view_sees_anybody_else(who: str, is_public: bool) -> None:
    site = site_beyond_loopback(AccessSettings(is_required=who != "machine"))
    headers = headers_of(site, who)
    for row in ROWS:
        seen = Seen()
        site.replace(load=seen.load, is_public=is_public)

        reply = call(site, row, headers)

        is_allowed = needs.allows(principal_of(who), row.need, is_public=is_public)
        denials = (1008,) if row.method == WEBSOCKET else (401, 403, 303)
        assert (reply.status in (200, 101)) is is_allowed, (row, reply)
        assert is_allowed or reply.status in denials, (row, reply)
        assert bool(seen.who) is is_allowed, row
    site.store.close()


def test_U7_the_page_for_a_person_is_denied_as_well(site: Site) -> None:
    seen = Seen()
    site.replace(load=seen.load)
    for row in ROWS:
        if row.need is not Need.OPEN and row.method == "GET":
            assert call(site, row, HTML).status == 303

    assert seen.who == []


def test_whoever_may_not_see_a_page_of_the_dashboard_is_told_so_by_a_page(site: Site) -> None:
    vera = signed_in(site, account(site, AccountRole.VIEWER, "vera")).headers

    page = site.get("/add", headers=vera | {"accept": "text/html,*/*"})
    program = site.get("/add", headers=vera)
    api = site.get("/api/v1/hooks/addresses", headers=vera | {"accept": "text/html,*/*"})

    assert (page.status, page.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert b"This needs the right to operate; vera does not have it." in page.body
    assert (program.code, api.code) == ("forbidden", "forbidden")


PRINCIPALS = st.builds(
    Principal,
    kind=st.sampled_from(PrincipalKind),
    role=st.none() | st.sampled_from(AccountRole),
    scopes=st.frozensets(st.sampled_from(Scope)),
)


@given(PRINCIPALS, st.sampled_from(Need), st.booleans())
def test_a_higher_role_may_whatever_a_lower_one_may(who: Principal, need: Need, is_public: bool) -> None:
    ladder = [None, *AccountRole]

    allowed = [needs.allows(replace(who, role=role), need, is_public=is_public) for role in ladder]

    assert allowed == sorted(allowed)


@given(PRINCIPALS, st.sampled_from(Need))
def test_public_mode_and_more_scopes_take_nothing_away(who: Principal, need: Need) -> None:
    allowed = needs.allows(who, need, is_public=False)

    assert needs.allows(who, need, is_public=True) >= allowed
    assert needs.allows(replace(who, scopes=frozenset(Scope)), need, is_public=False) >= allowed


# --- U3: changes that a page of elsewhere sends ------------------------------------------------------------------

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def change(site: Site, headers: dict[str, str], body: bytes = b"", method: str = "POST") -> str:
    """`done`, or the code of the refusal, of a change at a path that operators may change."""
    seen = Seen()
    site.replace(load=seen.load)
    reply = site.run(lambda: site.request(method, "/sign-out", body, headers))
    return "done" if seen.who else reply.code


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": f"http://{HOST}:8080"},
        {"origin": f"http://evil.example@{HOST}"},
        {"origin": f"http://{HOST}", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://["},
        {},
    ],
)
def test_U3_a_change_from_elsewhere_is_not_made_though_the_browser_has_signed_in(
    site: Site, headers: dict[str, str]
) -> None:
    browser = signed_in(site, account(site))

    assert change(site, browser.headers | headers | {"x-csrf-token": browser.csrf}) == "cross_origin"


def test_U3_a_form_needs_the_word_of_its_session(site: Site) -> None:
    browser, other = signed_in(site, account(site)), signed_in(site, account(site, name="other"))

    def sent(csrf: str) -> str:
        return change(site, browser.same_origin | FORM, f"a=1&csrf={csrf}".encode())

    assert sent(browser.csrf) == "done"
    assert sent("") == sent(other.csrf) == sent("x" * 100_000) == "stale_form"
    assert change(site, browser.same_origin | FORM) == "stale_form"
    assert change(site, browser.same_origin | JSON | {"x-csrf-token": browser.csrf}) == "done"
    assert change(site, browser.same_origin | JSON) == "stale_form"


def test_U3_a_person_whose_form_is_not_taken_is_told_so_by_a_page(site: Site) -> None:
    browser = signed_in(site, account(site, AccountRole.OPERATOR))
    person = FORM | {"accept": "text/html,*/*"}

    stale = site.run(lambda: site.request("POST", "/rules/silences", b"csrf=x", browser.same_origin | person))
    foreign = site.run(lambda: site.request("POST", "/rules/silences", b"", browser.headers | person))
    signed_out = site.run(lambda: site.request("POST", "/rules/silences", b"", {"origin": f"http://{HOST}"} | person))

    for page, sentence in ((stale, b"This form is out of date"), (foreign, b"pages of statuswire itself")):
        assert (page.status, page.headers["content-type"]) == (403, "text/html; charset=utf-8")
        assert sentence in page.body
    assert (signed_out.status, signed_out.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert "www-authenticate" in signed_out.headers
    assert b"Sign in at /sign-in" in signed_out.body


def test_U3_a_token_needs_neither_for_no_browser_sends_it_by_itself(site: Site) -> None:
    assert change(site, bearer(token(site, Scope.WRITE)) | JSON) == "done"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": "https://evil.example"}, "cross_origin"),
        ({"origin": "https://evil.example"} | JSON, "cross_origin"),
        ({"origin": "http://127.0.0.1:8000"}, "done"),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, "done"),
        ({"origin": "null", "sec-fetch-site": "none"}, "cross_origin"),
        ({"sec-fetch-site": "cross-site"} | JSON, "cross_origin"),
        (FORM, "cross_origin"),
        ({"content-type": "text/plain"}, "cross_origin"),
        (JSON | {"cookie": "theirs=1"}, "cross_origin"),
        (JSON, "done"),
    ],
)
def test_U3_a_web_page_cannot_drive_a_local_service_and_a_program_can(
    home: Site, headers: dict[str, str], expected: str
) -> None:
    assert change(home, headers | {"host": "127.0.0.1:8000"}) == expected


def test_U3_a_socket_is_opened_by_pages_of_ours_alone(home: Site) -> None:
    sockets = [row for row in ROWS if row.method == WEBSOCKET]
    seen = Seen()
    home.replace(load=seen.load)

    for row in sockets:
        assert call(home, row, {"host": "localhost", "origin": "https://evil.example"}).status == 1008

    assert seen.who == []


# --- U11: names and proxies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST", "127.9.9.9"]
)
def test_U11_on_loopback_it_answers_to_the_names_of_loopback(home: Site, host: str) -> None:
    assert home.get("/stats", headers={"host": host}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.7", "", "localhost@evil.example", "[::1", "a b", "[::2]"]
)
def test_U11_a_foreign_name_is_turned_away_on_loopback(home: Site, host: str) -> None:
    reply = home.get("/stats", headers={"host": host})

    assert (reply.status, reply.code) == (421, "wrong_host")
    assert home.get("/nowhere", headers={"host": host}).status == 421
    assert home.get("/health/live", headers={"host": host}).status == 200


def test_U11_hooks_answer_to_every_name(home: Site) -> None:
    assert home.post("/test", b"", {"host": "evil.example"}).status == 202


def test_U11_two_hosts_are_one_too_many(home: Site) -> None:
    headers = [("host", "localhost"), ("host", "evil.example")]

    assert home.run(lambda: home.request("GET", "/stats", headers=headers)).code == "wrong_host"


def test_U11_configured_names_count_and_others_do_not(site: Site) -> None:
    assert site.get("/health", headers={"host": "anything.example"}).status == 200

    site.replace(access=AccessSettings(hosts=frozenset({HOST})))

    assert site.get("/health", headers={"host": f"{HOST.upper()}:443"}).status == 200
    assert site.get("/health", headers={"host": "127.0.0.1:8000"}).status == 200
    assert site.get("/health", headers={"host": "anything.example"}).code == "wrong_host"


PROXY = AccessSettings(proxies=(ip_network("10.0.0.0/8"),))


def peer(site: Site, client: str, *headers: tuple[str, str]) -> tuple[str, bool]:
    asks: list[Ask] = []

    async def load(name: str) -> View:
        async def view(ask: Ask) -> Answer:
            asks.append(ask)
            return Answer(200, b"")

        return view

    site.replace(load=load)
    site.run(lambda: site.request("GET", "/health/live", headers=headers, client=client))
    return asks[0].peer.address, asks[0].peer.is_https


def test_U11_only_trusted_proxies_are_believed(site: Site) -> None:
    site.replace(access=PROXY)
    told = (("x-forwarded-for", STRANGER), ("x-forwarded-proto", "https"))

    assert peer(site, "10.0.0.2", *told) == (STRANGER, True)
    assert peer(site, "192.0.2.1", *told) == ("192.0.2.1", False)


def test_U11_a_proxy_is_known_on_a_socket_of_both_protocols_too(site: Site) -> None:
    """One that is bound to `::` has IPv4 addresses inside IPv6 ones (RFC 4291 section 2.5.5.2)."""
    site.replace(access=PROXY)
    told = (("x-forwarded-for", f"::ffff:{STRANGER}, ::ffff:10.0.0.3"), ("x-forwarded-proto", "https"))

    assert peer(site, "::ffff:10.0.0.2", *told) == (STRANGER, True)
    assert peer(site, "::ffff:192.0.2.1", *told) == ("192.0.2.1", False)


def test_U11_what_the_sender_made_up_stands_left_of_what_the_proxies_saw(site: Site) -> None:
    site.replace(access=PROXY)

    def seen(*values: str) -> str:
        return peer(site, "10.0.0.2", *(("x-forwarded-for", one) for one in values))[0]

    assert seen("1.1.1.1, 203.0.113.9") == STRANGER
    assert seen("1.1.1.1", "203.0.113.9, 10.0.0.3") == STRANGER
    assert seen("203.0.113.9:4711") == STRANGER
    assert seen("[2001:db8::7]:80") == "2001:db8::7"
    assert seen("1.1.1.1, nonsense") == "nonsense"
    assert seen("10.0.0.9") == "10.0.0.9"
    assert seen(" , ") == "10.0.0.2"


# --- how often ---------------------------------------------------------------------------------------------------


def flood(site: Site, headers: dict[str, str], client: str = STRANGER) -> list[Reply]:
    async def scene() -> Reply:
        replies.extend([await site.request("GET", "/health", headers=headers, client=client) for _ in range(BURST + 2)])
        return replies[-1]

    replies: list[Reply] = []
    site.run(scene)
    return replies


def test_whoever_asks_too_often_is_told_when_to_come_back(site: Site) -> None:
    site.replace(load=Seen().load)

    *_, last = flood(site, {"host": HOST})

    assert (last.status, last.code, last.headers["retry-after"]) == (429, "too_many_requests", "1")
    assert site.get("/health", client="203.0.113.10").status == 200
    assert site.get("/health/live", client=STRANGER).status == 200
    asyncio.run(site.clock.advance(1))
    assert site.get("/health", client=STRANGER).status == 200


def test_wrong_tokens_count_and_a_good_one_is_not_held_back_by_them(site: Site) -> None:
    good = bearer(token(site, Scope.READ))

    async def scene() -> Reply:
        replies = [
            await site.request("GET", "/stats", headers=bearer("sw_wrong"), client=STRANGER) for _ in range(BURST + 1)
        ]
        assert (replies[0].status, replies[-1].status) == (401, 429)
        return await site.request("GET", "/stats", headers=good, client=STRANGER)

    assert site.run(scene).status == 200


def test_whoever_sits_at_the_machine_is_not_counted(home: Site) -> None:
    home.replace(load=Seen().load)

    assert {reply.status for reply in flood(home, {"host": "localhost"}, "127.0.0.1")} == {200}


# --- forms -------------------------------------------------------------------------------------------------------


def read_form(site: Site, headers: dict[str, str], body: bytes) -> tuple[Reply, list[object]]:
    found: list[object] = []

    async def load(name: str) -> View:
        async def view(ask: Ask) -> Answer:
            found.extend([dict(await ask.form()), dict(await ask.form_lists())])
            return Answer(200, b"")

        return view

    site.replace(load=load)
    return site.post("/sign-in", body, headers | {"origin": f"http://{HOST}", "host": HOST}), found


def test_a_form_is_read_once_and_may_be_looked_at_twice(site: Site) -> None:
    reply, found = read_form(site, FORM, b"a=1&b=%C3%A4+x&a=2&empty=&c=%ff")

    assert reply.status == 200
    assert found[0] == {"a": "2", "b": "ä x", "empty": "", "c": "\N{REPLACEMENT CHARACTER}"}
    assert found[1] == {"a": ["1", "2"], "b": ["ä x"], "empty": [""], "c": ["\N{REPLACEMENT CHARACTER}"]}


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (JSON, b"{}", "not_a_form"),
        (FORM, b"a=" + b"x" * 1024 * 1024, "too_large"),
        (FORM, b"&".join([b"a=1"] * 1001), "bad_parameter"),
        (FORM | {"content-length": "x"}, b"a=1", "bad_length"),
    ],
)
def test_what_is_no_good_form_is_refused(site: Site, headers: dict[str, str], body: bytes, code: str) -> None:
    reply, found = read_form(site, headers, body)

    assert (reply.code, found) == (code, [])


def test_the_cookie_is_found_among_others() -> None:
    assert sessions.shown_in("a=1; statuswire_session=x; b", sessions.COOKIE) == "x"
    assert sessions.shown_in("xstatuswire_session=x", sessions.COOKIE) == ""
