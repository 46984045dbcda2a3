"""Who stands behind a request, and the answer where they may not do what they ask."""

from __future__ import annotations

from statuswire.model import Principal, PrincipalKind
from statuswire.web.asgi import Scope
from statuswire.web.needs import MACHINE, NOBODY, Need
from statuswire.web.parts import AppParts
from statuswire.web.problems import Refusal


async def identify(parts: AppParts, scope: Scope) -> Principal:
    """Nobody has to sign in where the service listens on loopback alone."""
    return MACHINE if parts.settings.is_loopback else NOBODY


def refusal(principal: Principal, need: Need) -> Refusal:
    """Why they may not."""
    if principal.kind is PrincipalKind.NOBODY:
        return Refusal("unauthenticated", "Sign in at /sign-in, or send an API token: `Authorization: Bearer sw_...`.")
    return Refusal("forbidden", f"This needs the right to {need}; {principal.name} does not have it.")
