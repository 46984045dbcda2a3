"""Signing in at an OpenID provider: a fake one, with real keys, that can misbehave."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from statuswire.access import oidc
from statuswire.access.settings import AccessSettings, OidcSettings
from statuswire.errors import FetchError, FetchReason, SignInError
from statuswire.model import Account, AccountRole
from statuswire.net.http import HttpClient, Response
from statuswire.store import queries
from tests.web.parts import Reply, Site
from tests.web.people import HOST, account, site_beyond_loopback

ISSUER = "https://login.example.com/realms/main"
RSA = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "e1"})
SETTINGS = OidcSettings(
    ISSUER,
    "statuswire",
    "s3cr:t",
    roles_claim="realm_access.roles",
    roles={"sre": AccountRole.OPERATOR, "platform": AccountRole.ADMIN},
    default_role=AccountRole.VIEWER,
)
BROWSER = {"host": HOST}


class FakeProvider:
    """Stands in for the client of the service: it answers as a provider would."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.key: RSAKey | ECKey | OctKey = RSA
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {"email": "Ada@Example.com", "email_verified": True}
        self.discovery: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.nonce = ""
        self.challenge = ""
        self.form: dict[str, str] = {}
        self.sent: list[tuple[str, dict[str, str]]] = []
        self.failure: Exception | None = None

    async def request(self, method: str, url: str, **asked: Any) -> Response:
        if self.failure is not None:
            raise self.failure
        assert asked["allow_private"] is False
        self.sent.append((url, asked["headers"]))
        path = url.removeprefix(ISSUER)
        status, body = self._answers(path, asked.get("body") or b"")
        return Response(status, {}, json.dumps(body).encode(), url)

    def _answers(self, path: str, body: bytes) -> tuple[int, object]:
        if path == oidc.DISCOVERY:
            return 200, self._configuration()
        if path == "/keys":
            odd = {"kty": "new", "kid": "x"}
            return 200, {"keys": [odd, RSA.as_dict(private=False), EC.as_dict(private=False)]}
        if path == "/userinfo":
            return 200, {"sub": self.claims.get("sub", "u1")} | self.userinfo
        assert path == "/token"
        self.form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.form["code"] != "good":
            return 400, {"error": "invalid_grant", "error_description": "canary"}
        return 200, {"id_token": self._id_token(), "access_token": "access", "token_type": "Bearer"}

    def _configuration(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys"}
        named = {name: ISSUER + path for name, path in (ends | {"userinfo_endpoint": "/userinfo"}).items()}
        return {"issuer": ISSUER, **named, **self.discovery}

    def _id_token(self) -> str:
        now = int(self.site.clock.now().timestamp())
        usual = {"iss": ISSUER, "sub": "u1", "aud": "statuswire", "iat": now, "exp": now + 300, "nonce": self.nonce}
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid or "r1"}, claims, self.key, [self.algorithm])


@pytest.fixture
def site() -> Iterator[Site]:
    made = site_beyond_loopback()
    yield made
    made.store.close()


@pytest.fixture
def provider(site: Site) -> FakeProvider:
    made = FakeProvider(site)
    site.replace(access=AccessSettings(oidc=SETTINGS), client=made)
    return made


def change(site: Site, **settings: Any) -> None:
    site.replace(access=AccessSettings(oidc=replace(SETTINGS, **settings)))


def leave(site: Site, provider: FakeProvider, target: str = "/", **headers: str) -> tuple[dict[str, str], str]:
    """What was asked of the provider, and the cookie of the browser."""
    reply = site.get(f"/sign-in/oidc?next={target}", headers=BROWSER | headers)
    assert reply.status == 303, reply
    place = urlsplit(reply.headers["location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{ISSUER}/auth"
    asked = {name: values[0] for name, values in parse_qs(place.query).items()}
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    return asked, reply.headers["set-cookie"].partition(";")[0]


def come_back(site: Site, state: str, cookie: str, code: str = "good", more: str = "", **headers: str) -> Reply:
    target = f"/sign-in/oidc/callback?code={code}&state={state}{more}"
    return site.get(target, headers=BROWSER | {"cookie": cookie} | headers)


def sign_in(site: Site, provider: FakeProvider) -> Reply:
    asked, cookie = leave(site, provider)
    return come_back(site, asked["state"], cookie)


def people(site: Site) -> list[Account]:
    return site.store.read(queries.accounts)


def test_a_newcomer_gets_an_account_and_a_session_and_is_led_on(site: Site, provider: FakeProvider) -> None:
    asked, cookie = leave(site, provider, "/incidents%3Flimit%3D5")

    reply = come_back(site, asked["state"], cookie)

    assert (reply.status, reply.headers["location"]) == (303, "/incidents?limit=5")
    (one,) = people(site)
    assert (one.name, one.role, one.subject) == ("ada@example.com", AccountRole.VIEWER, f"{ISSUER} u1")
    assert site.store.read(lambda tx: tx.all("SELECT account_id FROM session")) == [(one.id,)]
    log = site.store.read(lambda tx: queries.audit_list(tx, limit=9))
    assert [(entry.action, entry.detail.get("way")) for entry in log] == [
        ("session.begin", "oidc"),
        ("account.add", None),
    ]


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(site: Site, provider: FakeProvider) -> None:
    asked, cookie = leave(site, provider)

    assert (asked["response_type"], asked["client_id"]) == ("code", "statuswire")
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid profile email", "S256")
    assert asked["redirect_uri"] == f"http://{HOST}/sign-in/oidc/callback"
    come_back(site, asked["state"], cookie)
    verifier = provider.form["code_verifier"]
    challenge = urlsafe_b64decode(provider.challenge + "=")
    assert sha256(verifier.encode()).digest() == challenge
    assert provider.form["redirect_uri"] == asked["redirect_uri"]
    assert not {asked["state"], asked["nonce"], verifier} & {cookie.partition("=")[2].partition(".")[0]}
    assert len({asked["state"], asked["nonce"], verifier}) == 3


def test_the_secret_is_sent_as_the_provider_takes_it(site: Site, provider: FakeProvider) -> None:
    sign_in(site, provider)
    basic = next(headers for url, headers in provider.sent if url.endswith("/token"))
    assert basic["Authorization"] == "Basic c3RhdHVzd2lyZTpzM2NyJTNBdA=="
    assert "client_secret" not in provider.form

    provider.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    sign_in(site, provider)
    assert provider.form["client_secret"] == "s3cr:t"

    change(site, client_secret="")
    assert sign_in(site, provider).status == 303
    assert "client_secret" not in provider.form


def test_behind_tls_the_way_back_and_the_cookies_are_kept_to_it(site: Site, provider: FakeProvider) -> None:
    site.replace(access=AccessSettings(oidc=SETTINGS, proxies=(ip_network("127.0.0.1"),)))
    tls = {"x-forwarded-proto": "https"}

    asked, cookie = leave(site, provider, **tls)

    assert cookie.startswith("__Host-statuswire_oidc=")
    assert asked["redirect_uri"] == f"https://{HOST}/sign-in/oidc/callback"
    assert come_back(site, asked["state"], cookie, **tls).status == 303


# --- what does not count -----------------------------------------------------------------------------------------


def refused(site: Site, reply: Reply, status: int) -> bool:
    is_empty = site.store.read(lambda tx: tx.all("SELECT 1 FROM session")) == [] and people(site) == []
    return reply.status == status and is_empty and "statuswire_session" not in reply.headers.get("set-cookie", "")


def test_U3_nobody_is_signed_in_by_an_answer_that_their_browser_did_not_ask_for(
    site: Site, provider: FakeProvider
) -> None:
    asked, cookie = leave(site, provider)
    _, other = leave(site, provider)

    assert refused(site, come_back(site, asked["state"], "a=1"), 403)
    assert refused(site, come_back(site, asked["state"], other), 403)
    assert refused(site, come_back(site, "x" * 43, cookie), 403)
    assert refused(site, come_back(site, "", "statuswire_oidc="), 403)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "somebody else"},
        {"aud": ["somebody else"]},
        {"aud": ["statuswire", "another"], "azp": "another"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "bm90IGl0"},
    ],
)
def test_an_id_token_that_is_not_for_us_now_does_not_count(
    site: Site, provider: FakeProvider, claims: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    provider.claims |= claims

    assert refused(site, sign_in(site, provider), 502)
    assert "sign-in at the provider failed: the ID token" in caplog.text


def test_a_list_of_audiences_with_us_in_it_counts(site: Site, provider: FakeProvider) -> None:
    provider.claims |= {"aud": ["statuswire"]}

    assert sign_in(site, provider).status == 303


def test_other_good_algorithms_count(site: Site, provider: FakeProvider) -> None:
    provider.key, provider.algorithm = EC, "ES256"
    assert sign_in(site, provider).status == 303
    provider.key, provider.algorithm = RSA, "PS256"
    assert sign_in(site, provider).status == 303


def test_a_token_signed_by_another_key_or_by_none_does_not_count(site: Site, provider: FakeProvider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "r1"})
    assert refused(site, sign_in(site, provider), 502)

    public = RSA.as_pem(private=False)
    provider.key, provider.algorithm = OctKey.import_key(public.replace(b" PUBLIC KEY", b""), {"kid": "r1"}), "HS256"
    assert refused(site, sign_in(site, provider), 502)

    provider._id_token = lambda: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSJ9."  # type: ignore[method-assign]
    assert refused(site, sign_in(site, provider), 502)
    for nonsense in ("", "a.b.c", "é", "a" * 100_000):
        provider._id_token = lambda text=nonsense: text  # type: ignore[method-assign, misc]
        assert refused(site, sign_in(site, provider), 502)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example.com/token"},
        {"jwks_uri": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_gone_to(
    site: Site, provider: FakeProvider, discovery: dict[str, Any]
) -> None:
    provider.discovery = discovery

    assert refused(site, site.get("/sign-in/oidc", headers=BROWSER), 502)


def test_whoever_is_sent_back_by_another_provider_is_not_let_in(site: Site, provider: FakeProvider) -> None:
    asked, cookie = leave(site, provider)

    assert refused(site, come_back(site, asked["state"], cookie, more="&iss=https%3A%2F%2Fevil.example"), 502)


def test_what_the_provider_refuses_is_told_and_logged_without_its_words(
    site: Site, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    asked, cookie = leave(site, provider)
    reply = come_back(site, asked["state"], cookie, code="bad")
    assert refused(site, reply, 502)
    assert b"What the provider answered does not count" in reply.body
    assert "login.example.com answered 400: invalid_grant" in caplog.text
    assert "canary" not in caplog.text

    asked, cookie = leave(site, provider)
    reply = site.get(
        f"/sign-in/oidc/callback?error=access_denied&state={asked['state']}", headers=BROWSER | {"cookie": cookie}
    )
    assert refused(site, reply, 403)


def test_a_provider_that_cannot_be_reached_is_told(site: Site, provider: FakeProvider) -> None:
    provider.failure = FetchError(FetchReason.TIMEOUT, "login.example.com: no answer within 10 s")

    assert refused(site, site.get("/sign-in/oidc", headers=BROWSER), 502)


def test_a_provider_on_a_private_address_is_not_asked_unless_that_is_allowed() -> None:
    async def scene(allow_private: bool) -> None:
        async with HttpClient(user_agent="test") as client:
            settings = replace(SETTINGS, issuer="https://127.0.0.1", allow_private=allow_private)
            await oidc.discover(client, settings)

    with pytest.raises(FetchError) as caught:
        asyncio.run(scene(False))
    assert caught.value.reason is FetchReason.FORBIDDEN_ADDRESS
    with pytest.raises(FetchError) as caught:
        asyncio.run(scene(True))
    assert caught.value.reason is FetchReason.CONNECT


def test_without_a_provider_there_is_nothing_there(site: Site) -> None:
    assert site.get("/sign-in/oidc", headers=BROWSER).status == 404
    assert site.get("/sign-in/oidc/callback?code=x", headers=BROWSER).status == 404


def test_the_provider_is_not_asked_for_a_flood(site: Site, provider: FakeProvider) -> None:
    replies = [site.get("/sign-in/oidc", headers=BROWSER) for _ in range(31)]

    assert [reply.status for reply in replies] == [303] * 30 + [429]
    assert int(replies[-1].headers["retry-after"]) > 0
    assert len(provider.sent) == 30


# --- who it is, and what they may --------------------------------------------------------------------------------


def test_the_claim_gives_the_highest_role_every_time(site: Site, provider: FakeProvider) -> None:
    provider.claims |= {"realm_access": {"roles": ["other", "sre", 7]}}
    sign_in(site, provider)
    assert people(site)[0].role is AccountRole.OPERATOR

    provider.claims |= {"realm_access": {"roles": ["sre", "platform"]}}
    sign_in(site, provider)
    assert people(site)[0].role is AccountRole.ADMIN

    provider.claims |= {"realm_access": {"roles": []}}
    assert sign_in(site, provider).status == 303
    assert people(site)[0].role is AccountRole.VIEWER, "whoever left the group rules no more"


def test_whose_role_no_claim_tells_keeps_the_one_that_they_have(site: Site, provider: FakeProvider) -> None:
    change(site, roles_claim="", roles={})
    sign_in(site, provider)
    site.store.write(lambda tx: queries.set_role(tx, people(site)[0].id, AccountRole.OPERATOR))

    assert sign_in(site, provider).status == 303
    assert people(site)[0].role is AccountRole.OPERATOR


def test_without_a_default_role_only_whom_the_claim_names_may_come_in(site: Site, provider: FakeProvider) -> None:
    change(site, default_role=None)
    assert refused(site, sign_in(site, provider), 403)

    provider.claims |= {"realm_access": {"roles": "sre"}}
    assert sign_in(site, provider).status == 303
    provider.claims |= {"realm_access": {"roles": "none of these"}}
    assert sign_in(site, provider).status == 403


@pytest.mark.parametrize("is_verified", [True, False, None, "true"])
def test_an_address_gives_a_role_only_where_the_provider_has_verified_it(
    site: Site, provider: FakeProvider, is_verified: object
) -> None:
    roles = {"ada@example.com": AccountRole.ADMIN}
    change(site, roles_claim="email", roles=roles, default_role=None)
    provider.claims = {"email": "ada@example.com", "email_verified": is_verified}

    assert (sign_in(site, provider).status == 303) is (is_verified is True)


def test_a_claim_that_is_named_like_an_address_is_found_whole() -> None:
    settings = replace(SETTINGS, roles_claim="https://example.com/roles")

    assert oidc.role_in({"https://example.com/roles": ["platform"]}, settings) is AccountRole.ADMIN


def test_a_disabled_account_stays_out(site: Site, provider: FakeProvider) -> None:
    sign_in(site, provider)
    (one,) = people(site)
    site.store.write(lambda tx: queries.set_disabled(tx, one.id, site.clock.now()))

    assert sign_in(site, provider).status == 403


def test_a_name_proves_nothing(site: Site, provider: FakeProvider) -> None:
    account(site, AccountRole.ADMIN, "ada@example.com")

    sign_in(site, provider)
    provider.claims |= {"sub": "u2"}
    sign_in(site, provider)

    assert [(one.name, one.role.value) for one in people(site)] == [
        ("ada@example.com", "admin"),
        ("ada@example.com (2)", "viewer"),
        ("ada@example.com (3)", "viewer"),
    ]


def test_what_the_id_token_lacks_is_asked_for(site: Site, provider: FakeProvider) -> None:
    provider.claims = {}
    provider.userinfo = {"sub": "u1", "preferred_username": "ada", "realm_access": {"roles": ["sre"]}}

    assert sign_in(site, provider).status == 303
    assert [(one.name, one.role) for one in people(site)] == [("ada", AccountRole.OPERATOR)]

    provider.userinfo |= {"sub": "u2"}
    assert sign_in(site, provider).status == 502


def test_U6_the_secret_of_the_provider_is_shown_nowhere() -> None:
    assert "s3cr" not in repr(SETTINGS) + repr(AccessSettings(oidc=SETTINGS))
    assert SignInError("x").reason == "sign_in"
