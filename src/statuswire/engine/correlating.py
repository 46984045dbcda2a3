"""Between the planner and `core/correlation`: what a route's step becomes where its story is one of several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from statuswire.core import correlation
from statuswire.core.collecting import batch_for
from statuswire.core.correlation import CorrelationRule
from statuswire.core.evidence import clues
from statuswire.core.quiet import Step, Tell
from statuswire.engine.told_stories import Stories
from statuswire.model import Clue, Correlation, Event, MessageKind, Route, Sighting, Story, Verdict, VerdictKind
from statuswire.store import Tx, queries


def correlated(tx: Tx, told: Stories, rule: CorrelationRule | None, route: Route, step: Step, now: datetime) -> Step:
    """The step as it is where nothing is shared. Where its story begins and belongs to a correlation, it is told in the
    thread of that one, with the evidence; where it ends, the thread ends with the last of its stories.

    What waits for a digest or the end of quiet hours is told together anyway.
    """
    if not step.tell or step.story is None:
        return step
    tell = step.tell[0]
    if correlation.is_thread(tell.story.thread) and tell.is_last:
        return replace(step, tell=(_ended(tx, told, tell), *step.tell[1:]))
    if rule is None or not _begins(tell) or batch_for(route.name, route.quiet, tell, now) is not None:
        return step
    found = _found(tx, told, rule, route, tell, now)
    return step if found is None else _joined(step, *found)


def _begins(tell: Tell) -> bool:
    is_first = tell.kind is MessageKind.EVENT and tell.story.told == 1 and not tell.is_last
    return is_first and tell.impact in correlation.BAD


def _found(
    tx: Tx, told: Stories, rule: CorrelationRule, route: Route, tell: Tell, now: datetime
) -> tuple[Correlation, bool] | None:
    """The correlation that a beginning belongs to, and whether it made it; both are noted."""
    events = told.events(tell.event_ids)
    if not events or not (named := clues(events)):
        return None
    one = _sighting(tell.story, events, now, named)
    known = [other for other in queries.correlations(tx, correlation.since(now)) if other.route == route.name]
    found = correlation.look(rule, route.name, one, queries.sightings(tx, route.name), known)
    queries.save_sightings(tx, route.name, found.recent)
    if found.correlation is None:
        return None
    queries.save_correlation(tx, found.correlation)
    return found.correlation, found.is_new


def _joined(step: Step, one: Correlation, is_new: bool) -> Step:
    """The step with the first message in the correlation's thread: the one that makes it lists the other pages."""
    tell, *others = step.tell
    story = replace(tell.story, thread=one.id)
    earlier = tuple(member.event_id for member in one.members[:-1]) if is_new else ()
    told = replace(
        tell,
        kind=MessageKind.STORY,
        event_ids=(*earlier, *tell.event_ids),
        story=story,
        evidence=correlation.evidence(one, is_new=is_new),
    )
    verdicts = (_with_company(verdict, correlation.company(one)) for verdict in step.verdicts)
    kept = step.story and replace(step.story, thread=one.id)
    return Step(
        kept, (told, *(replace(other, story=replace(other.story, thread=one.id)) for other in others)), tuple(verdicts)
    )


def _with_company(verdict: Verdict, company: str) -> Verdict:
    if verdict.kind is not VerdictKind.TOLD:
        return verdict
    return replace(verdict, reason=f"{verdict.reason}; {company}" if verdict.reason else company)


def _sighting(story: Story, events: Sequence[Event], now: datetime, named: tuple[Clue, ...]) -> Sighting:
    newest = events[-1]
    return Sighting(newest.page.slug, newest.page.name, story.key, newest.id, now, named)


def _ended(tx: Tx, told: Stories, tell: Tell) -> Tell:
    """The end of one story in a shared thread, which is the end of the thread only where no other goes on."""
    one = queries.correlation(tx, tell.story.thread)
    if one is None:
        return tell
    others = (told.story(one.route, member.key) for member in one.members if member.key != tell.story.key)
    goes_on = any(other is not None and other.is_open and other.thread == one.id for other in others)
    return replace(tell, is_last=not goes_on)
