"""Whatever is posted to a hook: a stated answer and never 500, and what was acknowledged is read or set aside with a
reason that is the sender's fault and not a bug of ours. The pages that show it all go on being served."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statuswire.errors import ParseReason
from statuswire.model import DocumentKind
from tests.fuzz.mutations import json_mutants, values
from tests.platforms.golden import cases, document_of
from tests.web.parts import JSON, Reply, Site

GOLDEN = [json.loads(case.path.read_bytes()) for case in cases() if document_of(case).kind is DocumentKind.HOOK]
ANSWERS = {200, 202, 400, 401, 413, 415}
SHOWN = ("/", "/status", "/incidents?limit=1000", "/stats", "/health", "/metrics")
UNREADABLE = tuple(f"{reason.value}:" for reason in ParseReason)

bodies = st.sampled_from(GOLDEN).flatmap(json_mutants)
headers = st.dictionaries(
    st.sampled_from(("content-type", "webhook-id", "webhook-timestamp", "webhook-signature", "x-signature", "svix-id")),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    max_size=3,
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def paths(site: Site) -> st.SearchStrategy[str]:
    token = f"/hooks/{site.addresses.token('acme')}"
    return st.sampled_from(
        ("/webhook", "/webhook/statuspage", "/webhook/incident-io", "/webhook/generic/acme", "/webhook/generic", token)
    )


def post(site: Site, path: str, body: bytes, sent: dict[str, str], sender: int) -> Reply:
    """From a host of its own each time, for refusals are counted by host."""
    client = f"198.51.{sender % 251}.{sender % 241}"
    return site.run(lambda: site.request("POST", path, body, sent, client=client))


def bugs_met(site: Site) -> list[str]:
    """What was set aside, or is to be tried again, for another reason than that the body cannot be read."""
    reasons = site.store.read(lambda tx: tx.all("SELECT last_error FROM inbox WHERE last_error <> ''"))
    return [reason for (reason,) in reasons if not reason.startswith(UNREADABLE)]


@settings(max_examples=250)
@given(data=st.data(), body=bodies, sender=st.integers(0, 2**16))
def test_a_damaged_hook_is_answered_and_read_or_set_aside_with_a_reason(
    site: Site, data: st.DataObject, body: bytes, sender: int
) -> None:
    path = data.draw(paths(site))

    reply = post(site, path, body, JSON, sender)
    site.read_hooks()

    assert reply.status in ANSWERS, reply
    assert not bugs_met(site)


@settings(max_examples=80)
@given(data=st.data(), body=st.binary(max_size=60) | bodies, sent=headers, sender=st.integers(0, 2**16))
def test_whatever_headers_come_with_a_body_the_answer_is_a_stated_one(
    site: Site, data: st.DataObject, body: bytes, sent: dict[str, str], sender: int
) -> None:
    reply = post(site, data.draw(paths(site)), body, sent, sender)
    site.read_hooks()

    assert reply.status in ANSWERS, reply


@settings(max_examples=120)
@given(incident=values, page=values, sender=st.integers(0, 2**16))
@example(incident={"name": "a", "status": "resolved"}, page={"name": "a", "url": "http://["}, sender=1)
@example(incident={"name": "b", "status": "resolved"}, page={"name": "a", "url": "http://["}, sender=2)
@example(incident={"name": "\x00", "status": "\ud800", "id": 2**70}, page={"name": "\u202e"}, sender=3)
def test_anything_in_the_place_of_an_incident_or_a_page_does_no_harm(
    site: Site, incident: object, page: object, sender: int
) -> None:
    body = json.dumps({"incident": incident, "page": page}).encode()

    reply = post(site, "/webhook", body, JSON, sender)
    site.read_hooks()

    assert reply.status in ANSWERS, reply
    assert not bugs_met(site)


def test_what_damaged_hooks_left_behind_can_be_shown(site: Site) -> None:
    for number, body in enumerate(GOLDEN):
        post(site, "/webhook", json.dumps(body).encode(), JSON, number)
    hostile = {
        "incident": {"name": "<script>\x1b[2J\x00", "status": "x" * 5000},
        "page": {"url": "javascript:alert(1)"},
    }
    post(site, "/webhook", json.dumps(hostile).encode(), JSON, 0)
    site.read_hooks()

    shown = {target: site.get(target) for target in SHOWN}

    assert {target: reply.status for target, reply in shown.items()} == dict.fromkeys(SHOWN, 200)
    assert b"<script>" not in shown["/"].body


@settings(max_examples=60)
@given(st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_question_is_asked_the_answer_is_a_stated_one(site: Site, query: bytes) -> None:
    reply = site.get("/incidents?" + query.decode("latin-1").replace("?", ""))

    assert reply.status in (200, 400)
