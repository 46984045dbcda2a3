"""Sign and verify webhook bodies, and derive the secret addresses under which unsigned ones are believed.

Three schemes are understood on the way in:

- Standard Webhooks 1.0 (specification: github.com/standard-webhooks/standard-webhooks, checked 2026-11), which Svix
  and therefore incident.io send: an id, a time and one or more base64 signatures, in `webhook-*` or `svix-*` headers;
  `v1` by a secret that both sides know, `v1a` by the sender's private key (Ed25519), of which we have the public one;
- a hexadecimal HMAC of the body alone in one header, bare or after `sha256=`. It carries neither time nor id, so a copy
  of such a body is believed for ever; recording it twice changes nothing;
- a hexadecimal HMAC-SHA256 of a time and the body, `t=<seconds>,v1=<hex>`.

In which headers the last two are sent is a table, `SEALS`. Every comparison takes the same time whether or not it
matches, and no early exit tells which secret was near.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from statuswire.errors import SignatureError
from statuswire.signing import seals, standard
from statuswire.signing.base import MAX_SECRETS, MAX_SIGNATURES, TOLERANCE, Scheme, Verified
from statuswire.signing.keys import check_secret
from statuswire.signing.seals import SEALS, Seal, seals_of, sign_hex
from statuswire.signing.standard import sign

__all__ = [
    "MAX_SECRETS",
    "MAX_SIGNATURES",
    "SEALS",
    "TOLERANCE",
    "Scheme",
    "Seal",
    "Verified",
    "check_secret",
    "hook_token",
    "seals_of",
    "sign",
    "sign_hex",
    "signal_token",
    "verify",
]

_TOKEN_BYTES = 20


def verify(
    body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime, platform: str = ""
) -> Verified:
    """Say which scheme and message this body is signed as, by any of the secrets (the first three count).

    `headers` have lower-case names; their values are octets decoded as Latin-1. `platform` tells whose headers count.
    Raises SignatureError with `reason` `missing`, `malformed`, `expired` or `mismatch`.
    """
    candidates = tuple(secrets)[:MAX_SECRETS]
    found = standard.headers_of(headers)
    if found is not None:
        return standard.verify(body, *found, candidates, now)
    known = seals_of(platform)
    for seal in known:
        if seal.header in headers:
            return seals.verify(seal, body, headers[seal.header], candidates, now)
    raise SignatureError(
        "missing", f"no signature header: send webhook-signature, svix-signature or {seals.named(known)}"
    )


def hook_token(install_secret: bytes, slug: str) -> str:
    """The unguessable part of a page's `/hooks/{token}`: 160 bits as 32 lower-case letters and digits.

    It is derived from the installation's secret and the page, so that it needs no storage and stays the same for as
    long as both do. Raises SignatureError (`malformed`) for a secret under 16 bytes, whose tokens could be guessed.
    """
    return _derived(install_secret, b"hook-token\x00" + slug.encode())


def signal_token(install_secret: bytes, slug: str = "") -> str:
    """The unguessable part of a page's `/signals/{token}`, or without a page of the address of all: like a hook token,
    and none of them, for who may tell of us may not tell in the name of a provider."""
    return _derived(install_secret, b"signal-token\x00" + slug.encode())


def control_token(install_secret: bytes) -> str:
    """What commands show to the running service that they come from somebody who may read its database; like a hook
    token, and none of them."""
    return _derived(install_secret, b"control-token")


def _derived(install_secret: bytes, label: bytes) -> str:
    if len(install_secret) < 16:
        raise SignatureError("malformed", "the installation secret must have at least 16 bytes")
    code = hmac.new(install_secret, label, hashlib.sha256).digest()
    return base64.b32encode(code[:_TOKEN_BYTES]).decode().lower()
