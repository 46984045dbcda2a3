"""What is asked of the server, as calls that the client carries out (`client.calls`). Nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import msgspec

from statuswire.client.calls import MOST, Call, Query, state_of
from statuswire.client.decoding import decoded
from statuswire.client.errors import Refused
from statuswire.client.exchange import Ask, good, in_path
from statuswire.client.shapes import Components, Incident, Incidents, Kind, Problem, Status
from statuswire.client.standing import PageState
from statuswire.top.picture import Picture, picture_of
from statuswire.top.shapes import Account, Accounts, Correlations, Done, Marks, Pages, Silences
from statuswire.top.stories import ACKNOWLEDGED, Story, stories_of
from statuswire.top.together import joined

_BAD = (Status.DEGRADED, Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE, Status.MAINTENANCE)
_OURS = frozenset({401, 403})
TOGETHER_FOR = timedelta(days=2)
"""As on the dashboard: what got no new member for so long joins no stories any more."""

NEWEST = "200"
"""So many incidents are a history that somebody reads in a terminal."""

T = TypeVar("T")
P = TypeVar("P", bound="_Part")


class _Part(Protocol):
    """One part of a list."""

    @property
    def next(self) -> str | int | None: ...


def picture(now: datetime) -> Call[Picture]:
    """How everything is. Marks, silences and what is together are left out for those who may not see them.

    Components come before incidents: what begins between the two is then shown with its name.
    """
    pages = yield from _all("/pages", (), Pages, lambda part: part.items)
    bad = tuple(("status", status.value) for status in _BAD)
    components = yield from _all("/components", bad, Components, lambda part: part.items)
    incidents = yield from _incidents((("open", "true"),))
    marks = yield from _if_allowed(_all("/marks", (), Marks, lambda part: part.items))
    silences = yield from _if_allowed(_all("/silences", (), Silences, lambda part: part.items))
    since = (("since", (now - TOGETHER_FOR).isoformat()),)
    known = yield from _if_allowed(_all("/correlations", since, Correlations, lambda part: part.items))
    stories = joined(stories_of(pages, incidents, components, marks), known)
    return picture_of(pages, stories, silences, marks)


def account(slug: str, id_: str, kind: Kind) -> Call[Account]:
    """One incident with everything that was said and done. Raises Refused (`unknown_item`) where it is gone."""
    if "/" not in id_:
        reply = yield Ask(f"/pages/{in_path(slug)}/incidents/{in_path(id_)}")
        return decoded(good(reply).body, Account)
    path = "/maintenances" if kind is Kind.MAINTENANCE else "/incidents"
    reply = yield Ask(path, (("page", slug), ("id", id_)))
    found = decoded(good(reply).body, Accounts).items
    if not found:
        raise Refused(Problem(404, "Not found", "it is not known any more", "unknown_item"))
    return found[0]


def page(slug: str) -> Call[tuple[PageState, tuple[Incident, ...]]]:
    """One page as it is, and what was there before."""
    state = yield from state_of(slug, None)
    reply = yield Ask("/incidents", (("page", slug), ("open", "false"), ("limit", "20")))
    return state, decoded(good(reply).body, Incidents).items


def history(since: datetime) -> Call[tuple[Incident, ...]]:
    """The newest incidents of all pages, the latest begun first."""
    reply = yield Ask("/incidents", (("since", since.isoformat()), ("limit", NEWEST)))
    return decoded(good(reply).body, Incidents).items


# --- orders ----------------------------------------------------------------------------------------------------------


def acknowledge(story: Story, reason: str) -> Call[str]:
    """Somebody cares for it. The sentence that the server answers."""
    body = {"page": story.page.slug, "subject": story.subject, "kind": ACKNOWLEDGED, "reason": reason}
    return _ordered(Ask("/marks", method="POST", body=msgspec.json.encode(body)))


def take_back(story: Story) -> Call[str]:
    """Nobody does any more."""
    query = (("page", story.page.slug), ("subject", story.subject), ("kind", ACKNOWLEDGED))
    return _ordered(Ask("/marks", query, method="DELETE"))


def silence(slug: str, component: str, until: datetime | None, reason: str) -> Call[str]:
    """Tell nothing of a page, or of one component of it, until then or for good."""
    meant = {"page": [slug], **({"component": [_literal(component)]} if component else {})}
    body = {"filter": meant, "reason": reason, **({"until": until.isoformat()} if until else {})}
    return _ordered(Ask("/silences", method="POST", body=msgspec.json.encode(body)))


def _ordered(ask: Ask) -> Call[str]:
    return decoded(good((yield ask)).body, Done).sentence


def _literal(name: str) -> str:
    """The name as a glob that means nothing but it."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


# --- lists -----------------------------------------------------------------------------------------------------------


def _incidents(query: Query) -> Call[tuple[Incident, ...]]:
    """Incidents and maintenances, which are two lists."""
    some = yield from _all("/incidents", query, Incidents, lambda part: part.items)
    planned = yield from _all("/maintenances", query, Incidents, lambda part: part.items)
    return (*some, *planned)


def _all(path: str, query: Query, shape: type[P], items: Callable[[P], Iterable[T]]) -> Call[tuple[T, ...]]:
    """A whole list, part by part."""
    found: tuple[T, ...] = ()
    after = ""
    while True:
        rest = (("limit", MOST), *((("after", after),) if after else ()))
        part = decoded(good((yield Ask(path, (*query, *rest)))).body, shape)
        found += tuple(items(part))
        if part.next is None:
            return found
        after = str(part.next)


def _if_allowed(call: Call[tuple[T, ...]]) -> Call[tuple[T, ...]]:
    """The same, or nothing for those who may not see it."""
    try:
        return (yield from call)
    except Refused as error:
        if error.problem.status not in _OURS:
            raise
        return ()
