"""What operators silenced and marked by command counts over the stored log as it stood at the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from statuswire.backtest import report as words
from statuswire.backtest.counting import Report
from statuswire.backtest.running import over_log
from statuswire.backtest.spoken import Applied
from statuswire.core.calendar import CalendarRule
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import Escalation, Filter, Impact, Mark, MarkKind, Quiet, Route, Silence
from statuswire.store import Tx, queries
from tests.backtest.stored import START, incident, logged, rules, said, summary, written

MINUTE = timedelta(minutes=1)
BEGUN = (10, "investigating", "Looking.")
FOUND = (60, "identified", "Found.")
DONE = (100, "resolved", "Done.")
SLOW = [
    summary(0),
    summary(10, incident("i1", "Slow", BEGUN, impact="major")),
    summary(60, incident("i1", "Slow", BEGUN, FOUND, impact="major")),
    summary(100, incident("i1", "Slow", BEGUN, FOUND, DONE, impact="major")),
]
PAGE = Filter(pages=("acme",))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return logged(written(tmp_path / "acme.jsonl", *SLOW), tmp_path / "statuswire.db")


Word = Callable[[Tx], object]


def silence(minute: float, reason: str, until: float | None = None, wanted: Filter = PAGE) -> Word:
    word = Silence(wanted, reason, None if until is None else at(until))
    return partial(queries.add_silence, one=word, now=at(minute))


def ended(minute: float) -> Word:
    return partial(queries.end_silence, id_=1, now=at(minute))


def marked(minute: float, kind: MarkKind, impact: Impact | None = None, page: str = "acme") -> Word:
    return partial(queries.set_mark, one=Mark(page, "incident/i1", kind, at(minute), impact=impact))


def taken_back(minute: float, kind: MarkKind) -> Word:
    return partial(queries.drop_mark, page="acme", subject="incident/i1", kind=kind, now=at(minute))


def at(minute: float) -> datetime:
    return START + minute * MINUTE


def looked(url: str, tried: Rules | None = None, *, since: float | None = None, alone: bool = False) -> Report:
    begin = None if since is None else at(since)
    return over_log(
        url,
        rules=tried or rules(),
        reminding=CalendarRule(),
        impact=Impact.MAJOR,
        since=begin,
        with_commands=not alone,
    )


def test_a_silence_counts_from_when_it_was_made_until_it_was_ended(url: str) -> None:
    said(url, silence(30, "known"), ended(90))

    report = looked(url)

    assert report.messages == 2, "beginning and end; the update between them was silenced"
    assert [(one.count, one.reason) for one in report.routes[0].withheld] == [(1, "silence: known")]
    assert report.applied == Applied(silences=1)


def test_a_silence_with_a_time_ends_by_itself(url: str) -> None:
    said(url, silence(30, "known", until=70))

    assert looked(url).messages == 2


def test_what_was_silenced_while_something_was_held_is_not_told(url: str) -> None:
    said(url, silence(12, "known", until=50))

    held = looked(url, rules(Quiet(hold=5 * MINUTE)))

    assert held.messages < looked(url, rules(Quiet(hold=5 * MINUTE)), alone=True).messages


def test_a_snooze_that_was_taken_back_counts_until_then(url: str) -> None:
    said(url, marked(30, MarkKind.SNOOZED), taken_back(55, MarkKind.SNOOZED))
    before = looked(url)
    said(url, marked(56, MarkKind.SNOOZED))

    after = looked(url)

    assert (before.messages, before.applied) == (3, Applied(snoozed=1))
    assert (after.messages, after.applied) == (2, Applied(snoozed=2)), "but for the end"


def test_an_override_that_was_replaced_counts_until_the_next_one(url: str) -> None:
    said(url, marked(30, MarkKind.OVERRIDE, Impact.MINOR), marked(50, MarkKind.OVERRIDE, Impact.CRITICAL))

    minor = looked(url, rules(impacts=frozenset({Impact.MINOR})))
    critical = looked(url, rules(impacts=frozenset({Impact.CRITICAL})))

    assert minor.messages == 0, "it was minor only while nothing was said of it"
    assert critical.messages > 0
    assert critical.applied == Applied(overridden=2)


def test_what_an_override_left_untold_says_so(tmp_path: Path) -> None:
    late = logged(written(tmp_path / "late.jsonl", *SLOW), tmp_path / "late.db")
    said(late, marked(5, MarkKind.OVERRIDE, Impact.MINOR, page="late"))

    (missed,) = looked(late, rules(impacts=frozenset({Impact.MAJOR}))).routes[0].missed

    assert missed.reason == "impact minor is not meant"


def test_what_was_acknowledged_is_not_escalated(url: str) -> None:
    said(url, marked(20, MarkKind.ACKNOWLEDGED))
    route = Route("ops", ("ops",), rules().routes[0].filter, Quiet(escalation=Escalation(30 * MINUTE, ("pager",))))
    tried = Rules(routes=(route,), channels={"ops": KnownChannel("console"), "pager": KnownChannel("console")})

    def escalated(report: Report) -> int:
        return sum(one.escalations for one in report.routes[0].sent)

    assert (escalated(looked(url, tried)), escalated(looked(url, tried, alone=True))) == (0, 1)


def test_only_what_held_in_the_time_that_is_looked_at_is_counted(url: str) -> None:
    said(
        url,
        silence(1, "over", until=5),
        silence(8, "for good", wanted=Filter(pages=("other",))),
        silence(9999, "afterwards"),
    )

    report = looked(url, since=9)

    assert (report.messages, report.applied) == (3, Applied(silences=1))
    assert report.end == START + 100 * MINUTE, "no silence makes the time longer"


def test_the_configuration_alone_leaves_all_of_it_out(url: str) -> None:
    said(url, silence(5, "known"))

    assert (looked(url).messages, looked(url, alone=True).messages) == (0, 3)
    assert looked(url, alone=True).applied is None


def test_the_report_says_how_many_were_applied(url: str) -> None:
    silent = list(words.lines(looked(url)))
    said(url, silence(30, "known"), marked(31, MarkKind.ACKNOWLEDGED))

    spoken = list(words.lines(looked(url)))

    assert "Nothing was silenced or marked by command in that time." in silent
    told = "Applied as they stood, made by command: 1 silence, 1 acknowledgement. Without them: --config-alone."
    assert told in spoken
