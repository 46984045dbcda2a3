"""CPU of an unchanged poll as the number of hosts grows: it must not grow with them.

Every host is an address of its own on loopback (127.x.y.z) with a kept connection of its own. A round polls as
many times for each size, going round the hosts. Budget: from 100 to 5,000 hosts within 15 %.
"""

from __future__ import annotations

import resource
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import cycle

from bench import Budget, arguments, at_most, compare_async, run, show
from loopback import HOSTS, Server, serving

from statuswire.net.fetch import FetchRequest, NotModified, fetch
from statuswire.net.http import HttpClient, Limits

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SIZES = (100, 500, 2_000, HOSTS)


def polls(client: HttpClient, server: Server, hosts: int) -> Callable[[int], Awaitable[None]]:
    requests = [FetchRequest(server.url("/304", host), etag='"known"', allow_private=True) for host in range(hosts)]
    turn = cycle(requests)

    async def loop(operations: int) -> None:
        for _ in range(operations):
            assert isinstance(await fetch(client, next(turn), NOW), NotModified)

    return loop


async def measure(server: Server, operations: int, rounds: int) -> bool:
    limits = Limits(kept_hosts=HOSTS, idle_s=3_600)
    contenders = {}
    clients = [HttpClient(user_agent="statuswire-bench", limits=limits) for _ in SIZES]
    for hosts, client in zip(SIZES, clients, strict=True):
        contenders[f"{hosts} hosts"] = polls(client, server, hosts)
        await contenders[f"{hosts} hosts"](hosts)  # connect to every one
    baseline = f"{SIZES[0]} hosts"
    comparison = await compare_async(contenders, operations=operations, rounds=rounds, baseline=baseline)
    for client in clients:
        await client.close()
    budgets: dict[str, Budget] = {f"{hosts} hosts": at_most(1.15) for hosts in SIZES[1:]}
    return show("unchanged poll by number of hosts, each with a kept connection", comparison, budgets)


if __name__ == "__main__":
    options = arguments(__doc__, operations=500, rounds=21)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with serving() as loopback:
        run(lambda: measure(loopback, options.operations, options.rounds))
