"""A client of a running statuswire, for programs that depend on others: small, typed, without the server.

    from statuswire.client import Client, guard

    state = Client("https://status.example.com", token="sw_...").status("openai", "Chat Completions")

    @guard("openai", component="Chat Completions", fallback=cheaper_answer)
    def answer(question): ...

Webhooks of statuswire are received by `statuswire.client.receive`. What is imported here is little, for programs pay
for it at every start: no asyncio until `AsyncClient` is asked for, no sockets until a server is asked, no TLS until it
is asked by https.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from statuswire.client.errors import (
    ClientError,
    Refused,
    ServiceDown,
    Unreachable,
    Unreadable,
    WaitedInVain,
)
from statuswire.client.guarding import Guard, guard
from statuswire.client.shapes import (
    Affected,
    Component,
    Event,
    Impact,
    Incident,
    Kind,
    Page,
    Phase,
    Problem,
    Status,
    Update,
)
from statuswire.client.standing import Freshness, PageState, Reading
from statuswire.client.threaded import Client
from statuswire.client.watching import close

if TYPE_CHECKING:
    from statuswire.client.aio import AsyncClient

__all__ = [
    "Affected",
    "AsyncClient",
    "Client",
    "ClientError",
    "Component",
    "Event",
    "Freshness",
    "Guard",
    "Impact",
    "Incident",
    "Kind",
    "Page",
    "PageState",
    "Phase",
    "Problem",
    "Reading",
    "Refused",
    "ServiceDown",
    "Status",
    "Unreachable",
    "Unreadable",
    "Update",
    "WaitedInVain",
    "close",
    "guard",
]


def __getattr__(name: str) -> object:
    if name == "AsyncClient":
        return import_module("statuswire.client.aio").AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
