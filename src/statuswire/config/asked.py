"""What a user asks for on the command line: `WHAT`, or `WHAT:COMPONENT` for one component of it.

    aws   aws:EC2   'aws:us-east-1 / EC2'   localhost:8000:API   https://status.example.com:8443:API
    'https://status.example.com/page: API'   'https://status.example.com/feed.rss: Checkout / *'

How the two are told apart is in `what`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from statuswire.catalog import Target, resolve
from statuswire.what import split


def ask(what: str, configured: Mapping[str, Target] | None = None) -> Target:
    """The page that is meant, with the component as its only pattern where one is named.

    `configured` are pages that may be meant by their slug. Raises ConfigError.
    """
    text, component = split(what)
    target = (configured or {}).get(text) or resolve(text)
    return replace(target, components=(component,)) if component else target


def ask_all(wanted: Iterable[str], configured: Mapping[str, Target] | None = None) -> dict[str, Target]:
    """The pages by slug. Components of one page asked for one by one are together; the bare page means all of them.

    Raises ConfigError.
    """
    asked: dict[str, Target] = {}
    for target in (ask(what, configured) for what in wanted):
        known = asked.get(target.slug)
        asked[target.slug] = target if known is None else replace(target, components=_together(known, target))
    return asked


def _together(one: Target, other: Target) -> tuple[str, ...]:
    if not one.components or not other.components:
        return ()
    return tuple(dict.fromkeys((*one.components, *other.components)))
