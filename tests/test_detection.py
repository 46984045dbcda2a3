"""Every platform is found from the address of a page alone, and no host that answers everything fools anybody."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from statuswire.catalog import Target
from statuswire.detection import MAX_READS, Detection
from statuswire.engine.clock import Clock
from statuswire.net.http import HttpClient
from statuswire.platforms import FALLBACKS, FEED_FORMATS, PLATFORMS, VENDORS
from statuswire.platforms.parsing import recognise
from statuswire.verdict import Verdict
from tests.fake_provider import ThreadedProvider, reply
from tests.platforms.golden import Case, cases, document_of

HTML = b"<!doctype html><html><head><title>Acme</title></head><body>Welcome</body></html>"
SPA = b"<!doctype html><html><head><title>Acme</title></head><body><div id=root></div></body></html>"


def found(provider: ThreadedProvider, path: str = "") -> Verdict:
    async def look() -> Verdict:
        target = Target("acme", "Acme", provider.url(path).rstrip("/"), allow_private=True, is_named=False)
        async with HttpClient(user_agent="test") as client:
            return await Detection(target, client, Clock()).find()

    return asyncio.run(look())


def probed() -> list[tuple[str, Case, str]]:
    """Platforms that are known by a small document, each with a golden one served at the probe's path."""
    pairs = []
    for name, platform in PLATFORMS.items():
        for case in cases() if name not in VENDORS else ():
            path = urlsplit(str(case.arrival.get("url", ""))).path
            probe = next((one for one in platform.probes if one.partition("?")[0] == path), None)
            is_its = case.platform == name and probe and case.arrival.get("kind", "poll") == "poll"
            if probe and is_its and recognise(document_of(case)) is platform:
                pairs.append((name, case, probe))
                break
    return pairs


PROBED = probed()


def test_most_platforms_with_a_probe_have_a_document_for_it() -> None:
    assert len(PROBED) >= 12, "the golden documents name the addresses where they are served"


@pytest.mark.parametrize(("name", "case", "probe"), PROBED, ids=[name for name, _, _ in PROBED])
def test_a_platform_is_found_by_its_small_document(name: str, case: Case, probe: str) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/", HTML, content_type="text/html")
        for path in (probe, probe.partition("?")[0]):
            provider.serve(path, document_of(case).body, content_type="application/json")
        verdict = found(provider)

    assert name in (verdict.platform, *(one.platform for one in verdict.snapshots)), verdict.evidence
    assert verdict.requests <= MAX_READS


@pytest.mark.parametrize("body", [HTML, SPA, b'{"status":"ok"}', b"{}", b"[]", b"null", b'{"error":"not found"}'])
def test_a_host_that_answers_everything_alike_is_nobody(body: bytes) -> None:
    kind = "text/html" if body.startswith(b"<") else "application/json"
    with ThreadedProvider() as provider:
        for path in {"/", *(probe for one in PLATFORMS.values() for probe in one.probes)}:
            provider.serve(path, body, content_type=kind)
        verdict = found(provider)

    assert verdict.platform is None
    assert any("nothing that we know" in doubt for doubt in verdict.doubts)


def test_a_host_with_a_challenge_is_left_alone_after_two() -> None:
    challenge = b"<html><head><title>Just a moment...</title></head></html>"
    with ThreadedProvider() as provider:
        for path in {"/", *(probe for one in PLATFORMS.values() for probe in one.probes)}:
            provider.serve(path, challenge, content_type="text/html")
        verdict = found(provider)

    assert verdict.platform is None
    assert len(provider.seen) == 2


def test_a_header_of_the_page_speaks_for_its_platform() -> None:
    case = next(one for one in cases() if one.name == "statuspage/summary")
    with ThreadedProvider() as provider:
        provider.script("/", reply(200, HTML, {"Content-Type": "text/html", "x-statuspage-version": "abc"}))
        provider.serve("/api/v2/summary.json", case.path.read_bytes())
        verdict = found(provider)

    assert verdict.platform == "statuspage"
    assert any("x-statuspage-version" in one.finding for one in verdict.evidence)
    assert [one.path for one in provider.seen] == ["/", "/api/v2/summary.json"], "two requests are enough"


def test_every_platform_of_ones_own_can_be_found_somehow() -> None:
    """But for the issues of a repository, which are a page only where somebody says so."""
    formats = {*FEED_FORMATS, *FALLBACKS, *VENDORS, "generic", "statuswire", "email", "githubissues"}
    silent = [
        name
        for name, one in PLATFORMS.items()
        if name not in formats and not (one.hosts or one.headers or one.marks or one.probes or one.parse_hook)
    ]

    assert not silent


def test_a_page_below_the_root_of_its_host_is_the_one_at_the_root() -> None:
    case = next(one for one in cases() if one.name == "statuspage/summary")
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", case.path.read_bytes())
        verdict = found(provider, "/old/status")

        assert verdict.platform == "statuspage"
        assert verdict.feeds[0].url == provider.url("/api/v2/summary.json")
