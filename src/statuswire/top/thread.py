"""The thread of an incident: what the provider said, and what we did about it between. As `web.face.thread`, of what
the API says. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from statuswire.client.shapes import Phase
from statuswire.top.shapes import Account, Mark, Ours, Said


@dataclass(frozen=True, slots=True)
class Spoken:
    """One update of the provider, by a key that no other one has. `before` are the texts that it had earlier, oldest
    first."""

    key: str
    at: datetime
    phase: Phase
    text: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that we did about it, in a sentence."""

    at: datetime
    sentence: str


Entry = Spoken | Noted


def thread_of(account: Account) -> tuple[Entry, ...]:
    """Newest first; of one moment, what we noted came after what was said."""
    noted = _noted(account) if account.ours is None else (*_noted(account), *_done(account.ours))
    return tuple(sorted((*_spoken(account), *noted), key=lambda one: (one.at, isinstance(one, Noted)), reverse=True))


def words_of(account: Account) -> dict[str, object]:
    """What the provider said, by the keys of its updates, to find what is new."""
    return {one.key: (one.phase, one.text) for one in _spoken(account)}


def _spoken(account: Account) -> Iterator[Spoken]:
    phase = account.phase
    page = account.page.slug if account.page is not None else ""
    for one in account.updates:
        phase = one.phase or phase
        yield Spoken(f"update/{page}/{account.id}/{one.id}", one.at, phase, one.text, tuple(_before(one)))


def _before(one: Said) -> Iterator[str]:
    yield from (text for text in dict.fromkeys(old.text for old in one.versions) if text and text != one.text)


def _noted(account: Account) -> Iterator[Noted]:
    if account.first_seen_at is not None:
        yield Noted(account.first_seen_at, "First seen here")


def _done(ours: Ours) -> Iterator[Noted]:
    yield from (
        Noted(one.ended_at, f"{one.state.capitalize()} on {one.channel}") for one in ours.deliveries if one.ended_at
    )
    yield from map(_marked, ours.marks)


def _marked(mark: Mark) -> Noted:
    by, why = f" by {mark.author}" if mark.author else "", f": {mark.reason}" if mark.reason else ""
    return Noted(mark.at, f"{mark.kind.capitalize()}{by}{why}")
