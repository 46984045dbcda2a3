"""The client itself: guard, connections, limits, errors of the network."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from statuswire.errors import FetchReason
from statuswire.net.fetch import FetchRequest, fetch
from statuswire.net.http import HttpClient, Limits
from statuswire.net.resolver import BoundedResolver
from tests.fake_provider import FakeProvider, Seen, endless, head, in_turn, raw, redirect, reply, silent
from tests.net.support import HASTY, NOW, USUAL, failure, make_client, on_a_loop


class Names(AbstractResolver):
    """A resolver that knows a few names; each lookup takes the next of a name's answers."""

    def __init__(self, *answers: Sequence[str] | OSError) -> None:
        self._answers = list(answers)
        self.lookups = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answer = self._answers[min(self.lookups, len(self._answers) - 1)]
        self.lookups += 1
        if isinstance(answer, OSError):
            raise answer
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address in answer
        ]

    async def close(self) -> None:
        """Nothing to close."""


def client_with(resolver: AbstractResolver, limits: Limits = USUAL) -> HttpClient:
    return HttpClient(user_agent="statuswire-test", limits=limits, resolver=resolver)


# --- the guard -------------------------------------------------------------------------------------------------


LITERALS = [
    "127.0.0.1",
    "①②⑦.0.0.1",
    "127.0.0.1.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "0.0.0.0",
    "[::]",
    "169.254.169.254",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]
DISGUISES = ["2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "127.0.1"]


@pytest.mark.parametrize("host", LITERALS + DISGUISES)
@on_a_loop
async def test_O6_no_spelling_of_a_private_address_reaches_it(host: str) -> None:
    async with FakeProvider() as provider, make_client() as client:
        url = f"http://{host}:{provider.port}/"

        error = await failure(fetch(client, FetchRequest(url), NOW))

    assert error.reason in (FetchReason.FORBIDDEN_ADDRESS, FetchReason.BAD_URL)
    assert error.is_permanent
    assert provider.connections == 0


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.1", "::1"], ["127.0.0.1", "10.0.0.1", "::1"]])
@on_a_loop
async def test_O8_a_name_that_leads_to_private_addresses_is_refused(addresses: list[str]) -> None:
    async with FakeProvider() as provider, client_with(Names(addresses)) as client:
        error = await failure(client.request("GET", f"http://rebound.example:{provider.port}/"))

    assert error.reason is FetchReason.FORBIDDEN_ADDRESS
    assert provider.connections == 0


@pytest.mark.parametrize("port", [22, 25, 6379])
@on_a_loop
async def test_O15_a_public_host_is_not_asked_at_a_port_of_another_protocol(port: int) -> None:
    names = Names(["127.0.0.1"])
    async with client_with(names) as client:
        error = await failure(client.request("GET", f"http://status.example:{port}/"))

    assert error.reason is FetchReason.FORBIDDEN_ADDRESS
    assert error.is_permanent
    assert str(error) == f"status.example: port {port} is not one of the web"
    assert names.lookups == 0


@on_a_loop
async def test_O15_a_page_that_may_be_private_may_have_any_port() -> None:
    async with make_client() as client:
        error = await failure(client.request("GET", "http://127.0.0.1:1/", allow_private=True))

    assert error.reason is FetchReason.CONNECT


@on_a_loop
async def test_O8_a_connection_opened_for_a_trusted_page_is_not_lent_to_another() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", b"{}")
        await client.request("GET", provider.url("/a"), allow_private=True)

        error = await failure(client.request("GET", provider.url("/a")))

    assert error.reason is FetchReason.FORBIDDEN_ADDRESS
    assert len(provider.seen) == 1


@on_a_loop
async def test_O9_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeProvider() as proxy, FakeProvider() as provider, make_client() as client:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        provider.serve("/a", b"{}")

        response = await client.request("GET", provider.url("/a"), allow_private=True)

    assert response.body == b"{}"
    assert proxy.connections == 0


# --- N1, N2: names and connections -----------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [OSError(None, "Domain name not found"), []], ids=["no such name", "no address"])
@on_a_loop
async def test_N1_a_name_without_address_is_a_dns_error(answer: OSError | list[str]) -> None:
    async with client_with(BoundedResolver(Names(answer))) as client:
        error = await failure(client.request("GET", "https://gone.example/secret-path"))

    assert error.reason is FetchReason.DNS
    assert "gone.example" in str(error)
    assert "secret" not in str(error)


@on_a_loop
async def test_N1_of_500_addresses_only_the_first_are_tried() -> None:
    many = [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(500)]

    found = await BoundedResolver(Names(many)).resolve("many.example", 443)

    assert [result["host"] for result in found] == many[:16]


@on_a_loop
async def test_N2_a_refused_connection_is_a_connect_error() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        async with make_client() as client:
            error = await failure(client.request("GET", url, allow_private=True))

    assert error.reason is FetchReason.CONNECT


@on_a_loop
async def test_N2_the_second_address_is_tried_when_the_first_refuses() -> None:
    async with FakeProvider() as provider, client_with(Names(["127.9.9.9", "127.0.0.1"]), Limits()) as client:
        provider.serve("/a", b"{}")

        url = f"http://two.example:{provider.port}/a"
        response = await client.request("GET", url, allow_private=True)

    assert response.status == 200


@on_a_loop
async def test_N2_a_full_backlog_is_a_time_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        with socket.create_connection(address), socket.socket() as waiting:
            waiting.setblocking(False)
            waiting.connect_ex(address)
            async with make_client(HASTY) as client:
                error = await failure(client.request("GET", f"http://127.0.0.1:{address[1]}/", allow_private=True))

    assert error.reason is FetchReason.TIMEOUT


@on_a_loop
async def test_N16_one_host_gets_no_more_than_two_connections_at_once() -> None:
    most, running, go = 0, 0, asyncio.Event()

    async def counted(request: Seen, writer: asyncio.StreamWriter) -> bool:
        nonlocal most, running
        running += 1
        most = max(most, running)
        if running == 2:
            go.set()
        await go.wait()
        running -= 1
        return await reply(200, b"{}")(request, writer)

    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", counted)

        await asyncio.gather(*(client.request("GET", provider.url("/a"), allow_private=True) for _ in range(6)))

    assert most == 2


# --- plain requests, as channels make them ---------------------------------------------------------------------


@on_a_loop
async def test_a_post_carries_its_body_and_headers() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/in", reply(202, b"taken", {"X-Id": "7"}))

        response = await client.request(
            "POST",
            provider.url("/in"),
            headers={"Content-Type": "application/json"},
            body=b'{"a": 1}',
            allow_private=True,
        )

    assert (response.status, response.body, response.headers["x-id"]) == (202, b"taken", "7")
    assert response.is_complete
    assert provider.seen[0].method == "POST"
    assert provider.seen[0].body == b'{"a": 1}'
    assert provider.seen[0].headers["accept-encoding"] == "identity"


@on_a_loop
async def test_O4_of_an_endless_reply_the_first_16_kib_are_read() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/in", endless(b"x" * 1_000))

        response = await client.request("POST", provider.url("/in"), body=b"{}", allow_private=True, max_bytes=16_384)

    assert response.body == b"x" * 16_384
    assert not response.is_complete


@on_a_loop
async def test_O4_a_reply_that_never_comes_ends_with_the_given_deadline() -> None:
    async with FakeProvider() as provider, make_client(HASTY) as client:
        provider.script("/in", silent())

        error = await failure(
            client.request("POST", provider.url("/in"), body=b"{}", allow_private=True, deadline=0.05)
        )

    assert error.reason is FetchReason.TIMEOUT


@on_a_loop
async def test_O5_a_redirect_is_returned_and_not_followed() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/in", redirect("/internal", 307))

        response = await client.request("POST", provider.url("/in"), body=b"{}", allow_private=True)

    assert (response.status, response.headers["location"]) == (307, "/internal")
    assert len(provider.seen) == 1


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "caf\udce9", "é", "\x00"])
@on_a_loop
async def test_a_header_that_http_does_not_allow_is_refused(value: str) -> None:
    async with make_client() as client:
        error = await failure(client.request("GET", "https://status.example/", headers={"X-A": value}))

    assert error.reason is FetchReason.PROTOCOL


@on_a_loop
async def test_an_error_names_the_host_and_never_the_path() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/services/T0/B0/secret", raw(b"nonsense\r\n\r\n"))

        url = provider.url("/services/T0/B0/secret?token=hunter2")
        error = await failure(client.request("POST", url, body=b"{}", allow_private=True))

    assert "127.0.0.1" in str(error)
    assert "secret" not in str(error)
    assert "hunter2" not in str(error)


# --- kept connections ------------------------------------------------------------------------------------------


async def ask(client: HttpClient, provider: FakeProvider, times: int) -> None:
    for _ in range(times):
        await client.request("GET", provider.url("/a"), allow_private=True)


@on_a_loop
async def test_a_connection_is_kept_and_used_again() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.serve("/a", b"{}")

        await ask(client, provider, 5)

    assert provider.connections == 1


@on_a_loop
async def test_a_host_that_always_closes_is_soon_asked_to_close() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", raw(head(200, {"Content-Length": "2", "Connection": "close"}) + b"{}"))

        await ask(client, provider, 5)

    asked = [request.headers.get("connection") for request in provider.seen]
    assert asked == [None, None, None, "close", "close"]


@on_a_loop
async def test_without_places_for_idle_connections_every_one_is_closed() -> None:
    async with FakeProvider() as provider, make_client(Limits(kept_hosts=0)) as client:
        provider.serve("/a", b"{}")

        await ask(client, provider, 3)

    assert provider.connections == 3
    assert all(request.headers["connection"] == "close" for request in provider.seen)


@on_a_loop
async def test_a_kept_connection_that_was_reset_is_replaced_unnoticed() -> None:
    async with FakeProvider() as provider, make_client() as client:
        provider.script("/a", in_turn(reply(200, b"1"), raw(b"", ending="reset"), reply(200, b"2")))
        await ask(client, provider, 1)

        response = await client.request("GET", provider.url("/a"), allow_private=True)

    assert response.body == b"2"
    assert provider.connections == 2


def test_sockets_take_at_most_60_percent_of_the_descriptors() -> None:
    limits = Limits(connections=256, kept_hosts=512).within(256)

    assert limits.connections + limits.kept_hosts <= 0.6 * 256
    assert limits.connections >= 1


def test_with_descriptors_enough_the_limits_stay() -> None:
    assert Limits().within(100_000) == Limits()


@on_a_loop
async def test_a_closed_client_says_so() -> None:
    client = make_client()
    await client.close()

    with pytest.raises(RuntimeError, match="closed"):
        await client.request("GET", "https://status.example/")


@on_a_loop
async def test_cancelling_a_request_cancels_it() -> None:
    async with FakeProvider() as provider, make_client() as client:
        arrived = asyncio.Event()

        async def wait(_: Seen, __: asyncio.StreamWriter) -> bool:
            arrived.set()
            await asyncio.Event().wait()
            return False

        provider.script("/a", wait)
        request = asyncio.create_task(client.request("GET", provider.url("/a"), allow_private=True))
        await arrived.wait()

        request.cancel()

        with pytest.raises(asyncio.CancelledError):
            await request
