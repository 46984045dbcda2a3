"""Which hook is believed, and why. Pure decisions, no socket and no clock.

The rules, in this order:

1. `/hooks/{token}` with a known token is believed: nobody can guess the address.
2. Where a secret is configured for the path, only a body signed with it is believed, on loopback too.
3. An unsigned body elsewhere is believed only when the server listens on loopback and no trusted proxy brought it from
   beyond, or `hooks.allow_unsigned` is set. A body signed with a secret that we do not have counts as unsigned.

On top of rule 3: a web page that the operator has open in a browser can send to loopback. Browsers say so by an
`Origin` header on every POST, so an unsigned body with an `Origin` that is not our own loopback name is not believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from statuswire.errors import SignatureError
from statuswire.signing import verify
from statuswire.web.problems import Refusal

MEBIBYTE = 1024 * 1024

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

SIGNATURE_CODES = {
    "missing": "missing_signature",
    "malformed": "malformed_signature",
    "expired": "expired_signature",
    "mismatch": "bad_signature",
}


@dataclass(frozen=True, slots=True)
class HookSettings:
    """What the operator decided about hooks.

    `secrets` are the secrets of a path by its last word (`statuspage`, `incident-io`, `webhook`, `generic`, `test`, or
    `generic/acme` for one provider), newest first, at most three each count. `is_loopback`: every address that the
    server listens on is a loopback one.
    """

    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_unsigned: bool = False
    is_loopback: bool = True
    max_body_bytes: int = MEBIBYTE
    body_deadline_s: float = 10.0


class Way(StrEnum):
    """Why a hook is believed."""

    SIGNED = "signed"
    ADDRESS = "address"
    LOOPBACK = "loopback"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Believed:
    """`signed_id` is the message id that the signature covers, empty where none does."""

    way: Way
    signed_id: str = ""

    @property
    def is_authenticated(self) -> bool:
        """Whether the sender proved something, and did not only come from the right place."""
        return self.way in (Way.SIGNED, Way.ADDRESS)


@dataclass(frozen=True, slots=True)
class Unproven:
    """To be believed if one of these secrets signed the body, which has yet to be read, as this platform signs."""

    secrets: tuple[str, ...]
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A hook path, taken apart.

    `source` names it in counters and message ids, `platform` reads its bodies (empty: found by content),
    `secret_names` are looked up in order. `page_slug` is set behind a secret address, and only there. `methods` are
    those that its senders use.
    """

    source: str
    platform: str
    path: str
    secret_names: tuple[str, ...] = ()
    provider: str = ""
    page_slug: str = ""
    methods: tuple[str, ...] = ("POST",)


def decide(
    door: Door, headers: Mapping[str, str], settings: HookSettings, *, is_from_beyond: bool = False
) -> Believed | Unproven | Refusal:
    """What the head of a request is worth, before its body is read. `is_from_beyond`: a trusted proxy brought it."""
    if door.page_slug:
        return Believed(Way.ADDRESS)
    secrets = _secrets(door, settings)
    if secrets:
        return Unproven(secrets, door.platform)
    return _unsigned(door, headers, settings, is_local=settings.is_loopback and not is_from_beyond)


def prove(unproven: Unproven, body: bytes, headers: Mapping[str, str], now: datetime) -> Believed | Refusal:
    """Whether the body is signed as it must be."""
    try:
        verified = verify(body, headers, unproven.secrets, now, unproven.platform)
    except SignatureError as error:
        return Refusal(SIGNATURE_CODES[error.reason], f"{_sentence(error)}")
    return Believed(Way.SIGNED, verified.message_id)


def _secrets(door: Door, settings: HookSettings) -> tuple[str, ...]:
    for name in door.secret_names:
        found = settings.secrets.get(name, ())
        if found:
            return found
    return ()


def _unsigned(door: Door, headers: Mapping[str, str], settings: HookSettings, *, is_local: bool) -> Believed | Refusal:
    if not (is_local or settings.allow_unsigned):
        return Refusal("untrusted", _advice(door))
    if "origin" in headers and not _is_own_origin(headers):
        return Refusal("cross_site", "Unsigned bodies are not taken from web pages of other origins.")
    return Believed(Way.LOOPBACK if is_local else Way.ALLOWED)


def _is_own_origin(headers: Mapping[str, str]) -> bool:
    """Whether a page of this very server, called by a loopback name, sent it.

    The name counts as well as its being ours: with DNS rebinding a foreign name leads here and matches `Host`.
    """
    try:
        origin = urlsplit(headers["origin"])
    except ValueError:
        return False
    return origin.hostname in _LOOPBACK_NAMES and origin.netloc == headers.get("host", "")


def _advice(door: Door) -> str:
    name = door.secret_names[0] if door.secret_names else door.source
    return (
        f"Unsigned bodies are believed only from this machine, on loopback. Set a secret for '{name}' under "
        "hooks.secrets and sign with it, or give the sender the page's secret address /hooks/..., or set "
        "hooks.allow_unsigned."
    )


def _sentence(error: SignatureError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + "."
