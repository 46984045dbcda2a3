"""A report in words and as JSON; of two, what the second would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from statuswire.backtest.counting import Report, RouteReport, Sent
from statuswire.backtest.spoken import Applied
from statuswire.channels.console import escape
from statuswire.channels.terminal import one_line

LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """What the second configuration does otherwise on one route: messages before and after (None: no such route), and
    incidents (`page/incident/id`) that only one of the two tells."""

    route: str
    before: int | None
    after: int | None
    newly_told: tuple[str, ...]
    no_longer_told: tuple[str, ...]


def differences(before: Report, after: Report) -> tuple[Difference, ...]:
    """By the names of the routes, those of the first configuration first."""
    old = {one.route: one for one in before.routes}
    new = {one.route: one for one in after.routes}
    return tuple(_difference(name, old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)))


def _difference(name: str, before: RouteReport | None, after: RouteReport | None) -> Difference:
    was = set(before.told) if before is not None else set()
    now = set(after.told) if after is not None else set()
    return Difference(
        route=name,
        before=None if before is None else before.messages,
        after=None if after is None else after.messages,
        newly_told=tuple(sorted(now - was)),
        no_longer_told=tuple(sorted(was - now)),
    )


# --- JSON --------------------------------------------------------------------------------------------------------


def as_json(report: Report, against: Report | None) -> str:
    body: dict[str, object] = {"report": report}
    if against is not None:
        body |= {"against": against, "differences": differences(report, against)}
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())


# --- words -------------------------------------------------------------------------------------------------------


def lines(report: Report) -> Iterator[str]:
    """What stands first answers the question: how many messages that would have been."""
    yield _first(report)
    looked_at = f"{_counted(report.events, 'event')}, {_counted(report.incidents, 'incident')}"
    yield f"Looked at: {looked_at}, of which {report.reached:,} reached {report.impact}."
    if report.applied is not None:
        yield _applied(report.applied)
    for route in report.routes:
        yield ""
        yield from _route(route, report)


def _first(report: Report) -> str:
    rate = f"{report.messages / report.weeks:.1f} a week"
    period = f"from {_day(report.begin)} to {_day(report.end)}"
    return f"With these rules you would have got {_counted(report.messages, 'message')} {period}: {rate}."


def _applied(one: Applied) -> str:
    counts = {
        "silence": one.silences,
        "acknowledgement": one.acknowledged,
        "snooze": one.snoozed,
        "override": one.overridden,
    }
    named = ", ".join(_counted(count, noun) for noun, count in counts.items() if count)
    if not named:
        return "Nothing was silenced or marked by command in that time."
    return f"Applied as they stood, made by command: {named}. Without them: --config-alone."


def _route(one: RouteReport, report: Report) -> Iterator[str]:
    yield f"Route {one_line(one.route)}"
    yield from (f"  {_sent(sent)}" for sent in one.sent)
    if one.withheld:
        yield "  withheld:"
        yield from (f"    {held.count:>6}  {held.rule}: {one_line(held.reason)}" for held in one.withheld)
    yield from _missed(one, report)
    if one.pages:
        yield f"  noisiest pages: {_ranked(one.pages)}"
    if one.components:
        yield f"  noisiest components: {_ranked(one.components)}"


def _sent(sent: Sent) -> str:
    kinds = (
        _counted(sent.digests, "digest"),
        f"{sent.stories} of several pages",
        _counted(sent.escalations, "escalation"),
    )
    counts = (sent.digests, sent.stories, sent.escalations)
    named = ", ".join(words for words, count in zip(kinds, counts, strict=True) if count)
    return f"{one_line(sent.channel)}: {_counted(sent.messages, 'message')}, {sent.a_week:g} a week" + (
        f" ({named})" if named else ""
    )


def _missed(one: RouteReport, report: Report) -> Iterator[str]:
    if not one.missed:
        yield f"  every incident that reached {report.impact} was told"
        return
    yield f"  never told, though {_counted(len(one.missed), 'incident')} reached {report.impact}:"
    for missed in one.missed[:LISTED]:
        name = f"{one_line(missed.page)}: {one_line(missed.title)}"
        yield f"    {_day(missed.began_at)}  {name} ({missed.impact}) - {one_line(missed.reason)}"
    if len(one.missed) > LISTED:
        yield f"    and {len(one.missed) - LISTED} more"


def compared(before: Report, after: Report) -> Iterator[str]:
    """The second report's first line, and route by route what it changes."""
    yield ""
    yield f"Against them: {_first(after)}"
    for one in differences(before, after):
        yield f"Route {one_line(one.route)}: {_change(one)}"
        yield from _named("told now", one.newly_told)
        yield from _named("no longer told", one.no_longer_told)


def _change(one: Difference) -> str:
    if one.before is None:
        return f"is new, {_counted(one.after or 0, 'message')}"
    if one.after is None:
        return f"is gone, {_counted(one.before, 'message')}"
    return f"{_counted(one.before, 'message')} before, {one.after} then ({one.after - one.before:+d})"


def _named(title: str, keys: Sequence[str]) -> Iterator[str]:
    if keys:
        rest = f" and {len(keys) - LISTED} more" if len(keys) > LISTED else ""
        yield f"  {title}: {', '.join(one_line(key) for key in keys[:LISTED])}{rest}"


def _ranked(some: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{one_line(name)} ({count})" for name, count in some)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
