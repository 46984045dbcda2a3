"""Standard Webhooks 1.0: an id, a time and one or more base64 signatures in three headers.

The verifier works on the bytes received. That of the `standardwebhooks` library wants text, reads the machine's clock,
lets ValueError, UnicodeDecodeError and JSONDecodeError out, and has no `v1a` (version 1.1.0, checked 2026-11); its
signer is used.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from statuswire.errors import SignatureError
from statuswire.signing import keys
from statuswire.signing.base import MAX_HEADER, MAX_SIGNATURES, Scheme, Verified, check_time

FAMILIES = ("webhook", "svix")


def headers_of(headers: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Id, time and signatures out of one complete header set, never out of two; None where neither set begins.

    Raises SignatureError (`malformed`) for a set that is not complete.
    """
    begun = False
    for family in FAMILIES:
        values = [headers.get(f"{family}-{part}", "") for part in ("id", "timestamp", "signature")]
        if all(values):
            return values[0], values[1], values[2]
        begun = begun or bool(values[2])
    if begun:
        raise SignatureError("malformed", "a signed message needs its id, timestamp and signature headers together")
    return None


def verify(
    body: bytes, message_id: str, timestamp: str, signatures: str, secrets: Sequence[str], now: datetime
) -> Verified:
    """Raises SignatureError. All is compared with all, so that no early exit tells which secret was near."""
    check_time(timestamp, now)
    content = b".".join((_latin(message_id), timestamp.encode(), body))
    offered = list(_offered(signatures))
    matches = [*_shared(content, offered, secrets), *_public(content, offered, secrets)]
    if not any(matches):
        raise SignatureError("mismatch", "no signature matches: is this the secret that the sender uses?")
    return Verified(Scheme.STANDARD, message_id)


def sign(body: bytes, secret: str, message_id: str, at: datetime) -> dict[str, str]:
    """The three headers for a body of UTF-8 text, signed as `v1`.

    Raises SignatureError (`malformed`) where the secret is not base64 or the body not UTF-8.
    """
    moment = at.astimezone(UTC)
    try:
        signature = Webhook(keys.shared_key(secret)).sign(message_id, moment, body.decode())
    except UnicodeDecodeError as error:
        raise SignatureError("malformed", "only UTF-8 bodies can be signed") from error
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def _offered(header: str) -> Iterator[tuple[str, bytes]]:
    """Version and value of the space-delimited list; what is no base64 is passed over."""
    for item in header[:MAX_HEADER].split()[:MAX_SIGNATURES]:
        version, _, value = item.partition(",")
        signature = keys.octets(value)
        if signature is not None:
            yield version, signature


def _shared(content: bytes, offered: Sequence[tuple[str, bytes]], secrets: Sequence[str]) -> list[bool]:
    """`v1`: HMAC-SHA256."""
    expected = [hmac.digest(key, content, "sha256") for key in keys.shared_keys(secrets)]
    theirs = [signature for version, signature in offered if version == "v1"]
    return [hmac.compare_digest(ours, signature) for ours in expected for signature in theirs]


def _public(content: bytes, offered: Sequence[tuple[str, bytes]], secrets: Sequence[str]) -> list[bool]:
    """`v1a`: Ed25519."""
    known = keys.public_keys(secrets)
    theirs = [signature for version, signature in offered if version == "v1a"]
    if not known or not theirs:
        return []
    matches = keys.ed25519()
    return [matches(key, content, signature) for key in known for signature in theirs]


def _latin(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise SignatureError("malformed", "the message id holds characters that no header can carry") from error
