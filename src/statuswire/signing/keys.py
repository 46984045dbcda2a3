"""What may be configured as the secret of a hook: text, base64 (`whsec_`), or the sender's public key (`whpk_`).

Which of them a text is decides for which signatures it counts, and it counts for no other: a public key is known to
everybody, so a body that is sealed with it as with a shared secret proves nothing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast

from statuswire.errors import SignatureError

SHARED = "whsec_"
PUBLIC = "whpk_"
PRIVATE = "whsk_"
_PUBLIC_BYTES = 32

Matches = Callable[[bytes, bytes, bytes], bool]


def check_secret(secret: str) -> None:
    """Raise SignatureError (`malformed`) for a secret that could never verify anything.

    Any text serves the hexadecimal scheme; what begins with `whsec_` promises base64 after it, and with `whpk_` a key.
    """
    if not secret.strip():
        raise SignatureError("malformed", "a webhook secret may not be empty")
    if secret.startswith(PRIVATE):
        raise SignatureError("malformed", "whsk_ begins the sender's own private key; what is needed begins with whpk_")
    if secret.startswith(PUBLIC):
        if not public_keys([secret]):
            raise SignatureError("malformed", "a public key is whpk_ and the base64 of 32 bytes")
        ed25519()
    elif secret.startswith(SHARED):
        shared_key(secret)


def shared_keys(secrets: Sequence[str]) -> list[bytes]:
    """The secrets that are keys of `v1`; a plain text among them serves the hexadecimal scheme."""
    keys = [octets(secret.removeprefix(SHARED)) for secret in texts(secrets)]
    return [key for key in keys if key]


def shared_key(secret: str) -> bytes:
    """Raises SignatureError (`malformed`)."""
    key = octets(secret.removeprefix(SHARED))
    if not key:
        raise SignatureError("malformed", "a Standard Webhooks secret is base64, with or without whsec_ before it")
    return key


def public_keys(secrets: Sequence[str]) -> list[bytes]:
    """The public keys of `v1a` among the secrets."""
    keys = [octets(secret.removeprefix(PUBLIC)) for secret in secrets if secret.startswith(PUBLIC)]
    return [key for key in keys if key is not None and len(key) == _PUBLIC_BYTES]


def texts(secrets: Sequence[str]) -> list[str]:
    """The secrets that only the sender and we know."""
    return [secret for secret in secrets if secret and not secret.startswith((PUBLIC, PRIVATE))]


def octets(text: str) -> bytes | None:
    """What the base64 stands for, missing padding tolerated; None where it is no base64."""
    bare = text.strip().rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def ed25519() -> Matches:
    """`ed25519.matches`, imported with the first public key: the library behind it is 8 MB, a tenth of the process."""
    return cast(Matches, import_module("statuswire.signing.ed25519").matches)
