"""The history: lists by filter, pages of them, the state at a moment, and filters that are kept."""

from __future__ import annotations

import lxml.html
import pytest

from statuswire.model import AccountRole
from statuswire.store import queries
from statuswire.web.face import history
from tests.web.face.house import House, open_house, text

OPERATOR, VIEWER = AccountRole.OPERATOR, AccountRole.VIEWER


def titles(tree: object) -> list[str]:
    found = tree.xpath("//ol[contains(@class, 'rows')]//h3")  # type: ignore[attr-defined]
    return [" ".join(one.text_content().split()) for one in found]


def test_events_are_told_by_day_the_newest_first(house: House) -> None:
    tree = house.look("/history")

    assert tree.xpath("//h2[@class='day']/text()") == ["2026-05-04"]
    assert len(titles(tree)) == 44
    assert tree.xpath("//a[@rel='next']") == []


def test_a_filter_says_what_is_shown_and_stays_in_the_form(house: House) -> None:
    tree = house.look("/history?page=acme&type=component.*&impact=")

    assert titles(tree) == ["Acme Relay API"] * 4
    assert tree.xpath("//input[@name='page']/@value") == ["acme"]
    assert tree.xpath("//select[@name='type']/option[@selected]/text()") == ["component.*"]


def test_only_the_providers_words_are_quoted(house: House) -> None:
    quoted = house.look("/history?page=acme&type=component.*").xpath("//main//blockquote")
    said = text(house.look("/history?page=acme&type=component.*"), "//p[@class='facts']")

    assert quoted == []
    assert "from operational to degraded" in said
    assert house.look("/history?page=acme&type=incident.*").xpath("//main//blockquote")


def test_each_row_is_one_step_of_the_keyboard(house: House) -> None:
    for path in ("/history", "/history?what=incidents", "/maintenance", "/history?at=2026-05-04T09:30"):
        rows = house.look(path).xpath("//main//li[starts-with(@class, 'row')]")

        assert {len(row.xpath(".//a[contains(@class, 'go')]")) for row in rows} == {1}, path


def test_older_and_newer_events_are_a_link_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SHOWN", 20)
    first = house.look("/history?page=acme,brook")
    (older,) = first.xpath("//a[@rel='next']/@href")
    second = house.look(older)
    (newer,) = second.xpath("//a[@rel='prev']/@href")

    assert titles(house.look(newer)) == titles(first)
    (oldest,) = second.xpath("//a[@rel='next']/@href")
    assert [len(titles(one)) for one in (first, second, house.look(oldest))] == [20, 20, 4]
    assert "page=acme" in older


def test_incidents_can_be_listed_instead(house: House) -> None:
    tree = house.look("/history?what=incidents&phase=resolved&page=acme")

    assert titles(tree) == ["Acme Relay Old", "Acme Relay By address"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_shown(house: House) -> None:
    tree = house.look("/history?impact=%3E%3Dbad&since=yesterday&at=2099-01-01")

    assert "no level is called so" in text(tree, "//*[@id='impact-fault']")
    assert "neither a day nor a moment" in text(tree, "//*[@id='since-fault']")
    assert text(tree, "//*[@id='at-fault']") == "Lies in the future."
    assert titles(tree) == []


def test_an_empty_list_says_how_to_go_on(house: House) -> None:
    assert "Nothing like that happened. Clear the filter" in text(house.look("/history?page=nowhere"))


def test_the_state_at_a_moment_is_what_was_known_then(house: House) -> None:
    tree = house.look("/history?at=2020-01-01T10:00")

    assert "As it was known at 2020-01-01 10:00 UTC" in text(tree)
    assert {" ".join(one.split()) for one in tree.xpath("//span[contains(@class, 'state')]/text()")} == {
        "Not watched yet"
    }


def test_in_public_mode_nobody_is_shown_how_our_reading_goes() -> None:
    house = open_house(is_public=True)

    assert "feed.failing" in text(house.look("/history"))
    assert "feed." not in text(house.look("/history", None), "//*[@id='days']")
    assert "Nothing like that happened" in text(house.look("/history?type=feed.*", None))
    house.site.store.close()


# --- filters that are kept ---------------------------------------------------------------------------------------


def test_operators_keep_a_filter_under_a_name_with_its_feeds(house: House) -> None:
    reply = house.post("/history/filters", {"name": "acme-major", "page": "acme", "impact": ">=major"})

    assert (reply.status, reply.headers["location"]) == (
        303,
        "/history?page=acme&impact=%3E%3Dmajor&said=filter-saved",
    )
    tree = house.look(reply.headers["location"])
    assert "The filter is saved" in text(tree, "//*[@role='status'][@class='told']")
    assert tree.xpath("//ul[@class='kept']//a/@href") == [
        "/history?page=acme&impact=%3E%3Dmajor",
        "/feeds/acme-major.atom",
        "/feeds/acme-major.json",
    ]
    (change,) = house.changes()
    assert (change.actor, change.action, change.subject) == (
        "operator of the house",
        "filter.save",
        "filter/acme-major",
    )


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Not a name", "Needs small letters, digits and `-`, such as payments-major."),
        ("all", "Is the name of another feed."),
        ("acme", "Is the name of another feed."),
    ],
)
def test_a_name_that_cannot_be_is_refused_beside_it(house: House, name: str, fault: str) -> None:
    reply = house.post("/history/filters", {"name": name, "page": "acme"})

    assert reply.status == 400
    assert text(lxml.html.fromstring(reply.body.decode()), "//*[@id='name-fault']") == fault
    assert house.site.store.read(queries.saved_filters) == []
    assert house.changes() == []


def test_a_filter_that_means_everything_is_not_kept(house: House) -> None:
    assert house.post("/history/filters", {"name": "whole"}).status == 400


def test_a_kept_filter_is_forgotten_on_request(house: House) -> None:
    house.post("/history/filters", {"name": "acme-major", "page": "acme"})

    assert "said=filter-dropped" in house.post("/history/filters/acme-major/drop").headers["location"]
    assert "said=gone" in house.post("/history/filters/acme-major/drop").headers["location"]
    assert house.site.store.read(queries.saved_filters) == []


def test_viewers_see_filters_and_cannot_change_them(house: House) -> None:
    house.post("/history/filters", {"name": "acme-major", "page": "acme"})

    assert house.look("/history?page=acme").xpath("//main//form[@method='post']") == []
    assert house.post("/history/filters", {"name": "x", "page": "acme"}, role=VIEWER).status == 403


def test_u3_a_form_without_its_token_changes_nothing(house: House) -> None:
    assert house.post("/history/filters", {"name": "x", "page": "acme"}, csrf="").status == 403
    assert house.site.store.read(queries.saved_filters) == []


def test_no_link_can_make_the_page_say_something(house: House) -> None:
    assert 'class="told"' not in house.get("/history?said=Your+account+is+locked").body.decode()
