"""Which events concern a page of which only some components matter. Pure.

Patterns are names or `Group/Name`, with `*` and `?`; case does not matter, nor blanks around the slash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from statuswire.model import AffectedComponent, Event, EventComponent


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
    return not touched or any(matches(one.group, one.name, pattern) for one in touched for pattern in patterns)


def matches(group: str | None, name: str, pattern: str) -> bool:
    """Whether a component is meant by a pattern; one without a slash is about the name alone."""
    wanted = _folded(pattern)
    names = [_folded(name)] + ([_folded(f"{group}/{name}")] if group else [])
    return any(fnmatchcase(one, wanted) for one in names)


def _folded(text: str) -> str:
    return re.sub(r"\s*/\s*", "/", " ".join(text.casefold().split()))
