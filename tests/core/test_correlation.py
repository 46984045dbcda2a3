"""Which beginnings are one story: enough pages, soon after each other, with something in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.core.correlation import OPEN_FOR, CorrelationRule, Found, company, evidence, look
from statuswire.model import Clue, Correlation, Sighting, Where

START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
RULE = CorrelationRule()


def begun(page: str, minute: float, *names: str, key: str = "") -> Sighting:
    clues = tuple(Clue(name, Where.WORDS) for name in names)
    at = START + timedelta(minutes=minute)
    return Sighting(page, page.title(), key or f"{page}/incident/i", int(minute * 10) + 1, at, clues)


def looked(*sightings: Sighting, rule: CorrelationRule = RULE) -> list[Found]:
    """One after another, each with what the earlier ones left."""
    found: list[Found] = []
    recent: tuple[Sighting, ...] = ()
    known: dict[str, Correlation] = {}
    for one in sightings:
        newest_first = sorted(known.values(), key=lambda other: other.updated_at, reverse=True)
        found.append(look(rule, "ops", one, recent, newest_first))
        recent = found[-1].recent
        if (made := found[-1].correlation) is not None:
            known[made.id] = made
    return found


def test_the_third_page_within_ten_minutes_makes_them_one_story() -> None:
    found = looked(begun("a", 0, "AWS"), begun("b", 4, "AWS"), begun("c", 9, "AWS"))

    assert [one.correlation is not None for one in found] == [False, False, True]
    made = found[-1].correlation
    assert made is not None
    assert (made.pages, made.shared, found[-1].is_new) == (("a", "b", "c"), ("AWS",), True)


def test_two_stories_of_one_page_are_one_page() -> None:
    found = looked(begun("a", 0, "AWS"), begun("a", 1, "AWS", key="a/incident/2"), begun("b", 2, "AWS"))

    assert found[-1].correlation is None


def test_what_has_nothing_in_common_is_not_one_story() -> None:
    assert looked(begun("a", 0, "AWS"), begun("b", 1, "Azure"), begun("c", 2, "Fastly"))[-1].correlation is None


def test_what_lies_further_apart_is_not_one_story() -> None:
    assert looked(begun("a", 0, "AWS"), begun("b", 6, "AWS"), begun("c", 10, "AWS"))[-1].correlation is None


def test_the_clue_of_most_pages_counts_and_a_provider_before_a_place() -> None:
    found = looked(begun("a", 0, "London", "AWS"), begun("b", 1, "London", "AWS"), begun("c", 2, "London", "AWS"))

    made = found[-1].correlation
    assert made is not None
    assert made.shared == ("AWS", "London")


def test_later_pages_join_for_an_hour_after_the_last() -> None:
    three = (begun("a", 0, "AWS"), begun("b", 1, "AWS"), begun("c", 2, "AWS"))
    late = begun("d", 2 + OPEN_FOR / timedelta(minutes=1) - 1, "AWS")

    joined = looked(*three, late)[-1]
    assert joined.correlation is not None
    assert (joined.is_new, joined.correlation.pages[-1]) == (False, "d")
    assert looked(*three, begun("d", 63, "AWS"))[-1].correlation is None


def test_who_shares_nothing_does_not_join() -> None:
    three = (begun("a", 0, "AWS"), begun("b", 1, "AWS"), begun("c", 2, "AWS"))

    assert looked(*three, begun("d", 3, "Azure"))[-1].correlation is None


def test_the_number_of_pages_and_the_time_can_be_chosen() -> None:
    rule = CorrelationRule(pages=2, within=timedelta(minutes=1))

    assert looked(begun("a", 0, "AWS"), begun("b", 0.5, "AWS"), rule=rule)[-1].correlation is not None
    assert looked(begun("a", 0, "AWS"), begun("b", 1, "AWS"), rule=rule)[-1].correlation is None


def test_the_evidence_names_every_page_at_first_and_the_new_one_later() -> None:
    found = looked(begun("a", 0, "AWS"), begun("b", 1, "AWS"), begun("c", 5, "AWS"), begun("d", 9, "AWS"))

    first, later = found[2].correlation, found[3].correlation
    assert first is not None
    assert later is not None
    assert evidence(first, is_new=True) == (
        "3 pages within 5 min name AWS",
        "A names AWS in its words",
        "B names AWS in its words",
        "C names AWS in its words",
    )
    assert evidence(later, is_new=False) == ("4 pages within 9 min name AWS", "D names AWS in its words")
    assert company(later) == "told with 3 other pages"
