"""HMACs in hexadecimal: of the body alone, or of a time and the body, in a header of the sender's own."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from statuswire.errors import SignatureError
from statuswire.signing import keys as keys_of
from statuswire.signing.base import MAX_HEADER, MAX_SIGNATURES, Scheme, Verified, check_time

_HEX_DIGITS = frozenset("0123456789abcdef")


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
    "sentry": (Seal("sentry-hook-signature", is_recomposed=True),),
    "": (Seal("x-signature"), Seal("x-hub-signature-256")),
}
"""By platform, its own; with the empty name those that every path takes beside Standard Webhooks. `X-Hub-Signature-256`
is GitHub's. From the senders' documentation, Cachet's from its library (instatus.com/help/webhooks, docs.rootly.com,
docs.firehydrant.com, docs.sentry.io, spatie/laravel-webhook-server; checked 2026-11)."""

_WEBSUB = Seal("x-hub-signature", algorithms=("sha1", "sha256", "sha384", "sha512"))
"""W3C WebSub section 7.1: `<algorithm>=<hex>`, of which a hub may choose any."""

_ANY = (*chain.from_iterable(SEALS.values()), _WEBSUB)
_ANYBODY = frozenset({"generic", "statuswire"})
"""Platforms whose paths are not about one sender, so that every header counts there."""


def seals_of(platform: str) -> tuple[Seal, ...]:
    """The headers that a hook of this platform may be signed in, beside those of Standard Webhooks."""
    return _ANY if platform in _ANYBODY else SEALS.get(platform, ()) + SEALS[""]


def sign_hex(body: bytes, secret: str) -> str:
    """The value of an `X-Signature` header: `sha256=` and the hexadecimal HMAC of the body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def named(seals: Sequence[Seal]) -> str:
    return seals[0].header.title() if len(seals) < len(_ANY) else "X-Signature"


def verify(seal: Seal, body: bytes, header: str, secrets: Sequence[str], now: datetime) -> Verified:
    keys = [secret.encode() for secret in keys_of.texts(secrets)]
    if seal.scheme is Scheme.STAMPED:
        stamp, offered = _stamped(header)
        check_time(stamp, now)
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
