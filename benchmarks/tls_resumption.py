"""Fresh TLS connections with and without session resumption, the same client otherwise.

Every request asks for `Connection: close`, so each is a new TCP connection and a new handshake. The server is a
process of its own and not counted. Budget: at most 0.75 times the client that does not resume.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bench import arguments, at_most, compare_async, run, show
from loopback import Server, serving

from statuswire.net.http import HttpClient, Limits
from statuswire.net.tls import ResumingContext


class ForgetfulContext(ResumingContext):
    """The same context, but every connection starts from nothing."""

    def remember(self, host: str) -> None:
        self.forget(host)


def connections(client: HttpClient, url: str) -> Callable[[int], Awaitable[None]]:
    async def loop(operations: int) -> None:
        for _ in range(operations):
            await client.request("GET", url, allow_private=True)

    return loop


async def measure(server: Server, operations: int, rounds: int) -> bool:
    resuming, forgetful = ResumingContext(), ForgetfulContext()
    for context in (resuming, forgetful):
        server.trust(context)
    nothing_kept = Limits(kept_hosts=0)
    async with (
        HttpClient(user_agent="statuswire-bench", tls=forgetful, limits=nothing_kept) as without,
        HttpClient(user_agent="statuswire-bench", tls=resuming, limits=nothing_kept) as resumed,
    ):
        contenders = {
            "full handshake each time": connections(without, server.url("/304")),
            "resumed": connections(resumed, server.url("/304")),
        }
        comparison = await compare_async(
            contenders, operations=operations, rounds=rounds, baseline="full handshake each time"
        )
    return show("fresh TLS connection", comparison, {"resumed": at_most(0.75)})


if __name__ == "__main__":
    options = arguments(__doc__, operations=100, rounds=21)
    with serving(tls=True) as loopback:
        run(lambda: measure(loopback, options.operations, options.rounds))
