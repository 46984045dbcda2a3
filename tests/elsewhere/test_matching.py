"""What becomes of an entry of another tool, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.config import PageConfig
from statuswire.elsewhere.listed import Listed, Outcome, Taken
from statuswire.elsewhere.matching import take


def one(listed: Listed, watched: dict[str, str] | None = None) -> Taken:
    return take([listed], watched or {})[0]


@pytest.mark.parametrize(
    ("listed", "slug"),
    [
        (Listed("x", "https://status.openai.com"), "openai"),
        (Listed("x", "https://status.openai.com/api/v2/summary.json"), "openai"),
        (Listed("x", "https://www.githubstatus.com/history.rss", is_page=False), "github"),
        (Listed("x", "https://githubstatus.com"), "github"),
        (Listed("x", "https://status.github.com"), "github"),
        (Listed("x", "https://api.stripe.com/healthcheck", is_page=False, is_check=True), "stripe"),
        (Listed("x", "status.openai.com"), "openai"),
        (Listed("Stripe"), "stripe"),
        (Listed("Our payments", slug="stripe"), "stripe"),
    ],
)
def test_an_entry_is_found_in_the_catalog(listed: Listed, slug: str) -> None:
    found = one(listed)

    assert (found.outcome, found.page) == (Outcome.CATALOG, {"slug": slug})


@pytest.mark.parametrize(
    ("listed", "page"),
    [
        (
            Listed("Shop", "https://status.shop.example/api/v2/summary.json"),
            {"slug": "shop-example", "name": "Shop", "url": "https://status.shop.example"},
        ),
        (
            Listed("", "https://payline.statuspage.io/api/v2/summary.json", is_page=False),
            {"slug": "payline-statuspage-io", "url": "https://payline.statuspage.io"},
        ),
        (
            Listed("Shop", "https://status.shop.example/history.atom", is_page=False),
            {"slug": "shop-example", "name": "Shop", "url": "https://status.shop.example"},
        ),
        (
            Listed("Shop", "https://status.shop.example/feeds/all.rss", is_page=False),
            {"slug": "shop-example", "name": "Shop", "feed": "https://status.shop.example/feeds/all.rss"},
        ),
        (
            Listed("", "https://shop.example/health?token=CANARY#x"),
            {"slug": "shop-example-health", "url": "https://shop.example/health"},
        ),
    ],
)
def test_a_page_that_nobody_knows_is_taken_by_its_address(listed: Listed, page: dict[str, object]) -> None:
    found = one(listed)

    assert (found.outcome, found.page) == (Outcome.ADDRESS, page)
    assert PageConfig.model_validate(found.page).target().slug == page["slug"]


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (Listed("Ours", "https://shop.example/health", is_page=False), "is no status page"),
        (Listed("Their blog", "https://stripe.com/blog/feed.rss", is_page=False), "is no status page"),
        (Listed("Ours", "https://10.0.0.7:3001/status"), "private network"),
        (Listed("Ours", "http://kuma.internal/status/x"), "private network"),
        (Listed("Ours", "https://me:CANARY@status.shop.example"), "user name or password"),
        (Listed("Ours", "ftp://CANARY.example"), "is not an address"),
        (Listed("Ours", "https://[CANARY"), "is not an address"),
        (Listed("Something nobody has"), "nothing in the catalog"),
        (Listed("", ""), "has no address"),
        (Listed("Ping", reason="is a check of the type ping"), "type ping"),
    ],
)
def test_the_rest_is_left_out_with_the_reason_and_no_secret(listed: Listed, why: str) -> None:
    found = one(listed)

    assert found.outcome is Outcome.LEFT_OUT and found.page == {}
    assert why in found.why and "CANARY" not in found.why


def test_what_is_watched_or_listed_twice_is_taken_once() -> None:
    some = [Listed("a", "https://status.openai.com"), Listed("b", "https://status.shop.example"), Listed("OpenAI")]

    found = take([*some, some[1]], {"openai": "https://status.openai.com", "mine": "https://status.shop.example"})

    assert [one.outcome for one in found] == [Outcome.WATCHED] * 4
    assert found[1].why == "is watched as mine"


def test_what_is_listed_twice_is_not_said_to_be_watched() -> None:
    found = take([Listed("GitHub"), Listed("Code", "https://www.githubstatus.com")], {"openai": ""})

    assert [one.why for one in found] == ["by its name", "is listed twice, as github"]


def test_two_pages_of_one_slug_get_two() -> None:
    found = take([Listed("", "https://status.shop.example"), Listed("", "https://shop.example")], {})

    assert [one.page["slug"] for one in found] == ["shop-example", "shop-example-2"]


@given(st.lists(st.builds(Listed, st.text(max_size=20), st.text(max_size=40), st.text(max_size=10), st.booleans())))
def test_any_entry_becomes_a_good_page_or_none(listed: list[Listed]) -> None:
    for found in take(listed, {}):
        assert bool(found.page) is (found.outcome in (Outcome.CATALOG, Outcome.ADDRESS))
        if found.page:
            assert PageConfig.model_validate(found.page).target().slug == found.page["slug"]
