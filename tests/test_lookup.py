"""One look at pages: what serves them, what is wrong with them, and never a green page that was not read."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from statuswire import config, lookup
from statuswire.catalog import Target
from statuswire.config import layers
from statuswire.detection import MAX_READS
from statuswire.options import LookOptions
from tests.fake_provider import ThreadedProvider, redirect, reply

FIXTURES = Path(__file__).parent / "platforms"
STATUSPAGE = (FIXTURES / "statuspage" / "summary.json").read_bytes()
COMPAT = (FIXTURES / "incidentio" / "compat-summary-open.json").read_bytes()
NATIVE = (FIXTURES / "incidentio" / "native-summary.json").read_bytes()
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Acme status</title><link>https://a.example</link>
<item><title>Disk full</title><guid>1</guid><pubDate>Mon, 04 May 2020 10:00:00 GMT</pubDate>
<description>&lt;strong&gt;Resolved&lt;/strong&gt; - All is well.</description></item></channel></rss>"""


def detected(provider: ThreadedProvider, path: str = "", **changes: object) -> dict[str, object]:
    out = io.StringIO()
    options = LookOptions(what=(provider.url(path),), json=True, allow_private=True)
    lookup.detect(replace(options, **changes), out)
    told = json.loads(out.getvalue())
    assert isinstance(told, dict)
    return told


def status_of(provider: ThreadedProvider, path: str = "") -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    code = lookup.status(LookOptions(what=(provider.url(path),), json=True, allow_private=True), out)
    return code, json.loads(out.getvalue())


def test_statuspage_is_told_by_its_summary_and_its_components_are_listed() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/", b"<html><title>Acme</title></html>", content_type="text/html")
        provider.serve("/api/v2/summary.json", STATUSPAGE)

        told = detected(provider)

    assert told["platform"] == "statuspage"
    assert any("reads as Atlassian Statuspage" in one["finding"] for one in told["evidence"])  # type: ignore[attr-defined]
    assert told["components"]
    assert [feed["url"] for feed in told["feeds"] if feed["read"]] == [  # type: ignore[attr-defined]
        provider.url("/api/v2/summary.json")
    ]


def test_incident_io_is_told_by_its_native_document() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", COMPAT)
        provider.serve(f"/proxy/127.0.0.1:{provider.port}", NATIVE)

        told = detected(provider)

    assert told["platform"] == "incidentio"
    assert [feed["url"] for feed in told["feeds"] if feed["read"]] == [  # type: ignore[attr-defined]
        provider.url(f"/proxy/127.0.0.1:{provider.port}")
    ]


def test_a_feed_that_the_page_announces_is_found() -> None:
    html = b'<html><head><link rel="alternate" type="application/rss+xml" href="/news/status.xml"></head></html>'
    with ThreadedProvider() as provider:
        provider.serve("/", html, content_type="text/html")
        provider.serve("/news/status.xml", FEED, content_type="application/rss+xml")

        told = detected(provider)

    assert told["platform"] == "rss"
    assert told["status"] == "operational"


def test_the_address_of_a_feed_is_read_as_it_is() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/history.rss", FEED, content_type="application/rss+xml")

        told = detected(provider, "/history.rss")

    assert told["platform"] == "rss"
    assert len(provider.requests("/history.rss")) == 1


def test_a_host_that_answers_everything_with_html_is_not_recognised() -> None:
    html = b"<!doctype html><html><body>Welcome</body></html>"
    with ThreadedProvider() as provider:
        for path in ("/", "/api/v2/summary.json", "/history.atom", "/feed.json"):
            provider.serve(path, html, content_type="text/html")

        told = detected(provider)
        code = lookup.detect(LookOptions(what=(provider.url(),), allow_private=True), io.StringIO())

    assert told["platform"] is None
    assert told["status"] == "unknown"
    assert code == 3


def test_a_page_whose_documents_are_closed_is_told_by_itself_and_doubted() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/", (FIXTURES / "statuspage" / "page.html").read_bytes(), content_type="text/html")
        provider.script("/api/v2/summary.json", reply(403, b"no"))

        told = detected(provider)

    assert told["platform"] == "statuspage"
    assert any("only the page itself" in doubt for doubt in told["doubts"])  # type: ignore[attr-defined]


def test_detection_asks_a_bounded_number_of_times() -> None:
    with ThreadedProvider() as provider:
        detected(provider)

        assert len(provider.seen) <= MAX_READS + 1


def test_a_page_that_moved_is_followed_once_and_said_so() -> None:
    with ThreadedProvider() as new, ThreadedProvider() as old:
        new.serve("/api/v2/summary.json", STATUSPAGE)
        old.script("/", redirect(new.url("/", host="localhost"), 301))

        told = detected(old)

    assert told["platform"] == "statuspage"
    assert any("redirects to" in one["finding"] for one in told["evidence"])  # type: ignore[attr-defined]


def test_private_addresses_are_refused_unless_allowed() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)

        told = detected(provider, allow_private=False)

    assert told["platform"] is None
    assert told["doubts"]
    assert not provider.seen


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_cannot_be_read_is_unknown_and_never_fine(status: int) -> None:
    with ThreadedProvider() as provider:
        for path in ("/", "/api/v2/summary.json", "/history.rss"):
            provider.script(path, reply(status, b"no"))

        code, (told,) = status_of(provider)

    assert code == 3
    assert told["status"] == "unknown"
    assert told["doubts"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_in_trouble_is_left_alone_after_the_first_answer(status: int) -> None:
    with ThreadedProvider() as provider:
        provider.script("/", reply(status, b"no"))

        told = detected(provider)

    assert told["platform"] is None
    assert len(provider.seen) == 1


def test_the_exit_code_tells_the_worst() -> None:
    calm = STATUSPAGE
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", calm)
        code, (told,) = status_of(provider)

    assert told["status"] in {"degraded", "partial_outage", "major_outage"}
    assert code == {"degraded": 1}.get(str(told["status"]), 2)


def test_why_a_page_is_unknown_begins_with_the_host_alone_and_fits_a_narrow_terminal() -> None:
    out = io.StringIO()
    with ThreadedProvider() as provider:
        provider.script("/deep/down/below/history.rss", reply(500, b"no"))
        lookup.status(LookOptions(what=(provider.url("/deep/down/below/history.rss"),), allow_private=True), out)

    host = provider.url().removeprefix("http://").rstrip("/")
    assert f"  {host}: " in out.getvalue()


def test_people_are_told_state_evidence_feeds_components_and_doubts() -> None:
    out = io.StringIO()
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        lookup.detect(LookOptions(what=(provider.url(),), allow_private=True), out)

    shown = out.getvalue()
    for heading in ("Page: ", "Platform: Atlassian Statuspage", "State: ", "Evidence:", "Feeds:", "Components: "):
        assert heading in shown
    assert "Open incidents: " in shown
    assert "Doubts:" in shown


def test_a_known_platform_is_read_without_looking_at_the_page_first() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        target = Target("acme", "Acme", provider.url("").rstrip("/"), "statuspage", allow_private=True)

        (verdict,) = asyncio.run(
            lookup._each((target,), lookup.look, config.validate(layers.parse("pages: []", "test.yaml"), {}))
        )

    assert verdict.snapshots
    assert [request.path for request in provider.seen] == ["/api/v2/summary.json"]


# --- who asks, and with which keys ------------------------------------------------------------------------------------


def private_page(provider: ThreadedProvider, folder: Path) -> Path:
    """A configuration with a contact and one page that only a token opens."""
    file = folder / "statuswire.yaml"
    page = f"{{slug: acme, url: '{provider.url()}', platform: statuspage, allow_private: true, headers: {{X-Key: k7}}}}"
    file.write_text(f"poll: {{user_agent_contact: ops@acme.example}}\npages: [{page}]\n")
    return file


def test_a_look_says_who_asks_and_opens_the_configured_page(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        file = private_page(provider, tmp_path)
        lookup.status(LookOptions(config=file, json=True), io.StringIO())
        by_status = list(provider.seen)
        lookup.detect(LookOptions((provider.url(),), file, json=True, allow_private=True), io.StringIO())

    assert by_status and len(provider.seen) > len(by_status)
    assert {one.headers["user-agent"] for one in provider.seen} == {
        "statuswire (one look; ops@acme.example; +https://pypi.org/project/statuswire/)"
    }
    assert {one.headers.get("x-key") for one in provider.seen} == {"k7"}
