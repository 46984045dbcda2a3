"""The thread of an incident: what the provider said, and what we did about it between. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine.accounts import IncidentAccount, UpdateAccount
from statuswire.model import AffectedComponent, KnownUpdate, Mark, Phase, Verdict, VerdictKind
from statuswire.store.queries import Listed


@dataclass(frozen=True, slots=True)
class Said:
    """One update of the provider. `before` are the texts that it had earlier, oldest first; `components` the states it
    tells where they differ from those of the update before it."""

    update: KnownUpdate
    phase: Phase
    seen_at: datetime | None
    before: tuple[str, ...] = ()
    components: tuple[AffectedComponent, ...] = ()

    @property
    def at(self) -> datetime:
        return self.update.at


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that we did or that was decided about it, in a sentence. `is_private`: for viewers alone."""

    at: datetime
    sentence: str
    is_private: bool = True


Entry = Said | Noted


def thread_of(account: IncidentAccount, *, is_public: bool) -> tuple[Entry, ...]:
    """Newest first; of one moment, what we noted came after what was said. `is_public`: without what is private."""
    noted = [
        *_first_seen(account),
        *_decided(pair for telling in account.tellings for pair in telling.verdicts),
        *_sent(account.deliveries),
        *map(_marked, account.marks),
    ]
    shown = [one for one in noted if not (is_public and one.is_private)]
    thread: list[Entry] = [*_said(account), *shown]
    return tuple(sorted(thread, key=lambda one: (one.at, isinstance(one, Noted)), reverse=True))


def _said(account: IncidentAccount) -> Iterator[Said]:
    phase = account.incident.phase
    components: tuple[AffectedComponent, ...] = ()
    for one in account.updates:
        phase = one.update.phase or phase
        changed = one.update.components if one.update.components != components else ()
        components = one.update.components or components
        yield Said(one.update, phase, _seen_at(one), tuple(_before(one)), changed)


def _seen_at(one: UpdateAccount) -> datetime | None:
    return one.update.seen_at or next((version.seen_at for version in one.versions if version.seen_at), None)


def _before(one: UpdateAccount) -> Iterator[str]:
    yield from (text for text in dict.fromkeys(old.text for old in one.versions) if text and text != one.update.text)


def _first_seen(account: IncidentAccount) -> Iterator[Noted]:
    if account.first_seen_at is not None:
        how = f", by {account.tellings[0].event.source}" if account.tellings else ""
        yield Noted(account.first_seen_at, f"First seen here{how}", is_private=False)


_SHOWN = {VerdictKind.HELD: "Held", VerdictKind.SUPPRESSED: "Not told"}


def _decided(verdicts: Iterable[tuple[Verdict, datetime]]) -> Iterator[Noted]:
    """What routes did not tell, or not at once, each reason once."""
    met: set[tuple[str, str]] = set()
    for verdict, at in verdicts:
        where = f"route {verdict.route}" if verdict.route else "the usual route"
        if verdict.kind in _SHOWN and (verdict.route, verdict.reason) not in met:
            met.add((verdict.route, verdict.reason))
            yield Noted(at, f"{_SHOWN[verdict.kind]} by {where}: {verdict.reason}")


def _sent(deliveries: Iterable[Listed]) -> Iterator[Noted]:
    for one in deliveries:
        if one.ended_at is not None:
            yield Noted(one.ended_at, f"{one.delivery.state.value.capitalize()} on {one.delivery.channel}")


def _marked(mark: Mark) -> Noted:
    by = f" by {mark.author}" if mark.author else ""
    why = f": {mark.reason}" if mark.reason else ""
    return Noted(mark.at, f"{mark.kind.value.capitalize()}{by}{why}")
