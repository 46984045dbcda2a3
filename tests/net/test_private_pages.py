"""What opens a private page goes to its own scheme, host and port, and to nobody else, whatever redirects say."""

from __future__ import annotations

import logging

import pytest

from statuswire.errors import FetchReason
from statuswire.net.fetch import Fetched
from statuswire.net.http import HttpClient
from tests.fake_provider import FakeProvider, redirect, reply
from tests.net.support import failure, get, make_client, on_a_loop

SECRET = "Bearer canary-of-a-private-page"
BODY = b'{"page": {}}'


def client_for(*origins: str) -> HttpClient:
    sent = {"Authorization": SECRET, "Cookie": "session=canary"}
    return HttpClient(user_agent="statuswire-test", credentials=dict.fromkeys(origins, sent))


@on_a_loop
async def test_the_page_itself_gets_them_with_every_request() -> None:
    async with FakeProvider() as provider, client_for(provider.url("")) as client:
        provider.serve("/summary.json", BODY)

        outcome = await get(client, provider.url("/summary.json"), etag='"1"')

    assert isinstance(outcome, Fetched)
    assert provider.seen[0].headers["authorization"] == SECRET
    assert provider.seen[0].headers["cookie"] == "session=canary"
    assert provider.seen[0].headers["if-none-match"] == '"1"'


@on_a_loop
async def test_an_address_that_answers_to_post_gets_them_too() -> None:
    async with FakeProvider() as provider, client_for(provider.url("")) as client:
        provider.script("/query", reply(200, BODY))

        await get(client, provider.url("/query"), post="{}")

    assert provider.seen[0].method == "POST"
    assert provider.seen[0].headers["authorization"] == SECRET


@on_a_loop
async def test_a_redirect_within_the_page_keeps_them() -> None:
    async with FakeProvider() as provider, client_for(provider.url("")) as client:
        provider.script("/old", redirect("/new"))
        provider.serve("/new", BODY)

        await get(client, provider.url("/old"))

    assert [seen.headers.get("authorization") for seen in provider.seen] == [SECRET, SECRET]


@on_a_loop
async def test_another_port_of_the_same_host_gets_nothing() -> None:
    async with FakeProvider() as page, FakeProvider() as other, client_for(page.url("")) as client:
        other.serve("/summary.json", BODY)

        await get(client, other.url("/summary.json"))

    assert "authorization" not in other.seen[0].headers
    assert "cookie" not in other.seen[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@on_a_loop
async def test_a_redirect_to_another_port_or_host_is_not_followed_with_them(status: int) -> None:
    async with FakeProvider() as page, FakeProvider() as other, client_for(page.url("")) as client:
        other.serve("/x", BODY)
        by_name = other.url("/x").replace("127.0.0.1", "localhost")
        for place in (other.url("/x"), by_name):
            page.script("/x", redirect(place, status))
            error = await failure(get(client, page.url("/x")))
            assert error.reason is FetchReason.REDIRECT

            await get(client, place)  # as detection does, which follows a page to its new host

    assert len(other.seen) == 2
    assert not any({"authorization", "cookie"} & set(seen.headers) for seen in other.seen)


@on_a_loop
async def test_the_same_host_by_another_name_or_scheme_gets_nothing() -> None:
    async with FakeProvider() as page:
        named = page.url("").replace("127.0.0.1", "localhost")
        async with client_for(named, page.url("").replace("http:", "https:")) as client:
            page.serve("/x", BODY)

            await get(client, page.url("/x"))

    assert "authorization" not in page.seen[0].headers


@on_a_loop
async def test_plain_requests_such_as_deliveries_never_carry_them() -> None:
    async with FakeProvider() as page, client_for(page.url("")) as client:
        page.serve("/x", BODY)

        await client.request("GET", page.url("/x"), allow_private=True)

    assert "authorization" not in page.seen[0].headers


@on_a_loop
async def test_a_public_page_is_asked_as_ever() -> None:
    async with FakeProvider() as page, make_client() as client:
        page.serve("/x", BODY)

        await get(client, page.url("/x"))

    assert not {"authorization", "cookie"} & set(page.seen[0].headers)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
@on_a_loop
async def test_no_refusal_repeats_them_in_errors_or_logs(status: int) -> None:
    lines: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(listener)
    level, root.level = root.level, logging.DEBUG
    try:
        async with FakeProvider() as page, client_for(page.url("")) as client:
            page.script("/x", reply(status, SECRET.encode()))
            error = await failure(get(client, page.url("/x")))
    finally:
        root.removeHandler(listener)
        root.level = level

    assert "canary" not in repr(error) + str(error) + "".join(lines)
