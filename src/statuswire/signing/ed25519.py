"""Ed25519 (RFC 8032), by the `cryptography` library (version 50, checked 2026-11)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def matches(key: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the owner of the public key (32 bytes) signed the content. Any bytes may be offered as a signature."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except InvalidSignature:
        return False
    return True
