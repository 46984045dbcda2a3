"""The messages of one AWS event, as JSON, old dashboard and feed give them, with phases that AWS never states.

The first message is an investigation, the second has found the cause, unless one says in AWS's set phrases that the
recovery is under way; the last one of an event that is over resolves it. A feed is only a window: there the place of a
message says nothing, so that feed and JSON never contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from statuswire.model import IncidentUpdate, Phase
from statuswire.platforms.reading import plain

_RECOVERING: Final = re.compile(
    r"\b(?:see|observ)(?:e|ing)? (?:(?:some|early|initial|significant|further|continued) )?(?:signs of )?recovery"
    r"|\brecovery (?:is|remains) (?:now )?(?:under ?way|in progress)"
    r"|\bcontinu(?:e|ing) to (?:see|observe) (?:\w+ )?(?:recovery|improvement)",
    re.IGNORECASE,
)
_NOT_YET: Final = re.compile(
    r"\b(?:not|no|until|once|when|before|expect(?:ed)?)\b[^.]{0,40}\b(?:see|seeing|observ\w+|recovery)", re.IGNORECASE
)
_OVER: Final = re.compile(
    r"\b(?:issue|event) (?:has been|is|was) (?:now )?(?:fully )?resolved,? and (?:all |the )?(?:affected )?(?:AWS )?"
    r"(?:services? (?:is|are)|operations are) (?:now )?operating normally",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its moment, its words as written, and whether it is marked as the end. Without an id of its own it
    is known by its second."""

    at: datetime | None
    words: str
    is_end: bool = False
    raw_phase: str = ""
    id: str = ""


def says_recovering(words: str) -> bool:
    """Whether a message says that recovery is under way. Only by AWS's own set phrases, and not where one of them is
    denied or hoped for."""
    if "ecover" not in words and "improve" not in words:  # quicker by far, and true of most
        return False
    return _RECOVERING.search(words) is not None and _NOT_YET.search(words) is None


def says_over(words: str) -> bool:
    """Whether a message has the sentence with which AWS closes: some events get no other sign of their end."""
    return _OVER.search(words) is not None


def updates_of(messages: Sequence[Message], *, is_over: bool, is_whole: bool = True) -> tuple[IncidentUpdate, ...]:
    """The updates, oldest first.

    An event that is over without a marked end has ended with its last message. `is_whole`: the first message here is
    the first of all.
    """
    ordered = _oldest_first(messages)
    has_end = any(message.is_end for message in ordered)
    updates: list[IncidentUpdate] = []
    used: dict[str, int] = {}
    for place, message in enumerate(ordered):
        is_end = message.is_end or (is_over and not has_end and place == len(ordered) - 1)
        words, raw = plain(message.words)
        phase = Phase.RESOLVED if is_end else _phase(words, place if is_whole else None)
        own_id = message.id or (_unused(str(int(message.at.timestamp())), used) if message.at else "")
        updates.append(IncidentUpdate(own_id, phase, words, message.at, raw=raw, raw_phase=message.raw_phase))
    return tuple(updates)


def _oldest_first(messages: Sequence[Message]) -> list[Message]:
    """By time; a message without one stays beside the one before it."""
    keyed: list[tuple[float, Message]] = []
    last = 0.0
    for message in messages:
        last = message.at.timestamp() if message.at else last
        keyed.append((last, message))
    return [message for _, message in sorted(keyed, key=lambda row: row[0])]


_BY_PLACE: Final = (Phase.INVESTIGATING, Phase.IDENTIFIED)


def _phase(words: str, place: int | None) -> Phase | None:
    """None, "as before", where neither words nor place tell one: a message without news takes no phase back."""
    if says_recovering(words):
        return Phase.MONITORING
    return _BY_PLACE[place] if place is not None and place < len(_BY_PLACE) else None


def reached(updates: Sequence[IncidentUpdate]) -> Phase | None:
    """The phase that the updates have led to."""
    return next((update.phase for update in reversed(updates) if update.phase), None)


def _unused(own_id: str, used: dict[str, int]) -> str:
    """Messages of the very same moment are told apart by their order."""
    count = used[own_id] = used.get(own_id, 0) + 1
    return own_id if count == 1 else f"{own_id}-{count}"
