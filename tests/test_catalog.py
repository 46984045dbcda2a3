"""The catalog, and what a user may mean by a word or an address."""

from __future__ import annotations

import re

import pytest

from statuswire import catalog
from statuswire.catalog import Target
from statuswire.errors import ConfigError
from statuswire.platforms import PLATFORMS


def test_rows_are_sorted_and_complete() -> None:
    slugs = [one.slug for one in catalog.providers()]

    assert slugs == sorted(slugs)
    assert len(slugs) >= 1_600
    for one in catalog.providers():
        assert re.fullmatch(r"[a-z0-9-]+", one.slug)
        assert one.name and one.category and one.lists > 0
        assert one.page_url.startswith("https://") and not one.page_url.endswith("/")
        assert not one.feed_url or one.feed_url.startswith("https://")


def test_no_slug_or_alias_means_two_providers() -> None:
    words = [word for one in catalog.providers() for word in (one.slug, *one.aliases)]

    assert len(words) == len(set(words))


def test_the_best_known_pages_are_there() -> None:
    openai, github, aws = (catalog.find(slug) for slug in ("openai", "github", "aws"))

    assert openai is not None and openai.page_url == "https://status.openai.com"
    assert openai.platform == "incidentio"
    assert github is not None and github.platform == "statuspage"
    assert aws is not None and (aws.platform, aws.feed_url) == ("aws", "")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("openai", "openai"),
        ("OpenAI", "openai"),
        ("chatgpt", "openai"),
        ("opnai", "openai"),
        ("githib", "github"),
        ("clodflare", "cloudflare"),
        ("digital", "digitalocean"),
        ("pypi", "python"),
        ("status.stripe.com", "stripe"),
        ("githubstatus.com", "github"),
    ],
)
def test_search_finds_names_aliases_beginnings_and_typos(query: str, first: str) -> None:
    assert catalog.search(query)[0].slug == first


def test_every_platform_of_a_row_can_be_read() -> None:
    unread = {one.platform for one in catalog.providers() if one.platform} - set(PLATFORMS)

    assert not unread


def test_a_platform_told_by_weak_evidence_is_only_a_hint() -> None:
    weak = next(one for one in catalog.providers() if one.is_weak and one.platform)

    assert (catalog.target_of(weak).platform, catalog.target_of(weak).hint) == (None, weak.platform)


def test_search_by_category_and_for_nothing() -> None:
    assert "stripe" in [one.slug for one in catalog.search("payments")]
    assert catalog.search("qqqqqqqq") == ()
    assert len(catalog.search("", limit=5)) == 5


def test_a_slug_or_alias_is_a_page_of_the_catalog() -> None:
    target = catalog.resolve("github")

    assert target == Target("github", "GitHub", "https://www.githubstatus.com", "statuspage")
    assert catalog.resolve(" GitHub ") == target


def test_an_address_of_a_known_page_is_that_page() -> None:
    assert catalog.resolve("https://www.githubstatus.com/").slug == "github"
    assert catalog.resolve("githubstatus.com").slug == "github"


def test_a_feed_of_a_known_page_is_read_as_that_page() -> None:
    target = catalog.resolve("https://www.githubstatus.com/history.rss")

    assert (target.slug, target.platform) == ("github", "statuspage")
    assert target.feed_url == "https://www.githubstatus.com/history.rss"


def test_a_known_page_that_is_read_by_its_feed_keeps_it() -> None:
    assert catalog.resolve("n-able").feed_url == "https://status.n-able.com/feed/"


@pytest.mark.parametrize(
    ("what", "slug", "url", "feed_url"),
    [
        ("https://status.example.com", "example-com", "https://status.example.com", None),
        ("status.example.com", "example-com", "https://status.example.com", None),
        (
            "https://status.example.com/history.rss",
            "example-com",
            "https://status.example.com",
            "https://status.example.com/history.rss",
        ),
        (
            "http://127.0.0.1:9999/feed",
            "127-0-0-1-9999",
            "http://127.0.0.1:9999",
            "http://127.0.0.1:9999/feed",
        ),
        ("https://example.com/status/eu", "example-com-status-eu", "https://example.com/status/eu", None),
        ("localhost:8080", "localhost-8080", "http://localhost:8080", None),
        (
            "https://status.example.com/api/v2/summary.json",
            "example-com",
            "https://status.example.com",
            "https://status.example.com/api/v2/summary.json",
        ),
    ],
)
def test_unknown_addresses_are_pages_or_feeds_by_their_spelling(
    what: str, slug: str, url: str, feed_url: str | None
) -> None:
    target = catalog.resolve(what)

    assert (target.slug, target.url, target.feed_url) == (slug, url, feed_url)
    assert not target.is_named
    assert target.platform is None


def test_an_unknown_word_answers_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"`opnai` is not in the catalog; nearest: openai"):
        catalog.resolve("opnai")


def test_a_word_like_nothing_says_what_else_may_be_given() -> None:
    with pytest.raises(ConfigError, match=r"`qqqqqqqq` is not in the catalog \(or give the address"):
        catalog.resolve("qqqqqqqq")


@pytest.mark.parametrize(
    "what", ["ftp://example.com", "https://", "http://[::1", "http://h:99999/", "file:///etc/passwd", "a/b\x00"]
)
def test_other_addresses_are_refused(what: str) -> None:
    with pytest.raises(ConfigError):
        catalog.resolve(what)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        catalog.resolve("https://user:s3cret@status.example.com")

    assert "s3cret" not in str(caught.value)
