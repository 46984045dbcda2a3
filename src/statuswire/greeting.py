"""The banner with which `run` begins: what is watched, where hooks go, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from statuswire.access.settings import FIRST_ACCOUNT
from statuswire.channels.console_report import Banner, BannerPage
from statuswire.config import Config, spell_duration
from statuswire.engine.overview import PageLook
from statuswire.model import Page
from statuswire.platforms import EMAIL, PLATFORMS
from statuswire.web.listening import is_loopback

HOOK_PATHS = ("/webhook/statuspage", "/webhook/incident-io", "/webhook/generic/{provider}", "/webhook")


@dataclass(frozen=True, slots=True)
class Place:
    """What only the running service knows: `address` is its base URL, `token` the secret of the first page's hook,
    `mail` the secret mail addresses worth showing. `is_seen`: the banner is read on a terminal, and kept nowhere.
    `has_accounts`: somebody can sign in."""

    version: str
    mode: str
    address: str
    token: str
    mail: tuple[tuple[Page, str], ...] = ()
    is_seen: bool = True
    has_accounts: bool = True


def banner(config: Config, pages: Sequence[Page], looks: Sequence[PageLook], place: Place) -> Banner:
    """`looks` are the pages as we knew them before, in any order."""
    known = {look.page.slug: look for look in looks}
    return Banner(
        version=place.version,
        mode=place.mode,
        base_url=place.address,
        database=config.database,
        hooks=HOOK_PATHS,
        pages=tuple(BannerPage(one.name, one.url, _how(one, known, config)) for one in pages),
        next_steps=_next_steps(config, pages, place),
    )


def _how(page: Page, known: Mapping[str, PageLook], config: Config) -> str:
    """How a page is read, and what is open on it as far as we know from before."""
    title = PLATFORMS[page.platform].title if page.platform in PLATFORMS else "not recognised yet"
    how = title if page.platform == EMAIL else f"{title}, polled every {spell_duration(config.poll.interval)}"
    look = known.get(page.slug)
    if look is None or not look.open:
        return how
    titles = "; ".join(incident.title for incident in look.open)
    return f"{how}; open {'when it was last read' if look.is_stale else 'now'}: {titles}"


def _next_steps(config: Config, pages: Sequence[Page], place: Place) -> tuple[str, ...]:
    steps = [f"Look at it: {place.address}/ is the dashboard"]
    if not place.has_accounts and _needs_account(config):
        steps.append(f"Let yourself in: {FIRST_ACCOUNT}")
    if config.hooks.allow_unsigned or is_loopback(config.server.host):
        steps.append(f"See it work: curl -X POST {place.address}/test")
    steps.append(f"How the service is: {place.address}/health")
    hook = f"{place.address}/hooks/{place.token}"
    steps += [f"Let {one.name} push: {_shown(place, 'paste', hook, 'into its webhook form')}" for one in pages[:1]]
    steps += [f"Let {one.name} mail: {_shown(place, 'subscribe', at, 'to its notices')}" for one, at in place.mail]
    return tuple(steps)


def _shown(place: Place, verb: str, secret: str, where: str) -> str:
    """What to do with a secret address, or where it can be looked up."""
    if place.is_seen:
        return f"{verb} {secret} {where} (keep it secret)"
    return f"its secret address is in {place.address}/settings"


def _needs_account(config: Config) -> bool:
    """Whether one signs in here, and not at a provider that knows people already."""
    auth = config.auth
    is_required = not is_loopback(config.server.host) if auth.required is None else auth.required
    return is_required and not auth.oidc.issuer
