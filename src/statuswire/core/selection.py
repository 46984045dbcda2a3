"""Which events concern a page of which only some components matter. Pure.

Patterns are names or `Group/Name`, with `*` and `?`; case does not matter, nor blanks around the slash. The provider's
own id of a component stands for its name, without the group where it ends in it: `us-east-1 / EC2` is what AWS calls
`ec2-us-east-1`, named Amazon Elastic Compute Cloud.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from statuswire.model import AffectedComponent, Component, Event, EventComponent


def concerns(event: Event, patterns: Sequence[str]) -> bool:
    """True when no pattern is given, when the event is about none of the components (the page, a feed, an incident that
    names none), or when it touches one that matches."""
    if not patterns:
        return True
    touched: tuple[AffectedComponent | EventComponent, ...] = ()
    if event.component is not None:
        touched = (event.component,)
    elif event.incident is not None:
        touched = event.incident.components
    return not touched or any(is_meant(one, patterns) for one in touched)


def is_meant(component: AffectedComponent | EventComponent | Component, patterns: Sequence[str]) -> bool:
    """Whether a component is meant by any of the patterns."""
    one = component
    return any(matches(one.group, one.name, pattern, one.id) for pattern in patterns)


def matches(group: str | None, name: str, pattern: str, own_id: str = "") -> bool:
    """Whether a component is meant by a pattern; one without a slash is about the name alone."""
    wanted = _folded(pattern).replace("[", "[[]")  # brackets are part of a name here, and not a choice of letters
    names = [_folded(one) for one in (name, own_id, _short(own_id, group)) if one]
    if group:
        names += [_folded(f"{group}/{one}") for one in names]
    return any(fnmatchcase(one, wanted) for one in names)


def _short(own_id: str, group: str | None) -> str:
    """`ec2` of `ec2-us-east-1` in the group `us-east-1`."""
    return own_id.removesuffix(f"-{group}") if group else ""


@lru_cache(maxsize=4_096)  # lists and reports ask for the same names again and again
def _folded(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", " ".join(text.casefold().split()))
