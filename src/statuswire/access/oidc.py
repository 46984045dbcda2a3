"""Sign-in at an OpenID provider: authorization code with PKCE (S256), state and nonce.

    ticket ─ authorization_url ─ (the browser goes there and comes back with a code) ─ redeem ─ Identity

Authlib and joserfc know the cryptography and the claims (OpenID Connect Core 1.0, RFC 7636, RFC 9207; checked 2026-11);
every request is made by our own client, with its limits and its guard of addresses. Imported with the first sign-in.
"""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from statuswire.access.settings import OidcSettings
from statuswire.errors import SignInError
from statuswire.model import AccountRole
from statuswire.net.http import HttpClient

DISCOVERY: Final = "/.well-known/openid-configuration"
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
"""Those that a private key signs with: no `none`, and nothing that a shared secret could forge."""

DEADLINE_S: Final = 10.0
MAX_BYTES: Final = 256 * 1024
LEEWAY_S: Final = 60
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})

Claims = Mapping[str, Any]
S = TypeVar("S")


class Provider(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


class _Refused(msgspec.Struct, frozen=True):
    error: str = ""


class _Keys(msgspec.Struct, frozen=True):
    keys: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What binds the way there to the way back; all of it comes of the seed that the browser keeps in a cookie."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who has come back. `subject` is `issuer sub`, which alone says who it is; `role` None: the provider says
    nothing of it, or that they may not come in."""

    subject: str
    name: str
    role: AccountRole | None


def ticket_of(seed: str) -> Ticket:
    """Three words that do not lead to each other nor to the seed."""
    return Ticket(*(_word(seed, label) for label in ("state", "nonce", "verifier")))


def is_answer_to(ticket: Ticket, state: str) -> bool:
    return hmac.compare_digest(ticket.state.encode(), state.encode("utf-8", "replace"))


async def discover(client: HttpClient, settings: OidcSettings) -> Provider:
    """What the provider says of itself. Raises FetchError and SignInError."""
    body = await _get(client, settings, settings.issuer.rstrip("/") + DISCOVERY)
    provider = _read(body, Provider, "the provider's configuration")
    if provider.issuer.rstrip("/") != settings.issuer.rstrip("/"):
        raise SignInError("the provider calls itself by another name than `auth.oidc.issuer`")
    for url in (provider.authorization_endpoint, provider.token_endpoint, provider.jwks_uri):
        if urlsplit(url).scheme != "https" and not settings.allow_private:
            raise SignInError("the provider names an address without https")
    return provider


def authorization_url(provider: Provider, settings: OidcSettings, ticket: Ticket, redirect_uri: str) -> str:
    """Where the browser goes."""
    asked = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(settings.scopes),
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": create_s256_code_challenge(ticket.verifier),
        "code_challenge_method": "S256",
    }
    separator = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return f"{provider.authorization_endpoint}{separator}{urlencode(asked)}"


async def redeem(
    client: HttpClient,
    provider: Provider,
    settings: OidcSettings,
    ticket: Ticket,
    code: str,
    redirect_uri: str,
    now: datetime,
) -> Identity:
    """Whom the code stands for. Raises FetchError and SignInError."""
    tokens = await _tokens(client, provider, settings, ticket, code, redirect_uri)
    keys = _read(await _get(client, settings, provider.jwks_uri), _Keys, "the provider's keys")
    claims = verified(tokens.id_token, keys.keys, provider, settings, ticket, tokens.access_token, now)
    if _lacks_something(claims, settings) and provider.userinfo_endpoint and tokens.access_token:
        claims = {**await _userinfo(client, provider, settings, tokens.access_token, claims), **claims}
    return Identity(f"{provider.issuer} {claims['sub']}", name_in(claims), role_in(claims, settings))


def verified(
    id_token: str,
    keys: Sequence[dict[str, Any]],
    provider: Provider,
    settings: OidcSettings,
    ticket: Ticket,
    access_token: str,
    now: datetime,
) -> Claims:
    """The claims of an ID token that one of these keys signed, for us, now, as the answer to this ticket.

    Raises SignInError.
    """
    usable = [key for key in keys if key.get("kty") in _KINDS and key.get("use", "sig") == "sig"]
    wanted = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": settings.client_id},
    }
    params = {"nonce": ticket.nonce, "client_id": settings.client_id, "access_token": access_token}
    try:
        token = jwt.decode(id_token, KeySet.import_key_set({"keys": usable}), algorithms=ALGORITHMS)
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInError(f"the ID token does not count: {type(error).__name__}") from error
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise SignInError("the ID token names nobody")
    return dict(claims)


def name_in(claims: Claims) -> str:
    """What people call them: the e-mail address, unless the provider says that nobody verified it."""
    email = claims.get("email") if claims.get("email_verified", True) is not False else None
    found = (one for one in (email, claims.get("preferred_username"), claims["sub"]) if isinstance(one, str) and one)
    return next(found)


def role_in(claims: Claims, settings: OidcSettings) -> AccountRole | None:
    """The highest role that the claim gives; where it gives none, the default one, for whoever left a group must lose
    what it gave. None where no claim tells roles. An e-mail address counts only where it was verified."""
    if not settings.roles:
        return None
    is_unproven = settings.roles_claim == "email" and claims.get("email_verified") is not True
    found = None if is_unproven else _claim(claims, settings.roles_claim)
    values = found if isinstance(found, list) else [found]
    roles = [settings.roles[one] for one in values if isinstance(one, str) and one in settings.roles]
    return max(roles, key=list(AccountRole).index, default=settings.default_role)


def _claim(claims: Claims, path: str) -> object:
    """The claim of that very name (some are addresses, with dots), or that at the end of the path."""
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _lacks_something(claims: Claims, settings: OidcSettings) -> bool:
    is_unnamed = not (claims.get("email") or claims.get("preferred_username"))
    return is_unnamed or (bool(settings.roles_claim) and _claim(claims, settings.roles_claim) is None)


# --- requests ----------------------------------------------------------------------------------------------------


async def _tokens(
    client: HttpClient, provider: Provider, settings: OidcSettings, ticket: Ticket, code: str, redirect_uri: str
) -> _Tokens:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": ticket.verifier,
        "client_id": settings.client_id,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if settings.client_secret and "client_secret_basic" in provider.token_endpoint_auth_methods_supported:
        pair = f"{quote(settings.client_id, safe='')}:{quote(settings.client_secret, safe='')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    elif settings.client_secret:
        form["client_secret"] = settings.client_secret
    body = await _exchange(client, settings, "POST", provider.token_endpoint, headers, urlencode(form).encode())
    return _read(body, _Tokens, "the provider's tokens")


async def _userinfo(
    client: HttpClient, provider: Provider, settings: OidcSettings, access_token: str, claims: Claims
) -> Claims:
    """What the provider says beside the ID token, of the same person."""
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    body = await _exchange(client, settings, "GET", provider.userinfo_endpoint, headers, None)
    found: dict[str, Any] = _read(body, dict, "the provider's userinfo")
    if found.get("sub") != claims["sub"]:
        raise SignInError("the provider's userinfo is of somebody else")
    return found


async def _get(client: HttpClient, settings: OidcSettings, url: str) -> bytes:
    return await _exchange(client, settings, "GET", url, {"Accept": "application/json"}, None)


async def _exchange(
    client: HttpClient, settings: OidcSettings, method: str, url: str, headers: Mapping[str, str], body: bytes | None
) -> bytes:
    """The body of a 200. Raises FetchError and SignInError; neither holds more of the address than its host."""
    answer = await client.request(
        method,
        url,
        headers=headers,
        body=body,
        allow_private=settings.allow_private,
        deadline=DEADLINE_S,
        max_bytes=MAX_BYTES,
    )
    host = urlsplit(url).hostname
    if answer.status != 200:
        raise SignInError(f"{host} answered {answer.status}{_reason(answer.body)}")
    if answer.encoding or not answer.is_complete:
        raise SignInError(f"{host} answered with a body that is compressed or too long")
    return answer.body


def _reason(body: bytes) -> str:
    """The error code of RFC 6749 5.2, if it is one."""
    try:
        word = msgspec.json.decode(body, type=_Refused).error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""
    return f": {word}" if word.isascii() and word.replace("_", "").isalpha() and len(word) <= 40 else ""


def _read(body: bytes, shape: type[S], what: str) -> S:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SignInError(f"{what} cannot be read: {type(error).__name__}") from error


def _word(seed: str, label: str) -> str:
    return urlsafe_b64encode(sha256(f"statuswire oidc {label}\0{seed}".encode()).digest()).rstrip(b"=").decode()
