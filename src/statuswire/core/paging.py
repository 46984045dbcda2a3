"""How a pager is told: each story is an object there that must be closed again. Pure.

So nothing stands for many that nothing closes. What waits is told by itself, each story by its newest event; what
begins and ends while it waits is not told at all; and an end disturbs nobody, so it never waits. Only where more pages
are bad at once than make a storm, one object stands for all of them, and ends with the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from statuswire.core.collecting import Recent, Storm, StormRule
from statuswire.core.quiet import Tell
from statuswire.model import Delivery, MessageKind

OVER: Final = "it was over before anybody was paged"
IN_STORM: Final = "part of a storm, which ends with the last of it"


def is_end(tell: Tell) -> bool:
    """Whether it is told of something that is over."""
    return tell.kind is not MessageKind.ESCALATION and not tell.story.is_open


def is_unheard_of(tell: Tell, waiting: Sequence[Delivery]) -> bool:
    """Whether the pager knows nothing yet of a story that ends, of which this waits."""
    return not tell.story.is_escalated and any(one.begins for one in waiting)


def newest_of_each(some: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Of each story the newest delivery, oldest first; facts that stand alone by themselves."""
    newest = {one.story or f"{one.id}": one for one in sorted(some, key=_newest)}
    return tuple(sorted(newest.values(), key=_newest))


def _newest(one: Delivery) -> int:
    return one.event_ids[-1]


def storm_among(rule: StormRule | None, some: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Those for which one object is to stand, because so many pages are bad at once; none where they are few."""
    of_stories = tuple(one for one in some if one.story)
    pages = {one.story.partition("/")[0] for one in of_stories}
    return of_stories if rule is not None and len(pages) > rule.pages else ()


# --- storms ------------------------------------------------------------------------------------------------------


def storm_of(recent: Recent, key: str) -> Storm | None:
    """The storm that a story is told in."""
    return next((one for one in recent.storms if key in one.keys), None)


def begun(recent: Recent, thread: str, keys: Sequence[str]) -> Recent:
    """With these stories in the storm of that thread, new or not."""
    known = next((one.keys for one in recent.storms if one.thread == thread), ())
    storm = Storm(thread, tuple(dict.fromkeys((*known, *keys))))
    others = (one for one in recent.storms if one.thread != thread)
    return replace(recent, storms=(*others, storm))


def ended(recent: Recent, storm: Storm, key: str) -> tuple[Recent, bool]:
    """Without a story that is over, and whether it was the last of the storm."""
    rest = tuple(one for one in storm.keys if one != key)
    others = tuple(one for one in recent.storms if one != storm)
    return replace(recent, storms=(*others, replace(storm, keys=rest)) if rest else others), not rest
