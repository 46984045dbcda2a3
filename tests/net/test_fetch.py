"""One conditional GET: what comes out of every kind of answer."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.errors import FetchReason
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged, fetch
from statuswire.net.http import Limits
from tests.fake_provider import (
    FakeProvider,
    Script,
    bomb,
    chunked,
    encoded,
    endless,
    head,
    header_bomb,
    in_turn,
    raw,
    redirect,
    reply,
    reset,
    silent,
    slowly,
    stalled,
    truncated,
)
from tests.net.support import HASTY, NOW, USUAL, failure, get, make_client, on_a_loop, trusting

BODY = b'{"page": {"id": "w2x4y6z8b1c3"}, "status": {"indicator": "none"}}' * 20


@on_a_loop
async def test_a_body_becomes_a_document_with_lower_case_headers() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/summary.json", BODY, headers=[("X-Served-By", "a"), ("X-Served-By", "b")])

        outcome = await get(client, provider.url("/summary.json"))

    assert isinstance(outcome, Fetched)
    assert outcome.document.body == BODY
    assert outcome.document.received_at == NOW
    assert outcome.document.url == provider.url("/summary.json")
    assert outcome.document.content_type == "application/json"
    assert outcome.document.headers["x-served-by"] == "a, b"
    assert outcome.moved_to is None


@on_a_loop
async def test_N18_the_request_says_who_we_are_and_what_we_take() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/history.rss", BODY)

        await get(client, provider.url("/history.rss"), accept="application/rss+xml")

    sent = provider.seen[0].headers
    assert sent["user-agent"] == "statuswire-test (+ops@example.com)"
    assert sent["accept"] == "application/rss+xml"
    assert sent["accept-encoding"].startswith("gzip")
    assert "cookie" not in sent


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity"])
@on_a_loop
async def test_every_encoding_we_ask_for_is_undone(encoding: str) -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", BODY, encoding=encoding)

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.document.body == BODY


@on_a_loop
async def test_the_digest_is_of_the_bytes_as_sent() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", BODY, encoding="gzip")

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.wire_digest == hashlib.sha256(encoded(BODY, "gzip")).digest()


@on_a_loop
async def test_both_validators_are_sent_back_and_304_is_not_modified() -> None:
    changed = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", BODY, last_modified=changed, headers={"Cache-Control": "max-age=30"})
        first = await get(client, provider.url("/a"))
        assert isinstance(first, Fetched)

        second = await get(client, provider.url("/a"), etag=first.etag, last_modified=first.last_modified)

    assert provider.seen[1].headers["if-none-match"] == first.etag
    assert provider.seen[1].headers["if-modified-since"] == first.last_modified == "Mon, 04 May 2026 09:00:00 GMT"
    assert second == NotModified(timedelta(seconds=30), None, first.etag, first.last_modified)


@on_a_loop
async def test_a_304_without_validators_keeps_the_ones_we_sent() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(304, b"", {"Retry-After": "90"}))

        outcome = await get(client, provider.url("/a"), etag='W/"1"', last_modified="then")

    assert outcome == NotModified(None, timedelta(seconds=90), 'W/"1"', "then")


@on_a_loop
async def test_a_200_with_the_digest_we_know_is_unchanged_and_never_inflated() -> None:
    body = b"not gzip at all"
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(200, body, {"Content-Encoding": "gzip", "ETag": '"2"'}))

        outcome = await get(client, provider.url("/a"), wire_digest=hashlib.sha256(body).digest())

    assert outcome == Unchanged(None, None, '"2"', "")


@on_a_loop
async def test_N12_an_etag_that_stays_while_the_body_changes_is_seen_by_the_digest() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", in_turn(reply(200, b"1", {"ETag": '"x"'}), reply(200, b"2", {"ETag": '"x"'})))
        first = await get(client, provider.url("/a"))
        assert isinstance(first, Fetched)

        second = await get(client, provider.url("/a"), etag='"x"', wire_digest=first.wire_digest)

    assert isinstance(second, Fetched)
    assert second.document.body == b"2"


@on_a_loop
async def test_N12_a_304_that_nobody_asked_for_is_an_error() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(304))

        error = await failure(get(client, provider.url("/a"), wire_digest=b"known"))

    assert error.reason is FetchReason.PROTOCOL
    assert error.status == 304


@on_a_loop
async def test_N12_an_etag_that_cannot_be_sent_is_not_kept() -> None:
    async with FakeProvider() as provider, make_client() as client:
        answer = b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nX-Note: caf\xe9\r\nContent-Length: 2\r\n\r\n{}'
        provider.script("/a", raw(answer))

        outcome = await get(client, provider.url("/a"), etag='"caf\udce9"')

    assert isinstance(outcome, Fetched)
    assert outcome.etag == ""
    assert "if-none-match" not in provider.seen[0].headers
    assert outcome.document.headers["x-note"].encode("utf-8")


@on_a_loop
async def test_N13_an_empty_body_is_a_document_for_the_platform_to_refuse() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(200))

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.document.body == b""


# --- N3, N4: time and truncation -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [silent(), stalled(BODY, 10), slowly(BODY, pause=0.02), raw(b"HTTP/1.1 200 OK\r\nX-", ending="hang")],
    ids=["silent", "stalled body", "byte by byte", "stalled headers"],
)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_N3_the_deadline_covers_everything(script: Script, tls: bool) -> None:
    assert _fails_with(script, HASTY, tls=tls) is FetchReason.TIMEOUT


def _fails_with(script: Script, limits: Limits = USUAL, *, tls: bool = False) -> FetchReason:
    reasons: list[FetchReason] = []

    @on_a_loop
    async def attempt() -> None:
        async with FakeProvider(tls=tls) as provider, make_client(limits, trusting()) as client:
            provider.script("/a", script)
            reasons.append(FetchReason((await failure(get(client, provider.url("/a")))).reason))

    attempt()
    return reasons[0]


BROKEN_BODIES = {
    "short content-length": truncated(BODY),
    "short gzip content-length": truncated(encoded(BODY, "gzip"), headers={"Content-Encoding": "gzip"}),
    "reset in the body": reset(BODY, 10),
    "reset ends a body without length": raw(head(200) + BODY[:10], ending="reset"),
    "chunks that stop": chunked(BODY, ending=b""),
    "nothing at all": raw(b""),
    "reset before the answer": raw(b"", ending="reset"),
}
BROKEN_HTTP = {
    "bad chunk size": chunked(BODY, ending=b"zz\r\n"),
    "garbage after the body": raw(head(200, {"Content-Length": "2"}) + b"{}garbage\r\n\r\n"),
    "another protocol": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "two lengths": raw(head(200, [("Content-Length", "2"), ("Content-Length", "3")]) + b"{}x"),
    "length and chunks": raw(head(200, {"Content-Length": "2", "Transfer-Encoding": "chunked"}) + b"{}"),
    "not a length": raw(head(200, {"Content-Length": "two"}) + b"{}"),
    "bare line feed in a header": raw(b"HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\n{}"),
}


@pytest.mark.parametrize("case", BROKEN_BODIES)
def test_N4_a_body_that_ends_early_is_never_a_document(case: str) -> None:
    assert _fails_with(BROKEN_BODIES[case]) is FetchReason.RESET


@pytest.mark.parametrize("case", BROKEN_HTTP)
def test_N4_an_answer_that_is_not_http_is_never_a_document(case: str) -> None:
    assert _fails_with(BROKEN_HTTP[case]) in (FetchReason.PROTOCOL, FetchReason.RESET)


@on_a_loop
async def test_N4_after_a_broken_answer_the_next_one_comes_over_a_new_connection() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", in_turn(truncated(BODY), reply(200, BODY)))
        await failure(get(client, provider.url("/a")))

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert provider.connections == 2


# --- N5, N6: encodings and sizes -------------------------------------------------------------------------------


GZIP = {"Content-Encoding": "gzip"}
BAD_ENCODINGS = {
    "truncated gzip": reply(200, encoded(BODY, "gzip")[:-5], GZIP),
    "not gzip": reply(200, BODY, GZIP),
    "stacked": reply(200, encoded(encoded(BODY, "gzip"), "gzip"), {"Content-Encoding": "gzip, gzip"}),
    "stacked in two fields": reply(200, BODY, [("Content-Encoding", "gzip"), ("Content-Encoding", "br")]),
    "unknown": reply(200, BODY, {"Content-Encoding": "compress"}),
}
TOO_LARGE = {
    "gzip bomb": reply(200, bomb("gzip"), GZIP),
    "brotli bomb": reply(200, bomb("br"), {"Content-Encoding": "br"}),
    "zstd bomb": reply(200, bomb("zstd"), {"Content-Encoding": "zstd"}),
    "endless": endless(),
    "endless gzip": endless(headers=GZIP),
    "3 MiB on the wire": reply(200, bytes(3 * 1024 * 1024), GZIP),
    "9 MiB without encoding": reply(200, bytes(9 * 1024 * 1024)),
}


@pytest.mark.parametrize("case", BAD_ENCODINGS)
def test_N5_a_bad_encoding_is_refused(case: str) -> None:
    assert _fails_with(BAD_ENCODINGS[case]) is FetchReason.ENCODING


@pytest.mark.parametrize("case", TOO_LARGE)
def test_N6_a_body_too_large_is_refused(case: str) -> None:
    assert _fails_with(TOO_LARGE[case]) is FetchReason.TOO_LARGE


@on_a_loop
async def test_a_large_body_inflates_beside_the_loop() -> None:
    body = b"".join(b"%x" % (number * number * 2_654_435_761) for number in range(60_000))
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", body, encoding="gzip")

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.document.body == body
    assert len(encoded(body, "gzip")) > 256 * 1024


# --- N7: redirects ---------------------------------------------------------------------------------------------


@on_a_loop
async def test_N7_permanent_redirects_within_the_host_are_followed_and_told() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", redirect("/b", 301))
        provider.script("/b", redirect(provider.url("/c"), 308))
        provider.serve("/c", BODY)

        outcome = await get(client, provider.url("/a"), etag='"old"')

    assert isinstance(outcome, Fetched)
    assert outcome.moved_to == outcome.document.url == provider.url("/c")
    assert [request.headers["if-none-match"] for request in provider.seen] == ['"old"'] * 3


@on_a_loop
async def test_N7_what_comes_after_a_temporary_redirect_is_no_move() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", redirect("/b", 301))
        provider.script("/b", redirect("/c", 302))
        provider.script("/c", redirect("/d", 301))
        provider.serve("/d", BODY)

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.moved_to == provider.url("/b")


@on_a_loop
async def test_N7_a_loop_of_redirects_ends_after_three() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", redirect("/a"))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.REDIRECT
    assert len(provider.seen) == 4


@pytest.mark.parametrize("location", ["http://10.0.0.1/", "https://other.example/", "file:///etc/passwd", "//x/"])
@on_a_loop
async def test_N7_a_redirect_elsewhere_is_not_followed(location: str) -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", redirect(location, 301))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.REDIRECT
    assert error.location


@on_a_loop
async def test_N7_a_redirect_without_an_address_is_an_error() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(302))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.PROTOCOL


@on_a_loop
async def test_N7_all_hops_share_one_deadline() -> None:
    async with FakeProvider() as provider, make_client(HASTY) as client:
        provider.script("/a", in_turn(redirect("/a"), redirect("/a"), silent()))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.TIMEOUT


# --- N9, N10, N14: refusals ------------------------------------------------------------------------------------


STATUSES = [
    (400, FetchReason.STATUS, False),
    (401, FetchReason.UNAUTHORIZED, True),
    (402, FetchReason.STATUS, False),
    (403, FetchReason.BLOCKED, False),
    (404, FetchReason.NOT_FOUND, False),
    (405, FetchReason.BLOCKED, False),
    (410, FetchReason.GONE, True),
    (418, FetchReason.STATUS, False),
    (429, FetchReason.RATE_LIMITED, False),
    (451, FetchReason.BLOCKED, False),
    (500, FetchReason.SERVER_ERROR, False),
    (502, FetchReason.SERVER_ERROR, False),
    (503, FetchReason.SERVER_ERROR, False),
    (599, FetchReason.SERVER_ERROR, False),
    (204, FetchReason.STATUS, False),
    (206, FetchReason.STATUS, False),
    (300, FetchReason.STATUS, False),
    (305, FetchReason.STATUS, False),
]


@pytest.mark.parametrize(("status", "reason", "is_permanent"), STATUSES)
@on_a_loop
async def test_N14_every_status_but_200_and_304_is_a_typed_error(
    status: int, reason: FetchReason, is_permanent: bool
) -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(status, b"" if status == 204 else b"sorry"))

        error = await failure(get(client, provider.url("/a"), etag='"1"'))

    assert (error.reason, error.status, error.is_permanent) == (reason, status, is_permanent)


RETRY_AFTER = [
    ("120", 120),
    ("Mon, 04 May 2026 10:03:00 GMT", 180),
    ("-1", 1),
    ("Mon, 04 May 2015 10:03:00 GMT", 1),
    ("315360000", 21_600),
    ("garbage", None),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("text", "seconds"), RETRY_AFTER)
@on_a_loop
async def test_N9_retry_after_comes_with_the_error(status: int, text: str, seconds: int | None) -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(status, b"", {"Retry-After": text}))

        error = await failure(get(client, provider.url("/a")))

    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


CHALLENGES = {
    "header on 200": reply(200, b"<html>", {"cf-mitigated": "challenge"}),
    "header on 403": reply(403, b"<html>", {"cf-mitigated": "challenge"}),
    "waf header on 202": reply(202, b"", {"x-amzn-waf-action": "challenge"}),
    "words on 503": reply(503, b"<html><title>Just a moment...</title>"),
    "words on 429": reply(429, b"<script src='/cdn-cgi/challenge-platform/x.js'>"),
    "words on 405": reply(405, b"<h1>Invalid request blocked</h1>"),
}


@pytest.mark.parametrize("case", CHALLENGES)
def test_N10_a_challenge_for_browsers_is_blocked(case: str) -> None:
    assert _fails_with(CHALLENGES[case]) is FetchReason.BLOCKED


@on_a_loop
async def test_N10_an_outage_behind_a_protecting_service_is_no_challenge() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", reply(503, b"<html>down for a while", {"Server": "cloudflare"}))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.SERVER_ERROR


@on_a_loop
async def test_N10_html_with_status_200_is_left_to_the_platform() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", b"<!doctype html><title>Status</title>", content_type="text/html")

        outcome = await get(client, provider.url("/a"))

    assert isinstance(outcome, Fetched)
    assert outcome.document.content_type == "text/html"


@on_a_loop
async def test_an_error_page_without_end_is_cut_not_read() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", raw(head(500) + bytes(4 * 1024 * 1024)))

        error = await failure(get(client, provider.url("/a")))

    assert error.reason is FetchReason.SERVER_ERROR


# --- N15: headers ----------------------------------------------------------------------------------------------


HEADER_BOMBS = {
    "10,000 fields": header_bomb(),
    "one field of 64 KB": header_bomb(1, 65_536),
    "a cookie of 64 KB": reply(200, b"{}", {"Set-Cookie": "a=" + "b" * 65_536}),
}


@pytest.mark.parametrize("case", HEADER_BOMBS)
def test_N15_a_header_bomb_is_refused(case: str) -> None:
    assert _fails_with(HEADER_BOMBS[case]) is FetchReason.PROTOCOL


@on_a_loop
async def test_N15_cookies_are_never_sent_back() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", BODY, headers={"Set-Cookie": "id=1; Path=/"})

        await get(client, provider.url("/a"))
        await get(client, provider.url("/a"))

    assert "cookie" not in provider.seen[1].headers


@on_a_loop
async def test_N17_a_url_with_a_password_is_refused_without_a_request() -> None:
    async with FakeProvider() as provider, make_client() as client:
        url = provider.url("/a").replace("://", "://user:hunter2@")

        error = await failure(fetch(client, FetchRequest(url, allow_private=True), NOW))

    assert error.reason is FetchReason.BAD_URL
    assert not provider.seen
