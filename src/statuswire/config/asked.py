"""What a user asks for on the command line: `WHAT`, or `WHAT:COMPONENT` for one component of it.

    aws   aws:EC2   'aws:us-east-1 / EC2'   localhost:8000:API   https://status.example.com:8443:API
    'https://status.example.com/page: API'   'https://status.example.com/feed.rss: Checkout / *'

A colon after a slug or a host begins a component, unless a port follows. After an address with a path, where colons may
belong to the path, it does so with a blank behind it, which no address can have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from statuswire.catalog import Target, resolve
from statuswire.errors import ConfigError

_AFTER_HOST = re.compile(
    r"(?P<what>(?:https?://)?(?:[^/:\s\[\]]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?/?)"
    r":(?!//)(?!\d{1,5}(?:[/?#]|$))(?P<component>.*)",
    re.DOTALL,
)
_AFTER_PATH = re.compile(r"(?P<what>\S+):\s(?P<component>.*)", re.DOTALL)


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


def split(what: str) -> tuple[str, str]:
    """`("aws", "us-east-1 / EC2")` of `aws:us-east-1 / EC2`; an empty second part where no component is named.

    Raises ConfigError for a colon with nothing behind it.
    """
    text = what.strip()
    found = _AFTER_HOST.fullmatch(text) or _AFTER_PATH.fullmatch(text)
    if found is None:
        return text, ""
    component = found["component"].strip()
    if not component:
        raise ConfigError(f"`{text}` names no component after the colon; right: aws:EC2")
    return found["what"], component
