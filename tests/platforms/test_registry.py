"""The registry: which platform a document is of, judged by content alone."""

from __future__ import annotations

import csv
import json
import lzma
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.cli import reading
from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, Impact, Phase, Status
from statuswire.platforms import FEED_FORMATS, HOOKED, PLATFORMS
from statuswire.platforms.parsing import parse, parse_hook, recognise
from statuswire.platforms.reading import fold_word
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_ORDER, IMPACT_WORDS, PHASE_WORDS, STATUS_IMPACT
from tests.each import each

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>y</title></item></channel></rss>'
ATOM = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>urn:x</id></feed>'


OPEN_DOORS = {"generic", "statuswire", *FEED_FORMATS}
"""Platforms that read the documents of others too, so that their fixtures may be claimed by those."""


def document(body: bytes, kind: DocumentKind = DocumentKind.POLL) -> Document:
    return Document(body, NOW, kind=kind)


def named(body: bytes) -> str | None:
    found = recognise(document(body))
    return found.name if found else None


def own_fixtures() -> list[Path]:
    paths = (path for path in FOLDER.glob("*/*") if path.suffix in (".json", ".xml", ".html"))
    return [path for path in sorted(paths) if not path.name.endswith(".expected.json")]


# --- recognising -----------------------------------------------------------------------------------------------


def test_every_platform_has_a_title() -> None:
    assert [name for name, platform in PLATFORMS.items() if not platform.title] == []


def test_no_golden_document_is_claimed_by_a_platform_of_another_shape() -> None:
    def rightly_claimed(path: Path) -> None:
        kind = json.loads(path.with_name(f"{path.stem}.expected.json").read_text()).get("kind", "poll")
        found = recognise(document(path.read_bytes(), DocumentKind(kind)))
        assert found is None or path.parent.name in OPEN_DOORS or found.name in {path.parent.name, *FEED_FORMATS}

    each(own_fixtures(), rightly_claimed)


@pytest.mark.parametrize(
    ("body", "platform"),
    [
        (b'{"page": {"id": "k3m9s8d1f2gh"}, "status": {"indicator": "none"}, "components": []}', "statuspage"),
        (b'{"page": {"id": "01J9ZK4T2Q8M3V7X5C1B6N0PRS"}, "components": []}', "incidentio"),
        (b'{"event": "status.heartbeat", "state": "operational"}', "statuswire"),
        (RSS, "rss"),
        (ATOM, "atom"),
        (ATOM.replace(b"<id>", b"<generator>incident.io</generator><id>"), "incidentio"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}', "jsonfeed"),
    ],
)  # fmt: skip
def test_the_content_names_the_platform(body: bytes, platform: str) -> None:
    assert named(body) == platform


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[]", b"<html></html>", b"\x1f\x8b", b"{", b'{"a": 1}'])
def test_what_is_nothing_of_ours_is_claimed_by_nobody(body: bytes) -> None:
    assert named(body) is None


@given(st.binary(max_size=300))
def test_recognising_never_fails(body: bytes) -> None:
    recognise(document(body))


# --- parsing ---------------------------------------------------------------------------------------------------


def test_a_document_is_read_by_the_platform_that_its_content_shows() -> None:
    body = (FOLDER / "incidentio" / "native-summary.json").read_bytes()

    assert parse(document(body)).platform == "incidentio"


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", ParseReason.EMPTY, "empty"),
        (b'{"alpha": 1, "beta": 2}', ParseReason.SHAPE, "alpha, beta"),
        (b"[1, 2]", ParseReason.SHAPE, "a list of 2"),
        (b"null", ParseReason.SHAPE, "null"),
        (b"<!DOCTYPE html><html><head><title>Shop</title></head></html>", ParseReason.HTML, "shop"),
        (b"<html><head><title>Just a moment...</title></head></html>", ParseReason.CHALLENGE, "challenge"),
    ],
)
def test_an_unknown_document_is_refused_with_what_it_looks_like(body: bytes, reason: ParseReason, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(document(body))

    assert caught.value.reason is reason
    assert words in str(caught.value).lower()


@pytest.mark.parametrize("wanted", FEED_FORMATS)
@pytest.mark.parametrize("body", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_whose_format_has_changed_is_read_all_the_same(body: bytes, wanted: str) -> None:
    assert parse(document(body), wanted).platform == wanted


def test_no_feed_at_all_is_refused_by_the_wanted_format() -> None:
    with pytest.raises(ParseError):
        parse(document(b"{}"), "rss")


def test_a_statuspage_that_has_become_incident_io_is_not_read_as_the_old_one() -> None:
    body = (FOLDER / "incidentio" / "compat-summary-calm.json").read_bytes()

    with pytest.raises(ParseError):
        parse(document(body), "statuspage")


def test_an_unknown_platform_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParseError, match="statuspage"):
        parse(document(b"{}"), "nobody")


def test_a_platform_without_webhooks_says_so() -> None:
    with pytest.raises(ParseError, match="no webhooks"):
        parse_hook(document(b"{}"), "rss")


def test_a_hook_that_nobody_claims_is_read_for_any_incident_in_it() -> None:
    body = b'{"outage": {"id": 1, "title": "Slow", "status": "open"}}'

    assert parse(document(body, DocumentKind.HOOK)).incidents[0].title == "Slow"


def test_a_hook_that_looks_like_the_document_of_a_platform_without_hooks_is_read_for_any_incident_in_it() -> None:
    body = b'{"regionName": "SCEE", "countries": [], "status": [], "incident": {"id": 1, "title": "Slow"}}'

    assert named(body) == "playstation"
    assert parse(document(body, DocumentKind.HOOK)).incidents[0].title == "Slow"
    with pytest.raises(ParseError, match="no webhooks"):
        parse(document(body, DocumentKind.HOOK), "playstation")


@pytest.mark.parametrize("platform", [None, "statuspage", "playstation", "generic"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"regionName": "SCEE", "countries": [], "status": [], "incident": {"id": 1, "title": "Slow"}}',
        b'{"outage": {"id": 1, "title": "Slow", "status": "open"}}',
        b'{"incident": {"id": "k3m9s8d1f2gh", "name": "Slow", "status": "investigating", "incident_updates": []}}',
        b"{}",
    ],
)
def test_the_command_reads_a_hook_as_parsing_does(body: bytes, platform: str | None) -> None:
    hook = document(body, DocumentKind.HOOK)

    try:
        expected = reading.encode(parse(hook, platform))
    except ParseError as error:
        with pytest.raises(ParseError, match=re.escape(str(error)[:60])):
            reading.snapshot_json(hook, platform)
    else:
        assert reading.snapshot_json(hook, platform) == expected


@given(st.sampled_from([*PLATFORMS, None]), st.sampled_from(list(DocumentKind)), st.binary(max_size=200))
def test_arbitrary_bytes_are_a_snapshot_or_a_parse_error(platform: str | None, kind: DocumentKind, body: bytes) -> None:
    try:
        parse(document(body, kind), platform)
    except ParseError:
        return


# --- words -----------------------------------------------------------------------------------------------------


def test_words_are_spelt_as_they_are_looked_up() -> None:
    for table in (COMPONENT_WORDS, PHASE_WORDS, IMPACT_WORDS):
        assert all(fold_word(word) == word for word in table)


def test_no_number_is_in_a_shared_table() -> None:
    for table in (COMPONENT_WORDS, PHASE_WORDS, IMPACT_WORDS):
        assert not any(word.isdecimal() for word in table)


def test_our_own_words_mean_themselves() -> None:
    assert all(COMPONENT_WORDS[fold_word(word)] is word for word in Status)
    assert all(PHASE_WORDS[fold_word(word)] is word for word in Phase)
    assert all(IMPACT_WORDS[fold_word(word)] is word for word in Impact)


def test_every_impact_has_its_place_in_the_order() -> None:
    assert sorted(IMPACT_ORDER) == sorted(Impact)
    assert set(STATUS_IMPACT.values()) <= set(Impact)


# --- captured documents ----------------------------------------------------------------------------------------

OURS = {
    "azure": {"azure", "azuredevops"},
    "gcp": {"google"},
}
"""Who may claim a document beside the feed formats, by the platform of the manifest: the one of its name, or these."""

RIGHTLY = {
    ("other/checkly-mistral/services-2026-09-17-trimmed.json", "checkly"),
    ("other/checkly-mistral/summary-2026-09-17-trimmed.json", "checkly"),
    ("other/checkly-mistral/uptime-2026-09-17-trimmed.json", "checkly"),
    ("other/hund-atom/feed.xml", "hund"),
    ("other/meraki-test-rss/history-2026-03.series.jsonl.xz", "statuspage"),
    ("other/statuscast-fastly/page-2023-03-good.html", "statuscast"),
    ("other/statuscast-fastly/page-2023-03-major.html", "statuscast"),
    ("other/uptimecom-2026/history-2026-09.json", "uptimecom"),
    ("other/uptimecom-2026/page-2026-09.json", "uptimecom"),
    ("other/zendesk-ssp/incidents.json", "zendesk"),
    ("weird/derived/jsonp-system-status.json", "apple"),
    ("weird/derived/latin1-bytes-declared-utf8.xml", "hund"),
    ("weird/derived/latin1-declared-correctly.xml", "hund"),
    ("weird/derived/utf8-bom-summary.json", "statuspage"),
    ("weird/derived/utf16le-bom-currentevents.json", "aws"),
}
"""Filed elsewhere, but what they are claimed as: a test feed of Statuspage's kind, a summary with a byte order mark."""


@pytest.mark.captures
def test_no_captured_document_is_claimed_by_the_wrong_platform(captures: Path) -> None:
    with (captures / "MANIFEST.csv").open(encoding="utf-8") as manifest:
        rows = [row for row in csv.DictReader(manifest) if "truth" not in row["kind"] and "embedded" not in row["kind"]]

    wrong = []
    for row in rows:
        found = recognise(document(_body(captures / row["path"])))
        if found is not None and found.name not in OURS.get(row["platform"], {row["platform"]}) | set(FEED_FORMATS):
            wrong.append((row["path"], found.name))

    assert set(wrong) <= RIGHTLY


def _body(path: Path) -> bytes:
    """The document, or the first one of a series."""
    if path.suffix != ".xz":
        return path.read_bytes()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        first = next(iter(lines))
    return json.loads(first).get("body", first).encode()


def test_the_platforms_with_webhooks_are_known_without_loading_them() -> None:
    assert {name for name, platform in PLATFORMS.items() if platform.parse_hook is not None} == HOOKED


def test_a_platform_has_the_name_of_its_module() -> None:
    assert all(platform.name == name for name, platform in PLATFORMS.items())
