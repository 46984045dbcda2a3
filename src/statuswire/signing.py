"""Sign and verify webhook bodies, and derive the secret addresses under which unsigned ones are believed.

Three schemes are understood on the way in:

- Standard Webhooks 1.0 (specification: github.com/standard-webhooks/standard-webhooks, checked 2026-11), which Svix
  and therefore incident.io send: an id, a time and one or more base64 signatures, in `webhook-*` or `svix-*` headers;
- a hexadecimal HMAC of the body alone in one header, bare or after `sha256=`. It carries neither time nor id, so a copy
  of such a body is believed for ever; recording it twice changes nothing;
- a hexadecimal HMAC-SHA256 of a time and the body, `t=<seconds>,v1=<hex>`.

In which headers the last two are sent is a table, `SEALS`. Not understood: `v1a` of Standard Webhooks (Ed25519,
optional there), which no sender of status hooks was seen to use.

The verifier works on the bytes received. That of the `standardwebhooks` library wants text, reads the machine's clock
and lets ValueError, UnicodeDecodeError and JSONDecodeError out (version 1.1.0, checked 2026-11); its signer is used.
Every comparison takes the same time whether or not it matches, and no early exit tells which secret was near.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain

from standardwebhooks import Webhook

from statuswire.errors import SignatureError

TOLERANCE = timedelta(minutes=5)
"""How far a signed time may lie from ours, in either direction (the specification's figure)."""

MAX_SECRETS = 3
"""Rotation needs two; more would only make forging attempts dearer for us than for the forger."""

MAX_SIGNATURES = 10
MAX_HEADER = 4096
"""Characters of one signature header that are looked at; ten signatures need under 600."""

_PREFIX = "whsec_"
_HEADER_SETS = ("webhook", "svix")
_HEX_DIGITS = frozenset("0123456789abcdef")
_TOKEN_BYTES = 20


class Scheme(StrEnum):
    """How a body was signed."""

    STANDARD = "standard_webhooks"
    HEX = "hex"
    STAMPED = "stamped_hex"


@dataclass(frozen=True, slots=True)
class Seal:
    """A header that one sender signs in, by its lower-case name.

    `algorithms` are those of the HMAC, the first being meant where the value names none. `is_recomposed`: the sender
    signs the JSON as JavaScript writes it again, which may differ from the bytes sent.
    """

    header: str
    scheme: Scheme = Scheme.HEX
    algorithms: tuple[str, ...] = ("sha256",)
    is_recomposed: bool = False


SEALS: Mapping[str, tuple[Seal, ...]] = {
    "instatus": (Seal("x-instatus-webhook-signature", is_recomposed=True),),
    "cachet": (Seal("signature"),),
    "rootly": (Seal("x-rootly-signature", Scheme.STAMPED),),
    "firehydrant": (Seal("fh-signature"),),
    "": (Seal("x-signature"), Seal("x-hub-signature-256")),
}
"""By platform, its own; with the empty name those that every path takes beside Standard Webhooks. `X-Hub-Signature-256`
is GitHub's. From the senders' documentation, Cachet's from its library (instatus.com/help/webhooks, docs.rootly.com,
docs.firehydrant.com, spatie/laravel-webhook-server; checked 2026-11)."""

_WEBSUB = Seal("x-hub-signature", algorithms=("sha1", "sha256", "sha384", "sha512"))
"""W3C WebSub section 7.1: `<algorithm>=<hex>`, of which a hub may choose any."""

_ANY = (*chain.from_iterable(SEALS.values()), _WEBSUB)
_ANYBODY = frozenset({"generic", "statuswire"})
"""Platforms whose paths are not about one sender, so that every header counts there."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A body that one of our secrets signed. `message_id` is the sender's own and empty in the hexadecimal schemes."""

    scheme: Scheme
    message_id: str = ""


def seals_of(platform: str) -> tuple[Seal, ...]:
    """The headers that a hook of this platform may be signed in, beside those of Standard Webhooks."""
    return _ANY if platform in _ANYBODY else SEALS.get(platform, ()) + SEALS[""]


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether any header of a known scheme is there, complete or not. Header names are in lower case."""
    return any(seal.header in headers for seal in _ANY) or any(
        f"{family}-signature" in headers for family in _HEADER_SETS
    )


def verify(
    body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime, platform: str = ""
) -> Verified:
    """Say which scheme and message this body is signed as, by any of the secrets (the first three count).

    `headers` have lower-case names; their values are octets decoded as Latin-1. `platform` tells whose headers count.
    Raises SignatureError with `reason` `missing`, `malformed`, `expired` or `mismatch`.
    """
    candidates = tuple(secrets)[:MAX_SECRETS]
    standard = _standard_headers(headers)
    if standard is not None:
        return _verify_standard(body, *standard, candidates, now)
    seals = seals_of(platform)
    for seal in seals:
        if seal.header in headers:
            return _verify_seal(seal, body, headers[seal.header], candidates, now)
    raise SignatureError("missing", f"no signature header: send webhook-signature, svix-signature or {_named(seals)}")


def sign(body: bytes, secret: str, message_id: str, at: datetime) -> dict[str, str]:
    """The three Standard Webhooks headers for a body of UTF-8 text.

    Raises SignatureError (`malformed`) where the secret is not base64 or the body not UTF-8.
    """
    moment = at.astimezone(UTC)
    try:
        signature = Webhook(_standard_key(secret)).sign(message_id, moment, body.decode())
    except UnicodeDecodeError as error:
        raise SignatureError("malformed", "only UTF-8 bodies can be signed") from error
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def sign_hex(body: bytes, secret: str) -> str:
    """The value of an `X-Signature` header: `sha256=` and the hexadecimal HMAC of the body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def check_secret(secret: str) -> None:
    """Raise SignatureError (`malformed`) for a secret that could never verify anything.

    Any text serves the hexadecimal scheme; one that begins with `whsec_` promises base64 after it.
    """
    if not secret.strip():
        raise SignatureError("malformed", "a webhook secret may not be empty")
    if secret.startswith(_PREFIX):
        _standard_key(secret)


def hook_token(install_secret: bytes, slug: str) -> str:
    """The unguessable part of a page's `/hooks/{token}`: 160 bits as 32 lower-case letters and digits.

    It is derived from the installation's secret and the page, so that it needs no storage and stays the same for as
    long as both do. Raises SignatureError (`malformed`) for a secret under 16 bytes, whose tokens could be guessed.
    """
    if len(install_secret) < 16:
        raise SignatureError("malformed", "the installation secret must have at least 16 bytes")
    code = hmac.new(install_secret, b"hook-token\x00" + slug.encode(), hashlib.sha256).digest()
    return base64.b32encode(code[:_TOKEN_BYTES]).decode().lower()


# --- Standard Webhooks -------------------------------------------------------------------------------------------


def _standard_headers(headers: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Id, time and signatures out of one complete header set, never out of two; None where neither set begins."""
    begun = False
    for family in _HEADER_SETS:
        values = [headers.get(f"{family}-{part}", "") for part in ("id", "timestamp", "signature")]
        if all(values):
            return values[0], values[1], values[2]
        begun = begun or bool(values[2])
    if begun:
        raise SignatureError("malformed", "a signed message needs its id, timestamp and signature headers together")
    return None


def _verify_standard(
    body: bytes, message_id: str, timestamp: str, signatures: str, secrets: Sequence[str], now: datetime
) -> Verified:
    _check_time(timestamp, now)
    content = b".".join((_octets(message_id), timestamp.encode(), body))
    expected = [hmac.digest(key, content, "sha256") for key in _standard_keys(secrets)]
    offered = _standard_signatures(signatures)
    matches = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in offered]
    if not any(matches):
        raise SignatureError("mismatch", "no signature matches: is this the secret that the sender uses?")
    return Verified(Scheme.STANDARD, message_id)


def _check_time(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise SignatureError("malformed", "the signed timestamp is not a whole number of seconds since 1970")
    skew_s = int(timestamp) - now.timestamp()
    if abs(skew_s) > TOLERANCE.total_seconds():
        direction = "past" if skew_s < 0 else "future"
        raise SignatureError(
            "expired", f"the signed time lies {abs(skew_s):.0f} s in the {direction}; 300 s are allowed"
        )


def _standard_signatures(header: str) -> list[bytes]:
    """The `v1` values of the space-delimited list; versions and garbage that we do not know are passed over."""
    offered = []
    for item in header[:MAX_HEADER].split()[:MAX_SIGNATURES]:
        version, _, value = item.partition(",")
        if version == "v1":
            offered.append(_base64(value))
    return [signature for signature in offered if signature is not None]


def _standard_keys(secrets: Sequence[str]) -> list[bytes]:
    """The secrets that are keys of this scheme; a plain text among them serves the hexadecimal one."""
    keys = [_base64(secret.removeprefix(_PREFIX)) for secret in secrets]
    return [key for key in keys if key]


def _standard_key(secret: str) -> bytes:
    key = _base64(secret.removeprefix(_PREFIX))
    if not key:
        raise SignatureError("malformed", "a Standard Webhooks secret is base64, with or without whsec_ before it")
    return key


def _base64(text: str) -> bytes | None:
    """The octets, missing padding tolerated; None where it is no base64."""
    bare = text.strip().rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


# --- hexadecimal -------------------------------------------------------------------------------------------------


def _named(seals: Sequence[Seal]) -> str:
    return seals[0].header.title() if len(seals) < len(_ANY) else "X-Signature"


def _verify_seal(seal: Seal, body: bytes, header: str, secrets: Sequence[str], now: datetime) -> Verified:
    keys = [secret.encode() for secret in secrets if secret]
    if seal.scheme is Scheme.STAMPED:
        stamp, offered = _stamped(header)
        _check_time(stamp, now)
        return _match(seal, keys, "sha256", stamp.encode() + body, offered)
    algorithm, digits = _algorithm(seal, header.strip().lower())
    try:
        return _match(seal, keys, algorithm, body, [digits])
    except SignatureError:
        recomposed = _recomposed(body) if seal.is_recomposed else None
        if recomposed is None or recomposed == body:
            raise
    return _match(seal, keys, algorithm, recomposed, [digits])


def _match(seal: Seal, keys: Sequence[bytes], algorithm: str, content: bytes, offered: Sequence[str]) -> Verified:
    expected = [hmac.new(key, content, algorithm).hexdigest() for key in keys]
    matches = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in offered]
    if not any(matches):
        raise SignatureError("mismatch", "the signature does not match: is this the secret that the sender uses?")
    return Verified(seal.scheme)


def _algorithm(seal: Seal, value: str) -> tuple[str, str]:
    """The HMAC's algorithm and the digits of `<digits>` or `<algorithm>=<digits>`."""
    named, equals, digits = value.rpartition("=")
    algorithm = named if equals else seal.algorithms[0]
    if algorithm not in seal.algorithms or not _is_hex(digits, hashlib.new(algorithm).digest_size * 2):
        raise SignatureError("malformed", f"the signature is not {_shape(seal)}")
    return algorithm, digits


def _shape(seal: Seal) -> str:
    if len(seal.algorithms) > 1:
        return f"hexadecimal digits after one of {', '.join(seal.algorithms)} and ="
    return "64 hexadecimal digits, with or without sha256= before"


def _stamped(header: str) -> tuple[str, list[str]]:
    """Time and signatures of `t=<seconds>,v1=<hex>`; `v1` may come again after a change of keys."""
    parts = [part.strip().partition("=") for part in header[:MAX_HEADER].split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    offered = [value.lower() for name, _, value in parts if name == "v1" and _is_hex(value.lower(), 64)]
    if len(stamps) != 1 or not offered:
        raise SignatureError("malformed", "the signature is not t=<seconds>,v1=<64 hexadecimal digits>")
    return stamps[0], offered[:MAX_SIGNATURES]


def _is_hex(digits: str, length: int) -> bool:
    return len(digits) == length and set(digits) <= _HEX_DIGITS


def _recomposed(body: bytes) -> bytes | None:
    """The body as `JSON.stringify` writes it: no blanks, keys in order, nothing escaped that need not be; None for what
    is no JSON or has no such form."""
    try:
        return json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None


def _octets(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise SignatureError("malformed", "the message id holds characters that no header can carry") from error
