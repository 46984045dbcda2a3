"""Is it us or them, for people: our signals and the provider's word on one axis, the verdict, and all of it in words.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from statuswire.channels import wording
from statuswire.core.blame import Blame, Verdict
from statuswire.core.courses import ended_at
from statuswire.core.promptness import told_at
from statuswire.core.signals import Pair
from statuswire.core.timeline import Course, Span, Stretch
from statuswire.engine.signals import PageSignals
from statuswire.engine.situation import level_of
from statuswire.model import Kind, KnownIncident, Phase, Signal, Status
from statuswire.web.face.axis import Mark, Stripe, axis
from statuswire.web.face.words import count

LENGTHS: Final = (timedelta(hours=2), timedelta(hours=6), timedelta(hours=24))
"""How much time may be shown: the shortest that shows all that goes on now from its beginning. Where nothing of ours
fired in the longest of them, all that was read is shown."""

MOST_TOLD: Final = 30

HEADS: Final = {
    Blame.THEM: "Probably them",
    Blame.US: "Probably us",
    Blame.UNCLEAR: "Not clear yet",
    Blame.UNKNOWN: "Nobody can tell",
    Blame.QUIET: "Nothing of yours fires",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that began or ended, in words; `url` leads to where it was said, `is_theirs` by whom."""

    at: datetime
    words: str
    is_theirs: bool
    url: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """How the page stood by what it said, and when somebody saw it."""

    course: Course
    observed: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Ours:
    """What the page shows. `told` has the latest first."""

    head: str
    verdict: Verdict
    drawing: Markup
    since: datetime
    told: tuple[Told, ...]
    count: int

    @property
    def word(self) -> str:
        return self.verdict.blame.value


def ours_of(found: PageSignals, stood: Stood, name: str, now: datetime) -> Ours | None:
    """None for a page that never had a signal."""
    if not found.ever:
        return None
    since = _since(found, now)
    told = sorted(_told(found, name, now), key=lambda one: (one.at, one.is_theirs), reverse=True)
    return Ours(
        HEADS[found.verdict.blame],
        found.verdict,
        _drawing(found, stood, name, since, now),
        since,
        tuple(one for one in told if one.at >= since)[:MOST_TOLD],
        sum((one.ended_at or now) >= since for one in found.signals),
    )


def _since(found: PageSignals, now: datetime) -> datetime:
    """From when on it is shown."""
    if not any((one.ended_at or now) >= now - LENGTHS[-1] for one in found.signals):
        return found.since
    going = [one.began_at for one in found.signals if one.is_firing]
    going += [_began(one) for one in found.incidents if _went_on(one, now) and not one.phase.is_closed]
    begun = min([*going, now]) if found.firing else now - LENGTHS[-1]
    return next((now - one for one in LENGTHS if now - one * 0.9 <= begun), now - LENGTHS[-1])


def _drawing(found: PageSignals, stood: Stood, name: str, since: datetime, now: datetime) -> Markup:
    signals = [one for one in found.signals if (one.ended_at or now) >= since]
    incidents = [one for one in found.incidents if _went_on(one, now) and ended_at(one, now) >= since]
    ours = [Mark(one.began_at, one.ended_at or now, "is-ours", _signal_words(one, now)) for one in signals]
    theirs = [
        Mark(_began(one), ended_at(one, now), f"is-{level_of(one).value}", _incident_words(one, now))
        for one in incidents
    ]
    seen = (Stripe(*span, one.status) for one in stood.course for span in _seen(one, stood.observed))
    stripes = [Stripe(since, now, Status.UNKNOWN), *seen]
    spoken = f"{count(len(ours), 'signal')} of yours above, {count(len(theirs), 'incident')} of {name} below"
    label = f"{spoken}, from {since:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC; the same is in words below"
    return axis(ours, theirs, stripes, since, now, label)


def _seen(one: Stretch, observed: Iterable[Span]) -> Iterator[Span]:
    """The parts of a stretch in which somebody saw the page."""
    for begin, end in observed:
        since, until = max(begin, one.since), min(end, one.until)
        if since < until:
            yield since, until


def _went_on(incident: KnownIncident, now: datetime) -> bool:
    return _began(incident) < now and incident.phase not in (Phase.SCHEDULED, Phase.CANCELLED)


def _began(incident: KnownIncident) -> datetime:
    """Of an incident when it was admitted, for that is what is compared; of maintenance when it was planned for."""
    planned = incident.scheduled_for if incident.kind is Kind.MAINTENANCE else None
    return planned or told_at(incident)


def _told(found: PageSignals, name: str, now: datetime) -> Iterator[Told]:
    for one in found.signals:
        where = f" ({one.component})" if one.component else ""
        yield Told(one.began_at, f"Yours began: {one.title}{where}", is_theirs=False, url=one.url)
        if one.ended_at is not None:
            word = "was not heard of any more" if one.has_lapsed else "ended"
            after = wording.duration(one.ended_at - one.began_at)
            yield Told(one.ended_at, f"Yours {word} after {after}: {one.title}", is_theirs=False)
    ahead = {one.incident.id: ahead_words(one) for one in found.paired.pairs}
    for incident in found.incidents:
        yield from _incident_told(incident, ahead.get(incident.id, ""), name, now)


def _incident_told(incident: KnownIncident, ahead: str, name: str, now: datetime) -> Iterator[Told]:
    if not _went_on(incident, now):
        return
    title, beside = incident.title or incident.id, f" ({ahead})" if ahead else ""
    began = "began maintenance" if incident.kind is Kind.MAINTENANCE else "told of an incident"
    yield Told(_began(incident), f"{name} {began}: {title}{beside}", is_theirs=True, incident=incident.id)
    if incident.phase.is_closed:
        yield Told(ended_at(incident, now), f"{name} called it over: {title}", is_theirs=True, incident=incident.id)


def ahead_words(one: Pair) -> str:
    """`you saw it 7 min before they said so`; empty where our signals say nothing of who was first."""
    if one.ahead is None:
        return ""
    length = wording.duration(abs(one.ahead))
    if abs(one.ahead) < timedelta(minutes=1):
        return "you saw it as they said so"
    return f"you saw it {length} before they said so" if one.ahead > timedelta(0) else f"you saw it {length} after them"


def _signal_words(one: Signal, now: datetime) -> str:
    where = f" ({one.component})" if one.component else ""
    return f"{one.title}{where}: {_span(one.began_at, one.ended_at, now)}"


def _incident_words(one: KnownIncident, now: datetime) -> str:
    end = ended_at(one, now) if one.phase.is_closed else None
    return f"{one.title or one.id}: {_span(_began(one), end, now)}"


def _span(since: datetime, until: datetime | None, now: datetime) -> str:
    length = wording.duration((until or now) - since)
    return f"from {since:%H:%M} UTC, {length}" if until else f"since {since:%H:%M} UTC, for {length}"
