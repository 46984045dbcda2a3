"""What was read of an item is known again, and only where reading it anew would give the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from statuswire.model import Problem
from statuswire.platforms.parts import Part
from statuswire.platforms.reading import INCIDENT_LIMIT, as_mapping, item_parts
from statuswire.platforms.remembering import (
    LARGEST_BYTES,
    ROOM_BYTES,
    Now,
    Remembered,
    known_again,
    remembered,
    remembered_in_parts,
    remembered_list,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Counted:
    """A reader of one item that counts how often it was asked, and names what is odd."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def reader(self) -> Remembered[dict[str, object], [str], str | None]:
        @remembered
        def read(item: dict[str, object], where: str, problems: list[Problem], around: str) -> str | None:
            self.asked.append(item)
            if "odd" in item:
                problems.append(Problem(f"{where}.odd", "odd"))
            if item.get("leave"):
                problems.append(Problem(where, "left out"))
                return None
            return f"{item.get('id')} {around}"

        return read


@pytest.fixture
def counted() -> Counted:
    return Counted()


def _part(value: object) -> Part:
    return Part(msgspec.json.encode(value))


# --- one item --------------------------------------------------------------------------------------------------------


def test_an_item_of_the_same_bytes_is_read_once(counted: Counted) -> None:
    read = counted.reader()

    assert read(_part({"id": 1}), "x[0]", [], "a") == read(_part({"id": 1}), "x[5]", [], "a") == "1 a"
    assert counted.asked == [{"id": 1}]


def test_an_item_is_read_again_where_its_surroundings_differ(counted: Counted) -> None:
    read = counted.reader()
    item = _part({"id": 1})

    assert [read(item, "x", [], around) for around in ("a", "b", "b", "a")] == ["1 a", "1 b", "1 b", "1 a"]
    assert len(counted.asked) == 3


def test_surroundings_are_compared_by_value(counted: Counted) -> None:
    @remembered
    def read(item: object, _where: str, _problems: list[Problem], names: dict[str, str]) -> int:
        counted.asked.append(item)
        return len(names)

    assert read(_part({}), "x", [], {"a": "A"}) == read(_part({}), "x", [], {"a": "A"}) == 1
    assert len(counted.asked) == 1


def test_problems_are_told_again_for_the_place_of_now(counted: Counted) -> None:
    read, problems = counted.reader(), list[Problem]()
    item = _part({"id": 1, "odd": True})

    for where in ("x[0]", "x[3]", "x[3]"):
        read(item, where, problems, "a")

    assert [problem.where for problem in problems] == ["x[0].odd", "x[3].odd", "x[3].odd"]
    assert len(counted.asked) == 1


def test_a_problem_found_elsewhere_keeps_its_place() -> None:
    @remembered
    def read(_item: object, _where: str, problems: list[Problem]) -> None:
        problems.append(Problem("other.list[2]", "odd"))

    problems: list[Problem] = []
    for where in ("x[0]", "x[1]"):
        read(_part({}), where, problems)

    assert [problem.where for problem in problems] == ["other.list[2]"] * 2


def test_plain_objects_are_read_each_time(counted: Counted) -> None:
    read = counted.reader()

    assert read({"id": 1}, "x", [], "a") == read({"id": 1}, "x", [], "a") == "1 a"
    assert len(counted.asked) == 2


def test_large_items_are_read_each_time(counted: Counted) -> None:
    read = counted.reader()
    item = _part({"id": 1, "text": "x" * LARGEST_BYTES})

    assert read(item, "x", [], "a") == read(item, "x", [], "a")
    assert len(counted.asked) == 2


def test_an_item_may_be_known_by_something_else(counted: Counted) -> None:
    read = counted.reader()

    first = read.known_by(b"<item>1</item>", {"id": 1}, "x", [], "a")

    assert read.known_by(b"<item>1</item>", {"id": "never looked at"}, "x", [], "a") == first
    assert len(counted.asked) == 1


def test_a_reader_gets_its_item_as_far_opened_as_it_wants() -> None:
    got: list[object] = []

    def read(item: object, _where: str, _problems: list[Problem]) -> None:
        got.append(item)

    item = _part({"a": [1]})
    for make in (remembered, remembered_in_parts, remembered_list):
        make(read)(item, "x", [])

    assert got == [{"a": [1]}, {"a": msgspec.Raw(b"[1]")}, item]


def test_an_emptied_memory_reads_again(counted: Counted) -> None:
    read = counted.reader()
    read.each(_part([{"id": 1}]), "x", [], "a")

    read.cache_clear()
    read.each(_part([{"id": 1}]), "x", [], "a")

    assert len(counted.asked) == 2


# --- lists -----------------------------------------------------------------------------------------------------------


def test_of_a_changed_list_only_the_changed_item_is_read(counted: Counted) -> None:
    read = counted.reader()
    read.each(_part([{"id": 1}, {"id": 2}, {"id": 3}]), "x", [], "a")
    counted.asked.clear()

    told = read.each(_part([{"id": 9}, {"id": 1}, {"id": 2}, {"id": 3}]), "x", [], "a")

    assert told.found == ("9 a", "1 a", "2 a", "3 a")
    assert told.is_whole
    assert counted.asked == [{"id": 9}]


def test_an_unchanged_list_tells_its_problems_again(counted: Counted) -> None:
    read, problems = counted.reader(), list[Problem]()
    listed = _part([{"id": 1}, {"leave": True}])

    told = [read.each(listed, where, problems, "a") for where in ("x", "y")]

    assert [one.found for one in told] == [("1 a",)] * 2
    assert not any(one.is_whole for one in told)
    assert [problem.where for problem in problems] == ["x[1]", "y[1]"]


@pytest.mark.parametrize(
    ("listed", "found", "is_whole", "places"),
    [
        ([{"id": 1}, 2], ("1 a",), False, ["x[1]"]),
        ([], (), True, []),
        (None, (), False, []),
        ({"id": 1}, (), False, ["x"]),
        ("text", (), False, ["x"]),
    ],
)
def test_a_list_says_the_same_plain_and_as_a_part(
    counted: Counted, listed: object, found: tuple[str, ...], is_whole: bool, places: list[str]
) -> None:
    read = counted.reader()
    opened = [_part(one) if isinstance(one, dict) else one for one in listed] if isinstance(listed, list) else listed

    for value in (listed, _part(listed) if isinstance(listed, list | dict) else listed, opened):
        problems: list[Problem] = []
        told = read.each(value, "x", problems, "a")

        assert (told.found, told.is_whole, [one.where for one in problems]) == (found, is_whole, places)


def test_a_list_that_is_too_long_is_cut_and_said_to_be() -> None:
    @remembered
    def read(item: dict[str, object], _where: str, _problems: list[Problem]) -> object:
        return item["id"]

    problems: list[Problem] = []

    told = read.each(_part([{"id": number} for number in range(INCIDENT_LIMIT + 1)]), "x", problems)

    assert len(told.found) == INCIDENT_LIMIT
    assert not told.is_whole
    assert [problem.where for problem in problems] == ["x"]


def test_a_list_read_through_its_parts_reads_only_what_changed() -> None:
    read_rows: list[object] = []

    @remembered
    def row(fields: dict[str, object], _where: str, _problems: list[Problem]) -> object:
        read_rows.append(fields["id"])
        return fields["id"]

    @remembered_list
    def rows(listed: object, where: str, problems: list[Problem]) -> list[object]:
        return [row(part, f"{where}[{place}]", problems) for place, part in item_parts(listed, where, problems)]

    assert rows(_part([{"id": 1}, {"id": 2}]), "x", []) == [1, 2]
    assert rows(_part([{"id": 3}, {"id": 2}]), "x", []) == [3, 2]
    assert read_rows == [1, 2, 3]


# --- room ------------------------------------------------------------------------------------------------------------


def _sized(name: str, size: int) -> bytes:
    return name.encode().ljust(size, b".")


def test_what_is_not_asked_for_is_forgotten_when_others_have_filled_the_room_twice(counted: Counted) -> None:
    read, step = counted.reader(), ROOM_BYTES // 8

    read.known_by(_sized("first", step), {"id": 1}, "x", [], "a")
    for number in range(17):
        read.known_by(_sized(f"n{number}", step), {"id": number}, "x", [], "a")
    counted.asked.clear()
    read.known_by(_sized("first", step), {"id": 1}, "x", [], "a")

    assert counted.asked == [{"id": 1}]


def test_what_is_asked_for_again_and_again_stays(counted: Counted) -> None:
    read, step = counted.reader(), ROOM_BYTES // 8
    read.known_by(_sized("first", step), {"id": "first"}, "x", [], "a")

    for number in range(40):
        read.known_by(_sized(f"n{number}", step), {"id": number}, "x", [], "a")
        read.known_by(_sized("first", step), {"id": "first"}, "x", [], "a")

    assert [item for item in counted.asked if as_mapping(item)["id"] == "first"] == [{"id": "first"}]


# --- the moment ------------------------------------------------------------------------------------------------------


def _planned(counted: Counted) -> Callable[[datetime], str]:
    @remembered
    def read(item: dict[str, object], _where: str, _problems: list[Problem], now: Now) -> str:
        counted.asked.append(item)
        begins = NOON + HOUR
        return "under way" if now.has_come(begins) else "ahead"

    return lambda at: read(_part({"id": 1}), "x", [], Now(at))


def test_a_result_holds_until_the_moment_comes_that_was_asked_for(counted: Counted) -> None:
    told = _planned(counted)

    assert [told(NOON), told(NOON + HOUR / 2), told(NOON + HOUR), told(NOON + 9 * HOUR)] == [
        "ahead", "ahead", "under way", "under way",
    ]  # fmt: skip
    assert len(counted.asked) == 2


def test_a_document_of_an_earlier_moment_is_read_for_its_own(counted: Counted) -> None:
    told = _planned(counted)

    assert [told(NOON + 9 * HOUR), told(NOON)] == ["under way", "ahead"]


def test_an_unchanged_list_is_read_again_when_a_moment_has_come_for_an_item_that_was_known() -> None:
    @remembered
    def read(item: dict[str, object], _where: str, _problems: list[Problem], now: Now) -> bool:
        return now.has_come(NOON + HOUR)

    item, longer = _part([{"id": 1}]), _part([{"id": 1}, {"id": 2}])
    read.each(item, "x", [], Now(NOON))

    assert read.each(longer, "x", [], Now(NOON)).found == (False, False)
    assert read.each(longer, "x", [], Now(NOON + HOUR)).found == (True, True)


def test_a_result_made_of_known_ones_holds_no_longer_than_they_do() -> None:
    @remembered
    def inner(_item: object, _where: str, _problems: list[Problem], now: Now) -> bool:
        return now.has_come(NOON + HOUR)

    @remembered_in_parts
    def outer(fields: dict[str, object], where: str, problems: list[Problem], now: Now) -> bool:
        return inner(fields["plan"], where, problems, now)

    plan = {"plan": {"id": 1}}
    outer(_part(plan), "x", [], Now(NOON))

    assert outer(_part({**plan, "text": "new"}), "x", [], Now(NOON)) is False
    assert outer(_part({**plan, "text": "new"}), "x", [], Now(NOON + HOUR)) is True


@pytest.mark.parametrize(
    ("at", "has_come", "comes_within_an_hour", "is_before", "is_an_hour_ago"),
    [
        (NOON - 2 * HOUR, True, True, False, True),
        (NOON - HOUR, True, True, False, False),
        (NOON, True, True, False, False),
        (NOON + timedelta(microseconds=1), False, True, True, False),
        (NOON + HOUR, False, True, True, False),
        (NOON + HOUR + timedelta(microseconds=1), False, False, True, False),
    ],
)
def test_now_answers_to_the_microsecond(
    at: datetime, has_come: bool, comes_within_an_hour: bool, is_before: bool, is_an_hour_ago: bool
) -> None:
    now = Now(NOON)

    assert now.has_come(at) is has_come
    assert now.has_come(at, HOUR) is comes_within_an_hour
    assert now.is_before(at) is is_before
    assert now.is_since(at, HOUR) is is_an_hour_ago


def test_now_is_equal_to_nothing_but_a_moment() -> None:
    assert Now(NOON) != NOON
    assert Now(NOON) == Now(NOON + HOUR), "nothing was asked yet"


# --- the same object -------------------------------------------------------------------------------------------------


class Thing:
    """Something that nothing but its identity tells apart."""


def test_the_very_same_object_is_known_again() -> None:
    made: list[object] = []

    @known_again
    def make(thing: Thing, word: str) -> tuple[Thing, str]:
        made.append(thing)
        return thing, word

    one, other = Thing(), Thing()

    assert make(one, "a") is make(one, "a")
    assert make(other, "a") == (other, "a")
    assert make(one, "b") == (one, "b")
    assert made == [one, other, one]

    make.cache_clear()
    make(one, "b")
    assert made == [one, other, one, one]


def test_an_object_in_the_place_of_one_that_is_gone_is_another() -> None:
    @known_again
    def make(thing: list[int]) -> int:
        return thing[0]

    assert [make([number]) for number in range(1_000)] == list(range(1_000))
