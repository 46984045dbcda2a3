"""Hooks over the whole application: every path, every answer code."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.access.settings import AccessSettings
from statuswire.engine.arrivals import InboxLimits
from statuswire.errors import StoreError, StoreReason
from statuswire.signing import sign, sign_hex
from statuswire.store import Queue, Store
from statuswire.web.trust import HookSettings
from tests.web.parts import JSON, Reply, Site

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
BODY = b'{"event":"test","provider":"local"}'
INCIDENT_IO = b"""{"event_type":"public_incident.incident_created_v2","public_incident.incident_created_v2":
{"id":"01K0","name":"Slow API","incident_status":{"name":"Investigating"}}}"""

STATUSPAGE = {
    "incident": {
        "id": "local_test",
        "name": "Chat Completions API - Elevated Error Rates",
        "status": "investigating",
        "updated_at": "2025-11-03T14:32:00Z",
        "components": [{"name": "Chat Completions"}],
        "incident_updates": [{"body": "Degraded performance due to upstream issue"}],
    },
    "page": {"name": "OpenAI API"},
}
GENERIC = {
    "event_type": "test_event",
    "data": {"id": "test-123", "incident": {"name": "Test Incident", "status": {"label": "Investigating"}}},
}


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Site]:
    """One for all examples of a property."""
    made = Site()
    yield made
    made.store.close()


@pytest.fixture
def public() -> Iterator[Site]:
    """A server beyond loopback, with a secret for incident.io alone."""
    made = Site(HookSettings(secrets={"incident-io": (SECRET,)}, is_loopback=False))
    yield made
    made.store.close()


def signed(site: Site, body: bytes, message_id: str = "msg_1", **late: float) -> dict[str, str]:
    return JSON | sign(body, SECRET, message_id, site.clock.now() - timedelta(**late))


# --- what is taken -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "source", "platform"),
    [
        ("/webhook/statuspage", STATUSPAGE, "statuspage", "statuspage"),
        ("/webhook/incident-io", INCIDENT_IO, "incident-io", "incidentio"),
        ("/webhook/generic/test", GENERIC, "generic", "generic"),
        ("/webhook", BODY, "webhook", "statuswire"),
        ("/webhook", STATUSPAGE, "webhook", "statuswire"),
    ],
)
def test_every_path_keeps_its_bodies_and_says_so(site: Site, path: str, body: Any, source: str, platform: str) -> None:
    reply = site.post(path, body)

    (hook,) = site.hooks()
    assert (reply.status, reply.json["status"]) == (202, "accepted")
    assert reply.json["id"]
    assert (hook.source, hook.platform) == (source, platform)


def test_an_unknown_object_is_accepted_and_kept_unread(site: Site) -> None:
    assert site.post("/webhook", {"weather": "fine"}).status == 202

    site.read_hooks()

    assert site.get("/stats").json["hooks"]["inbox"] == {"waiting": 0, "read": 0, "quarantined": 1}


def test_a_secret_address_takes_any_body_for_its_page_beyond_loopback_too(public: Site) -> None:
    address = "/hooks/" + public.addresses.token("acme")

    assert public.post(address, STATUSPAGE).status == 202
    assert public.post(address, GENERIC).status == 202
    assert {hook.page_slug for hook in public.hooks()} == {"acme"}


def test_a_signed_body_is_taken_beyond_loopback(public: Site) -> None:
    assert public.post("/webhook/incident-io", INCIDENT_IO, signed(public, INCIDENT_IO)).status == 202


def test_a_hexadecimal_signature_is_taken_in_both_forms() -> None:
    site = Site(HookSettings(secrets={"webhook": ("plain",)}, is_loopback=False))
    value = sign_hex(BODY, "plain")

    assert site.post("/webhook", BODY, JSON | {"x-signature": value}).status == 202
    assert site.post("/webhook", BODY, JSON | {"x-signature": value.removeprefix("sha256=")}).status == 202
    site.store.close()


def test_the_test_path_plays_one_incident_from_beginning_to_end(site: Site) -> None:
    assert site.post("/test", b"", {}).status == 202

    site.read_hooks()

    (incident,) = site.get("/incidents").json["incidents"]
    assert [update["phase"] for update in incident["updates"]] == ["investigating", "resolved"]
    assert site.get("/status").json["status_label"] == "ACTIVE"


def test_w9_out_of_order_and_repeated_bodies_give_each_update_once(site: Site) -> None:
    def body(minute: int, count: int) -> dict[str, Any]:
        updates = [
            {"id": f"u{n}", "status": "investigating", "body": f"Step {n}.", "created_at": f"2026-05-04T09:0{n}:00Z"}
            for n in range(count)
        ]
        told = {"id": "i1", "name": "Slow", "status": "investigating", "updated_at": f"2026-05-04T09:0{minute}:00Z"}
        return {"page": {"id": "p", "name": "Acme"}, "incident": told | {"incident_updates": updates[::-1]}}

    for count in (2, 4, 1, 3, 4, 2):
        site.post("/webhook/statuspage", body(count, count))
    site.read_hooks()

    (incident,) = site.get("/incidents").json["incidents"]
    assert [update["text"] for update in incident["updates"]] == [f"Step {n}." for n in range(4)]


# --- repeats -----------------------------------------------------------------------------------------------------


def test_w4_a_message_id_seen_before_is_a_duplicate_and_changes_nothing(public: Site) -> None:
    first = public.post("/webhook/incident-io", INCIDENT_IO, signed(public, INCIDENT_IO))
    again = public.post("/webhook/incident-io", INCIDENT_IO, signed(public, INCIDENT_IO, minutes=1))

    assert (first.status, again.status, again.json) == (202, 200, {"status": "duplicate", "id": "msg_1"})
    assert len(public.hooks()) == 1


def test_w4_a_sender_cannot_claim_another_id_than_it_signed(public: Site) -> None:
    headers = signed(public, INCIDENT_IO) | {"svix-id": "msg_2"}

    assert public.post("/webhook/incident-io", INCIDENT_IO, headers).json["id"] == "msg_1"
    assert public.post("/webhook/incident-io", INCIDENT_IO, headers).json["status"] == "duplicate"


def test_ids_of_two_providers_or_two_pages_do_not_meet(site: Site) -> None:
    site.addresses.add("other")
    addresses = ["/hooks/" + site.addresses.token(slug) for slug in ("acme", "other")]
    paths = ["/webhook/generic/a", "/webhook/generic/b", *addresses]

    replies = [site.post(path, GENERIC, JSON | {"webhook-id": "1"}).status for path in paths]

    assert replies == [202] * 4


def test_an_id_of_absurd_length_is_kept_by_its_digest(site: Site) -> None:
    headers = JSON | {"webhook-id": "x" * 5000}

    assert site.post("/webhook", BODY, headers).status == 202
    assert site.post("/webhook", BODY, headers).status == 200
    assert len(site.hooks()[0].message_id) < 100


# --- what is refused ---------------------------------------------------------------------------------------------


def refused(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply.code) == (status, code)
    assert reply.json["detail"].endswith((".", "}."))


def test_malformed_json_and_other_json_are_400(site: Site) -> None:
    refused(site.post("/webhook/statuspage", b"{not json"), 400, "bad_json")
    refused(site.post("/webhook/statuspage", b"[]"), 400, "not_an_object")
    refused(site.post("/webhook/statuspage", b""), 400, "bad_json")


def test_w6_a_wrong_type_is_415(site: Site) -> None:
    refused(site.post("/webhook/statuspage", BODY, {"content-type": "text/plain"}), 415, "wrong_type")
    refused(site.post("/webhook/statuspage", BODY, {"content-type": "text/html"}), 415, "wrong_type")
    form = {"content-type": "application/x-www-form-urlencoded"}
    refused(site.post("/webhook/statuspage", BODY, form), 415, "wrong_type")


def test_w6_a_signed_body_of_a_loose_type_is_taken(public: Site) -> None:
    headers = signed(public, INCIDENT_IO) | {"content-type": "text/plain; charset=latin-9"}

    assert public.post("/webhook/incident-io", INCIDENT_IO, headers).status == 202


def test_w13_a_compressed_body_is_415(site: Site) -> None:
    refused(site.post("/webhook", BODY, JSON | {"content-encoding": "gzip"}), 415, "encoded_body")


def test_w7_a_body_over_the_limit_is_413_and_ends_the_connection(site: Site) -> None:
    reply = site.post("/webhook", b'{"a":"' + b"x" * 1024 * 1024 + b'"}')

    refused(reply, 413, "too_large")
    assert reply.headers["connection"] == "close"


def test_w7_a_lying_content_length_does_not_help(site: Site) -> None:
    big = b'{"a":"' + b"x" * 1024 * 1024 + b'"}'

    refused(site.post("/webhook", big, JSON | {"content-length": "10"}), 413, "too_large")
    refused(site.post("/webhook", BODY, JSON | {"content-length": str(10**9)}), 413, "too_large")


def test_w7_a_body_that_does_not_come_is_408() -> None:
    site = Site(HookSettings(body_deadline_s=0.01))
    half = [{"type": "http.request", "body": b'{"a"', "more_body": True}]

    reply = site.run(lambda: site.request("POST", "/webhook", headers=JSON, messages=half))

    refused(reply, 408, "slow_body")
    site.store.close()


def test_w1_missing_wrong_and_foreign_signatures_are_401_and_nothing_is_stored(public: Site) -> None:
    path = "/webhook/incident-io"
    forged = signed(public, INCIDENT_IO) | {"webhook-signature": "v1," + "A" * 44}

    refused(public.post(path, INCIDENT_IO), 401, "missing_signature")
    refused(public.post(path, INCIDENT_IO, forged), 401, "bad_signature")
    refused(public.post(path, INCIDENT_IO + b" ", signed(public, INCIDENT_IO)), 401, "bad_signature")
    assert public.hooks() == []
    assert public.metrics.hooks()["incident-io", "bad_signature"] == 2


@pytest.mark.parametrize("minutes", [-6, 6])
def test_w3_an_expired_or_future_signature_is_401(public: Site, minutes: int) -> None:
    headers = signed(public, INCIDENT_IO, minutes=minutes)

    refused(public.post("/webhook/incident-io", INCIDENT_IO, headers), 401, "expired_signature")


@pytest.mark.parametrize("value", ["v1", "\xff\xfe", "v1,é", ""])
def test_w2_malformed_signature_headers_are_401_and_never_500(public: Site, value: str) -> None:
    headers = signed(public, INCIDENT_IO) | {"webhook-signature": value}

    assert public.post("/webhook/incident-io", INCIDENT_IO, headers).status == 401


def test_w2_a_signed_body_that_is_no_json_is_400(public: Site) -> None:
    for body in (b"{", b"\xff"):
        content = base64.b64encode(body) if body == b"\xff" else body
        assert public.post("/webhook/incident-io", content, signed(public, content)).status == 400


def test_w11_a_forged_unsigned_body_beyond_loopback_is_401_with_advice(public: Site) -> None:
    reply = public.post("/webhook/statuspage", STATUSPAGE)

    refused(reply, 401, "untrusted")
    assert "hooks.secrets" in reply.json["detail"]
    assert "www-authenticate" in reply.headers
    refused(public.post("/test"), 401, "untrusted")


def test_an_unsigned_body_from_a_web_page_elsewhere_is_401(site: Site) -> None:
    headers = JSON | {"origin": "https://evil.example", "host": "127.0.0.1:8000"}

    refused(site.post("/webhook", BODY, headers), 401, "cross_site")
    refused(site.post("/test", b"", headers), 401, "cross_site")


def test_an_unknown_platform_is_404_and_names_the_known_ones(site: Site) -> None:
    reply = site.post("/webhook/nagios", BODY)

    refused(reply, 404, "unknown_address")
    assert {"statuspage", "incident-io", "generic"} <= set(reply.json["known"])


def test_w14_a_guessed_address_is_answered_as_any_unknown_one(site: Site) -> None:
    guess = site.post("/hooks/" + "a" * 32, BODY)

    assert (guess.status, guess.body) == (404, site.post("/hooks/x/y", BODY).body)
    assert guess.body == site.get("/nothing").body


def test_w14_guessing_on_and_on_is_429_but_a_believed_sender_still_gets_through(public: Site) -> None:
    codes = {public.post(f"/hooks/guess{n}", BODY).status for n in range(120)}

    assert codes == {404, 429}
    assert public.post("/hooks/again", BODY).headers["retry-after"]
    assert public.post("/hooks/" + public.addresses.token("acme"), STATUSPAGE).status == 202


PROXY = AccessSettings(proxies=(ip_network("127.0.0.1"),))


def test_w14_behind_a_trusted_proxy_whoever_guesses_is_held_back_and_nobody_else(public: Site) -> None:
    public.replace(access=PROXY)

    def guess(number: int, network: str) -> int:
        return public.post(f"/hooks/guess{number}", BODY, JSON | {"x-forwarded-for": network}).status

    assert {guess(number, "203.0.113.9") for number in range(120)} == {404, 429}
    assert guess(0, "203.0.113.10") == 404


@pytest.mark.parametrize("path", ["/webhook", "/webhook/statuspage", "/webhook/generic/acme", "/test"])
def test_U11_what_a_trusted_proxy_brings_needs_a_signature_or_a_secret_address(site: Site, path: str) -> None:
    told = JSON | {"x-forwarded-for": "203.0.113.9"}
    site.replace(access=PROXY)

    refused(site.post(path, STATUSPAGE, told), 401, "untrusted")
    assert site.post("/hooks/" + site.addresses.token("acme"), STATUSPAGE, told).status == 202
    assert site.post(path, STATUSPAGE, JSON | {"x-forwarded-for": "127.0.0.1"}).status == 202, "somebody here asked it"


def test_what_a_tunnel_brings_to_loopback_is_believed_and_remarked_upon_once(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    told = JSON | {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}

    for path in ("/webhook/generic/acme", "/webhook/generic/bolt", "/webhook/statuspage"):
        assert site.post(path, STATUSPAGE, told).status == 202
    site.post("/webhook/generic/acme", STATUSPAGE, JSON)

    remarks = [record.getMessage() for record in caplog.records if "tunnel" in record.getMessage()]
    assert len(remarks) == 2
    assert "path=/webhook/generic/{provider}:" in remarks[0]
    assert "path=/webhook/statuspage:" in remarks[1]
    assert all("auth.proxies" in remark for remark in remarks)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/webhook", "/webhook/statuspage", "/test"])
def test_other_methods_are_405_and_name_the_right_one(site: Site, method: str, path: str) -> None:
    reply = site.get(path, method)

    assert (reply.status, reply.headers["allow"]) == (405, "POST")


def test_w10_an_overloaded_inbox_is_503_with_a_time_to_come_back() -> None:
    site = Site(limits=InboxLimits(max_unread=1))
    site.post("/webhook", BODY)

    reply = site.post("/webhook", BODY)

    refused(reply, 503, "overloaded")
    assert int(reply.headers["retry-after"]) > 0
    site.store.close()


class BrokenStore:
    """Refuses every work."""

    def submit(self, work: Any, *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Any:
        raise StoreError(StoreReason.FULL, "no space left on device: /var/lib/statuswire.db")


def test_w15_a_store_that_fails_is_503_and_its_paths_are_not_told() -> None:
    site = Site(inbox_store=cast(Store, BrokenStore()))

    reply = site.post("/webhook", BODY)

    refused(reply, 503, "store_unavailable")
    assert "retry-after" in reply.headers
    assert b"/var/lib" not in reply.body
    site.store.close()


def test_w16_no_log_line_holds_a_secret_address_or_a_signature(public: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = public.addresses.token("acme")
    headers = signed(public, INCIDENT_IO)

    public.post(f"/hooks/{token}", STATUSPAGE)
    public.post(f"/hooks/{token[:-1]}", STATUSPAGE)
    public.post("/webhook/incident-io", INCIDENT_IO, headers)
    public.post("/webhook/incident-io", INCIDENT_IO + b" ", headers)
    public.read_hooks()

    assert "/hooks/{token}" in caplog.text
    assert token[:-1] not in caplog.text
    assert headers["webhook-signature"] not in caplog.text


def test_signatures_cookies_and_tokens_are_not_stored_with_a_body(public: Site) -> None:
    headers = signed(public, INCIDENT_IO) | {"cookie": "a=b", "authorization": "Bearer x", "user-agent": "sender/1"}

    public.post("/webhook/incident-io", INCIDENT_IO, headers)

    (hook,) = public.hooks()
    assert set(hook.headers) == {"content-type", "user-agent", "webhook-id"}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)
_paths = st.sampled_from(["/webhook", "/webhook/statuspage", "/webhook/incident-io", "/webhook/generic/x"])


@given(path=_paths, body=st.binary(max_size=200) | _json.map(lambda value: repr(value).encode()))
def test_whatever_arrives_is_answered_and_never_500(shared: Site, path: str, body: bytes) -> None:
    reply = shared.post(path, body)

    assert reply.status in {202, 400}


@given(path=_paths, value=st.dictionaries(st.text(max_size=12), _json, max_size=5))
def test_every_json_object_is_accepted_and_read_or_kept_aside(shared: Site, path: str, value: dict[str, Any]) -> None:
    reply = shared.post(path, value)
    shared.read_hooks()

    assert reply.status in {202, 400}
    assert shared.hooks() == []


def test_many_requests_at_once_are_all_kept(site: Site) -> None:
    async def main() -> list[Reply]:
        requests = [site.request("POST", "/webhook", BODY, JSON) for _ in range(300)]
        return await asyncio.gather(*requests)

    replies = asyncio.run(main())

    assert {reply.status for reply in replies} == {202}
    assert len(site.hooks()) == 300
