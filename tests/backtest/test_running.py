"""A configuration over stored documents and over a stored log: messages at their moments, and what was missed."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from statuswire.backtest import report as words
from statuswire.backtest.counting import Report
from statuswire.backtest.running import over_log, over_series
from statuswire.core.calendar import CalendarRule
from statuswire.engine.planner import Rules
from statuswire.errors import ConfigError
from statuswire.model import Digest, Filter, Impact, Quiet, Silence
from statuswire.store import open_store
from tests.backtest.stored import START, incident, logged, rules, summary, written

MINUTE = timedelta(minutes=1)
REMINDING = CalendarRule()

BEGUN = (60, "investigating", "Looking.")
FOUND = (90, "identified", "Found.")
DONE = (100, "resolved", "Done.")

BLINK = [
    summary(0),
    summary(10, incident("i1", "Blink", (10, "investigating", "Hm."), impact="major")),
    summary(12, incident("i1", "Blink", (10, "investigating", "Hm."), (12, "resolved", "Gone."), impact="major")),
    summary(60, incident("i2", "Slow", BEGUN)),
    summary(90, incident("i2", "Slow", BEGUN, FOUND), status="degraded_performance"),
    summary(100, incident("i2", "Slow", BEGUN, FOUND, DONE)),
]


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return written(tmp_path / "acme.jsonl", *BLINK)


def looked(series: Path, tried: Rules, impact: Impact = Impact.MAJOR) -> Report:
    return over_series((series,), (), rules=tried, reminding=REMINDING, impact=impact)


def withheld(report: Report) -> dict[str, int]:
    return {one.rule: one.count for one in report.routes[0].withheld}


def test_every_message_is_counted_by_route_and_channel(series: Path) -> None:
    report = looked(series, rules())

    (route,) = report.routes
    (sent,) = route.sent
    assert (report.messages, sent.channel, sent.messages) == (7, "ops", 7)
    assert (report.incidents, report.reached, route.missed) == (2, 1, ())


def test_a_hold_ends_at_its_moment_between_two_documents(series: Path) -> None:
    report = looked(series, rules(Quiet(hold=5 * MINUTE)))

    assert withheld(report)["hold"] == 2, "beginning and end of the one that passed"
    assert report.messages == 5


def test_what_got_bad_and_was_never_told_is_named_with_the_reason(series: Path) -> None:
    (route,) = looked(series, rules(Quiet(hold=5 * MINUTE))).routes

    (missed,) = route.missed
    assert (missed.title, missed.impact, missed.reason) == ("Blink", Impact.MAJOR, "it passed by itself")
    assert looked(series, rules(Quiet(hold=5 * MINUTE)), Impact.CRITICAL).routes[0].missed == ()


def test_a_filter_that_leaves_it_out_is_a_reason_too(series: Path) -> None:
    (route,) = looked(series, rules(impacts=frozenset({Impact.CRITICAL}))).routes

    assert [one.reason for one in route.missed] == ["impact major is not meant"]


def test_pages_that_the_route_does_not_mean_are_not_missed(series: Path) -> None:
    (route,) = looked(series, rules(pages=("other",))).routes

    assert route.missed == ()


def test_a_silence_is_named_with_its_own_words(series: Path) -> None:
    tried = rules()
    silent = Rules(tried.routes, tried.channels, (Silence(Filter(pages=("acme",)), "we left in 2025"),))

    report = looked(series, silent)

    assert report.messages == 0
    assert {one.reason for one in report.routes[0].withheld} == {"silence: we left in 2025"}


def test_a_digest_is_one_message(series: Path) -> None:
    (sent,) = looked(series, rules(Quiet(digest=Digest(timedelta(hours=1))))).routes[0].sent

    assert sent.digests == sent.messages == 2


def test_the_series_may_be_those_of_a_named_page(series: Path) -> None:
    report = over_series(
        (series,), ("payments",), rules=rules(pages=("payments",)), reminding=REMINDING, impact=Impact.MAJOR
    )

    assert report.messages == 7
    assert report.routes[0].pages == (("payments", 7),)


def test_maintenance_is_reminded_of_as_the_rules_that_are_tried_say(tmp_path: Path) -> None:
    upgrade = incident(
        "m1",
        "Upgrade",
        (0, "scheduled", "We upgrade."),
        impact="maintenance",
        scheduled_for=stamp_in(hours=30),
        scheduled_until=stamp_in(hours=32),
    )
    path = written(tmp_path / "a.jsonl", summary(0, planned=[upgrade]), summary(2400, planned=[upgrade]))

    three = over_series((path,), (), rules=rules(), reminding=REMINDING, impact=Impact.MAJOR)
    none = over_series((path,), (), rules=rules(), reminding=CalendarRule(leads=()), impact=Impact.MAJOR)

    assert (three.messages, none.messages) == (3, 1)


def stamp_in(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


# --- the log -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quiet", [Quiet(), Quiet(hold=5 * MINUTE), Quiet(digest=Digest(timedelta(hours=1)))])
def test_the_log_of_the_same_documents_gives_the_same_messages(series: Path, tmp_path: Path, quiet: Quiet) -> None:
    url = logged(series, tmp_path / "statuswire.db")

    from_log = over_log(url, rules=rules(quiet), reminding=REMINDING, impact=Impact.MAJOR)
    from_series = looked(series, rules(quiet))

    assert from_log.routes[0].sent[0].messages == from_series.routes[0].sent[0].messages
    assert from_log.routes[0].withheld == from_series.routes[0].withheld
    assert [one.title for one in from_log.routes[0].missed] == [one.title for one in from_series.routes[0].missed]


def test_the_log_is_read_beside_the_service_that_holds_it(series: Path, tmp_path: Path) -> None:
    url = logged(series, tmp_path / "statuswire.db")

    with closing(open_store(url)):
        assert over_log(url, rules=rules(), reminding=REMINDING, impact=Impact.MAJOR).messages == 7


def test_only_what_came_since_then_is_told_and_what_was_before_is_known(series: Path, tmp_path: Path) -> None:
    url = logged(series, tmp_path / "statuswire.db")

    late = over_log(url, rules=rules(), reminding=REMINDING, impact=Impact.MAJOR, since=START + 80 * MINUTE)

    assert late.begin == START + 80 * MINUTE
    assert late.messages == 4
    assert late.incidents == 1


def test_without_a_log_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="give --series"):
        over_log(f"sqlite:///{tmp_path}/none.db", rules=rules(), reminding=REMINDING, impact=Impact.MAJOR)

    assert not (tmp_path / "none.db").exists(), "looking makes no database"


def test_a_time_of_which_nothing_is_stored_is_an_error(series: Path, tmp_path: Path) -> None:
    url = logged(series, tmp_path / "statuswire.db")

    with pytest.raises(ConfigError, match="nothing is stored"):
        over_log(url, rules=rules(), reminding=REMINDING, impact=Impact.MAJOR, since=START + timedelta(days=9))


# --- words -------------------------------------------------------------------------------------------------------


def test_the_first_line_answers_the_question(series: Path) -> None:
    first, *_ = words.lines(looked(series, rules()))

    assert first == "With these rules you would have got 7 messages from 2026-05-04 to 2026-05-04: 7.0 a week."


def test_the_report_names_what_was_missed_and_who_is_noisy(series: Path) -> None:
    text = "\n".join(words.lines(looked(series, rules(Quiet(hold=5 * MINUTE)))))

    assert "acme: Blink (major) - it passed by itself" in text
    assert "hold: it passed by itself" in text
    assert "noisiest components: acme: API" in text


def test_two_configurations_are_compared_route_by_route(series: Path) -> None:
    before, after = looked(series, rules()), looked(series, rules(Quiet(hold=5 * MINUTE)))

    (difference,) = words.differences(before, after)

    assert (difference.before, difference.after) == (7, 5)
    assert difference.no_longer_told == ("acme/incident/i1",)
    assert "Route ops: 7 messages before, 5 then (-2)" in list(words.compared(before, after))


def test_the_same_is_there_as_json(series: Path) -> None:
    report = looked(series, rules())
    body = json.loads(words.as_json(report, report))

    assert body["report"]["messages"] == 7
    assert body["differences"][0]["newly_told"] == []
