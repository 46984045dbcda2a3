"""What passes, what does not, and how long one waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from statuswire.client import Freshness, Status
from statuswire.gate import plugin
from statuswire.gate.judging import EXIT_CODES, LEVELS, Found, Judgement, Ruling, judged
from statuswire.gate.passing import wait

FINE, DEGRADED, MAJOR = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR_OUTAGE


def found(level: Status, what: str = "acme", freshness: Freshness = Freshness.FRESH, **more: bool) -> Found:
    return Found(what, level, freshness, f"{what}: {level.value}", **more)


NOBODY = found(Status.UNKNOWN, "brook", Freshness.UNKNOWN)
STALE = found(FINE, "brook", Freshness.STALE)


@pytest.mark.parametrize("allowed", LEVELS)
@pytest.mark.parametrize("level", LEVELS)
def test_what_is_no_worse_than_allowed_passes(level: Status, allowed: Status) -> None:
    passes = LEVELS.index(level) <= LEVELS.index(allowed)

    assert EXIT_CODES[judged([found(level)], allowed).ruling] == (0 if passes else 1)


@pytest.mark.parametrize(
    ("unknown_is", "ruling"), [(None, Ruling.UNKNOWN), ("pass", Ruling.PASS), ("fail", Ruling.HOLD)]
)
@pytest.mark.parametrize("one", [NOBODY, STALE])
def test_what_is_not_known_to_be_so_is_a_ruling_of_its_own_unless_told(
    one: Found, unknown_is: Any, ruling: Ruling
) -> None:
    assert judged([found(FINE), one], MAJOR, unknown_is).ruling is ruling


def test_what_is_known_to_be_bad_counts_before_what_is_not_known() -> None:
    told = judged([NOBODY, found(FINE), found(MAJOR, "cinder")], DEGRADED, "pass")

    assert (told.ruling, told.why) == (Ruling.HOLD, "worse than degraded: cinder: major_outage")


def test_a_wrong_name_never_passes() -> None:
    wrong = found(Status.UNKNOWN, "acme:Nope", Freshness.UNKNOWN, is_misnamed=True)

    assert judged([wrong], MAJOR, "pass").ruling is Ruling.UNKNOWN
    assert judged([wrong], MAJOR).is_hopeless


# --- waiting ----------------------------------------------------------------------------------------------------------


class Waiting:
    """A clock that only sleeping moves, and the levels found one after the other."""

    def __init__(self, *levels: Status, **more: bool) -> None:
        self.now = 100.0
        self.told: list[str] = []
        self._levels = iter(levels)
        self._more = more

    def ask(self) -> Judgement:
        return judged([found(next(self._levels), **self._more)], DEGRADED)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def wait(self, wait_s: float) -> tuple[Ruling, float]:
        judgement, waited_s = wait(
            self.ask,
            30.0,
            wait_s,
            monotonic=lambda: self.now,
            sleep=self.sleep,
            on_change=lambda one: self.told.append(one.why),
        )
        return judgement.ruling, waited_s


def test_waiting_ends_with_the_first_pass() -> None:
    one = Waiting(MAJOR, MAJOR, Status.PARTIAL_OUTAGE, FINE)

    assert one.wait(1_200.0) == (Ruling.PASS, 90.0)
    assert one.told == ["worse than degraded: acme: major_outage", "worse than degraded: acme: partial_outage"]


def test_waiting_ends_with_the_time_and_not_a_moment_later() -> None:
    assert Waiting(*[MAJOR] * 9).wait(70.0) == (Ruling.HOLD, 70.0)
    assert Waiting(MAJOR).wait(0.0) == (Ruling.HOLD, 0.0)


def test_nobody_waits_for_what_never_comes() -> None:
    assert Waiting(Status.UNKNOWN, is_misnamed=True).wait(1_200.0) == (Ruling.UNKNOWN, 0.0)


# --- the plugin -------------------------------------------------------------------------------------------------------


def shown(*several: Found, unknown: int = plugin.UNKNOWN) -> tuple[int, str]:
    return plugin.told(several, DEGRADED, Status.PARTIAL_OUTAGE, unknown, 0.25)


@pytest.mark.parametrize(
    ("level", "code", "word", "figure"),
    [
        (Status.OPERATIONAL, 0, "OK", 0),
        (Status.MAINTENANCE, 0, "OK", 1),
        (Status.DEGRADED, 1, "WARNING", 2),
        (Status.PARTIAL_OUTAGE, 2, "CRITICAL", 3),
        (Status.MAJOR_OUTAGE, 2, "CRITICAL", 4),
    ],
)
def test_the_plugin_says_a_word_a_reason_and_figures(level: Status, code: int, word: str, figure: int) -> None:
    line = f"STATUSWIRE {word} - acme: {level.value} | 'acme'={figure};1;2;0;4 time=0.250s;;;0"

    assert shown(found(level)) == (code, line)


def test_of_several_the_plugin_tells_the_worst_first_and_each_on_a_line() -> None:
    code, text = shown(found(FINE), NOBODY, found(DEGRADED, "cinder"))

    first, *rest = text.splitlines()
    assert (code, first.partition(" | ")[0]) == (1, "STATUSWIRE WARNING - cinder: degraded")
    assert "'brook'=U;1;2;0;4" in first
    assert rest == ["OK: acme: operational", "UNKNOWN: brook: unknown", "WARNING: cinder: degraded"]


@pytest.mark.parametrize("unknown", plugin.UNKNOWN_IS.values())
def test_what_is_not_known_is_what_one_wants_it_to_be(unknown: int) -> None:
    assert shown(NOBODY, unknown=unknown)[0] == unknown


def test_no_words_of_a_provider_become_figures() -> None:
    hostile = Found("it's=a|b", DEGRADED, Freshness.FRESH, "it's=a|b: degraded: x | y=1\nOK")

    _, text = shown(hostile)

    assert text == "STATUSWIRE WARNING - it's=a/b: degraded: x / y=1 OK | 'it''s-a/b'=2;1;2;0;4 time=0.250s;;;0"


@pytest.mark.parametrize("arguments", [[], ["acme", "-w", "bad"], ["acme", "-t", "0"], ["acme", "--nope"]])
def test_wrong_usage_of_the_plugin_is_unknown_and_not_critical(arguments: list[str]) -> None:
    code, text = plugin.check(arguments)

    assert code == 3
    assert text.startswith("STATUSWIRE UNKNOWN - ")
