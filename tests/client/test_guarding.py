"""What a guard does with what it knows, by its policy."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from statuswire.client import Freshness, Guard, Reading, ServiceDown, Status, guard
from statuswire.client.standing import Subject
from statuswire.errors import ConfigError

FRESH, STALE, UNKNOWN = Freshness.FRESH, Freshness.STALE, Freshness.UNKNOWN
MAJOR, GREEN = Status.MAJOR_OUTAGE, Status.OPERATIONAL


class Known:
    """A watch that knows one thing."""

    def __init__(self, status: Status, freshness: Freshness = FRESH) -> None:
        self.told = Reading("acme", "API", status, freshness, 1.0, f"acme:API: {status}")

    def reading(self, subject: Subject) -> Reading:
        return self.told


def guarded(status: Status, freshness: Freshness = FRESH, **policy: Any) -> Guard:
    usual = {"when_down": "raise", "fallback": None, "when_stale": "pass", "when_unknown": "pass"}
    return Guard(Known(status, freshness), Subject("acme", "API"), **{**usual, **policy})  # type: ignore[arg-type]


def call(made: Guard) -> str:
    """What a guarded function of either kind answers; both must agree."""

    @made
    def plain(word: str) -> str:
        return f"called {word}"

    @made
    async def waiting(word: str) -> str:
        return f"called {word}"

    def tried(it: Any) -> str:
        try:
            return str(it())
        except ServiceDown as error:
            return f"down: {error}"

    answers = {tried(lambda: plain("it")), tried(lambda: asyncio.run(waiting("it")))}  # type: ignore[arg-type]
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (Status.OPERATIONAL, "called it"),
        (Status.MAINTENANCE, "called it"),
        (Status.DEGRADED, "called it"),
        (Status.PARTIAL_OUTAGE, "down: acme:API: partial_outage"),
        (Status.MAJOR_OUTAGE, "down: acme:API: major_outage"),
    ],
)
def test_a_call_is_held_back_in_a_partial_or_major_outage(status: Status, answer: str) -> None:
    assert call(guarded(status)) == answer


@pytest.mark.parametrize(
    ("known", "policy", "is_held"),
    [
        ((MAJOR, STALE), {}, False),
        ((MAJOR, STALE), {"when_stale": "trust"}, True),
        ((GREEN, STALE), {"when_stale": "trust"}, False),
        ((GREEN, STALE), {"when_stale": "block"}, True),
        ((Status.UNKNOWN, UNKNOWN), {}, False),
        ((Status.UNKNOWN, UNKNOWN), {"when_stale": "block"}, False),
        ((Status.UNKNOWN, UNKNOWN), {"when_unknown": "block"}, True),
        ((GREEN, FRESH), {"when_unknown": "block", "when_stale": "block"}, False),
    ],
)
def test_what_is_not_known_to_be_so_holds_nothing_back_unless_told_to(
    known: tuple[Status, Freshness], policy: dict[str, str], is_held: bool
) -> None:
    assert call(guarded(*known, **policy)).startswith("down") is is_held


def test_a_fallback_is_called_instead_with_the_same_arguments() -> None:
    async def later(word: str) -> str:
        return f"instead of {word}"

    assert call(guarded(MAJOR, fallback=lambda word: f"instead of {word}")) == "instead of it"
    assert asyncio.run(_awaited(guarded(MAJOR, fallback=later))) == "instead of it"
    assert call(guarded(GREEN, fallback=later)) == "called it"


async def _awaited(made: Guard) -> str:
    @made
    async def waiting(word: str) -> str:
        return word

    return await waiting("it")


@pytest.mark.parametrize(("status", "notes"), [(MAJOR, ["statuswire: acme:API: major_outage"]), (GREEN, [])])
def test_annotating_lets_through_and_explains_what_then_fails(status: Status, notes: list[str]) -> None:
    made = guarded(status, when_down="annotate")

    @made
    def failing() -> None:
        raise OSError("timed out")

    @made
    async def failing_later() -> None:
        raise OSError("timed out")

    for one in (failing, lambda: asyncio.run(failing_later())):  # type: ignore[arg-type]
        with pytest.raises(OSError, match="timed out") as failed:
            one()
        assert getattr(failed.value, "__notes__", []) == notes


def test_a_block_is_not_entered_while_down() -> None:
    entered = False

    with pytest.raises(ServiceDown) as held, guarded(MAJOR):
        entered = True

    assert not entered
    assert held.value.reading.is_down


def test_a_block_gets_the_reading_and_its_errors_a_note() -> None:
    async def within() -> None:
        async with guarded(MAJOR, when_down="annotate") as reading:
            assert reading.status is MAJOR
            raise OSError("timed out")

    with pytest.raises(OSError, match="timed out") as failed:
        asyncio.run(within())
    assert failed.value.__notes__ == ["statuswire: acme:API: major_outage"]
    with guarded(GREEN) as reading:
        assert not reading.is_down


def test_a_block_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="decorator"), guarded(GREEN, fallback=print):
        pass


def test_a_guarded_function_keeps_its_name() -> None:
    @guarded(GREEN)
    def told() -> None:
        """What it does."""

    assert (told.__name__, told.__doc__) == ("told", "What it does.")


def test_a_wrong_word_of_the_policy_is_named() -> None:
    with pytest.raises(ConfigError, match="when_stale: `maybe` is none of pass, trust, block"):
        guard("acme", when_stale="maybe", server="http://127.0.0.1:1")  # type: ignore[arg-type]
