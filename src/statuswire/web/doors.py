"""Hook paths: which door a path leads to, and the secret addresses. Pure look-ups."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from statuswire.platforms.hook_paths import path_word
from statuswire.signing import control_token, hook_token, signal_token
from statuswire.web.problems import Refusal
from statuswire.web.trust import Door

NOT_FOUND = Refusal("unknown_address", "There is nothing at this address.")
"""One answer for every unknown address: a guesser must not learn which part of a guess was right."""

_MAX_PROVIDER = 100

_METHODS = {"hund": ("POST", "PUT")}
"""Platforms whose subscribers choose the verb (hund.io/help/documentation/outgoing-webhooks, checked 2026-11)."""

ANY_METHODS = ("POST", "PUT")
"""Those of a secret address, which may be given to any of them."""


class SecretAddresses:
    """The `/hooks/{token}` and `/signals/{token}` addresses of every page, and the `/signals/{token}` of all pages.

    Tokens are derived from the installation's secret, so nothing is stored; here they are looked up by their digest,
    so that the time of a look-up tells nothing of how near a guess came.
    """

    def __init__(self, install_secret: bytes, slugs: Iterable[str] = ()) -> None:
        self._secret = install_secret
        self._slugs: dict[bytes, str] = {}
        self._signals: dict[bytes, str] = {_digest(self.signal_token("")): ""}
        for slug in slugs:
            self.add(slug)

    def add(self, slug: str) -> None:
        """From now on the page's addresses are known; again changes nothing."""
        self._slugs[_digest(self.token(slug))] = slug
        self._signals[_digest(self.signal_token(slug))] = slug

    def token(self, slug: str) -> str:
        return hook_token(self._secret, slug)

    def signal_token(self, slug: str) -> str:
        """Of the address for signals of a page, or of all pages where the slug is empty."""
        return signal_token(self._secret, slug)

    def signal_slug(self, token: str) -> str | None:
        """The page behind such a token, empty for that of all pages, None for a guess."""
        return self._signals.get(_digest(token))

    def control_token(self) -> str:
        """What commands on this machine show us."""
        return control_token(self._secret)

    def slug(self, token: str) -> str | None:
        """The page behind a token, None for a guess."""
        return self._slugs.get(_digest(token))


class Doors:
    """Finds the door of a path. `platforms` are the names of those that read hooks."""

    def __init__(self, platforms: Iterable[str], addresses: SecretAddresses) -> None:
        self._addresses = addresses
        fixed = [_door(name) for name in set(platforms)]
        self._known = tuple(sorted(door.source for door in fixed))
        self._platforms: Mapping[str, Door] = {_fold(door.source): door for door in fixed}

    def find(self, path: str) -> Door | Refusal | None:
        """The door of a hook path, why there is none behind it, or None for a path that is not about hooks."""
        parts = path.strip("/").split("/")
        match parts:
            case ["webhook"]:
                return _OWN
            case ["test"]:
                return _TEST
            case ["webhook", "generic", provider]:
                return _generic(provider)
            case ["webhook", name]:
                return self._platform(name)
            case ["hooks", token]:
                return self._secret_address(token)
            case ["webhook" | "hooks", *_]:
                return NOT_FOUND
        return None

    def _platform(self, name: str) -> Door | Refusal:
        door = self._platforms.get(_fold(name))
        if door is None:
            detail = "No platform of this name sends webhooks. /webhook/generic/{provider} takes other senders."
            return Refusal("unknown_address", detail, known=self._known)
        return door

    def _secret_address(self, token: str) -> Door | Refusal:
        slug = self._addresses.slug(token)
        if slug is None:
            return NOT_FOUND
        return Door("hooks", "", "/hooks/{token}", page_slug=slug, methods=ANY_METHODS)


_OWN = Door("webhook", "statuswire", "/webhook", ("webhook",))
_TEST = Door("test", "statuspage", "/test", ("test",))


def _door(platform: str) -> Door:
    word = path_word(platform)
    return Door(word, platform, f"/webhook/{word}", (word,), methods=_METHODS.get(platform, ("POST",)))


def _generic(provider: str) -> Door | Refusal:
    if not provider or len(provider) > _MAX_PROVIDER or not provider.isprintable():
        return NOT_FOUND
    names = (f"generic/{provider.lower()}", "generic")
    return Door("generic", "generic", "/webhook/generic/{provider}", names, provider=provider)


def _fold(name: str) -> str:
    """`incident-io`, `incident_io` and `IncidentIO` are one platform."""
    return name.casefold().replace("-", "").replace("_", "").replace(".", "")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
