"""What a stranger may send, at the place where a user would meet it: one test for each kind of bad input.

What a single layer does with it has its tests beside that layer: `net/test_inflate.py` and `net/test_fetch.py` (bombs,
truncation, slowness, redirects, TLS, DNS), `platforms/test_reading.py` (encodings, nesting, NaN, DTDs, surrogates),
`web/test_hooks.py` (hooks over their whole path), `platforms/test_limits.py` (time and memory).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from statuswire import config, lookup
from statuswire.config import layers
from statuswire.engine import ingest
from statuswire.errors import ConfigError, FetchError
from statuswire.model import Document, Incident, Page, PageFacts, Snapshot, Source
from statuswire.net import urls
from statuswire.options import LookOptions
from statuswire.platforms import PLATFORMS
from statuswire.store import Store, open_store, queries
from tests.fake_provider import ThreadedProvider, redirect

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BAD_URL = "http://["
"""An address that Python's own reader refuses with a bare ValueError."""

SUMMARY = json.loads((Path(__file__).parent / "platforms" / "statuspage" / "summary.json").read_bytes())


@pytest.fixture
def store() -> Iterator[Store]:
    made = open_store("sqlite://")
    yield made
    made.close()


def polled(body: object, **around: object) -> Document:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replace(Document(content, NOW, "https://status.acme-relay.example/api/v2/summary.json"), **around)


def add_page(store: Store, url: str = "https://status.acme-relay.example") -> Page:
    return store.write(
        lambda tx: queries.upsert_page(tx, slug="acme", name="acme", url=url, platform="statuspage", origin="config")
    )


def recorded(store: Store, snapshot: Snapshot, at: datetime = NOW) -> ingest.Recorded:
    """The Snapshot recorded for the page as it is now."""
    document = Document(b"", at)

    def work(tx: object) -> ingest.Recorded:
        page = queries.page_by_slug(tx, "acme")
        return ingest.record(tx, page, snapshot, document=document, source=Source.POLL, now=at)

    return store.write(work)


def detected(provider: ThreadedProvider) -> dict[str, object]:
    out = io.StringIO()
    lookup.detect(LookOptions(what=(provider.url(),), json=True, allow_private=True), out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


# --- addresses that are none -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [BAD_URL, "https://[::1", "https://h]/", "https://a:b/", "", "status"])
@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_platform_names_no_feeds_of_a_page_without_an_address(platform: str, url: str) -> None:
    feeds = PLATFORMS[platform].feeds(url, None)

    assert all(isinstance(feed.url, str) for feed in feeds)


@pytest.mark.parametrize("location", [BAD_URL, "//h[::1]@/a", "https://[::1", "http://a:99999", "https://h]"])
def test_a_redirect_to_a_broken_address_is_refused(location: str) -> None:
    with pytest.raises(FetchError):
        urls.next_hop(urls.parse_url("https://status.acme-relay.example/"), location, status=301)


@pytest.mark.parametrize("location", [BAD_URL, "//h[::1]@/a", "https://[::1"])
def test_detection_survives_a_redirect_to_a_broken_address(location: str) -> None:
    with ThreadedProvider() as provider:
        provider.script("/", redirect(location, 301))

        told = detected(provider)

    assert told["platform"] is None


def test_detection_survives_a_page_that_announces_a_feed_at_a_broken_address() -> None:
    page = f'<html><head><link rel="alternate" type="application/atom+xml" href="{BAD_URL}"></head></html>'
    with ThreadedProvider() as provider:
        provider.serve("/", page.encode(), content_type="text/html")

        told = detected(provider)

    assert told["platform"] is None


def test_detection_survives_a_document_that_gives_its_page_a_broken_address() -> None:
    body = {**SUMMARY, "page": {**SUMMARY["page"], "url": BAD_URL}}
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", json.dumps(body).encode())

        told = detected(provider)

    assert told["platform"] == "statuspage"


def test_a_page_that_learnt_a_broken_address_from_a_hook_goes_on(store: Store) -> None:
    add_page(store, url="")
    snapshot = Snapshot("statuspage", PageFacts(name="Acme", url=BAD_URL), incidents=(Incident("i", "Slow API"),))

    recorded(store, snapshot)
    again = recorded(store, snapshot, NOW + timedelta(minutes=1))

    assert not again.events


# --- a configuration that is none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "!!timestamp", "database: !!int ''", "server: {port: !!float ''}", "hooks: !!bool perhaps", "pages: !!timestamp x",
        "database: 2026-13-01", "pages: &a [*a]", "[" * 3000, "? [a]\n: b", "<<: 3", "server: {port: .nan}", "a: \x00",
        f"pages: ['{BAD_URL}']", f"pages: [{{feed: '{BAD_URL}'}}]", "pages: ['https://a:b']",
    ],
)  # fmt: skip
def test_a_configuration_that_means_nothing_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^statuswire\.yaml"):
        config.validate(layers.parse(text, "statuswire.yaml"), {})
