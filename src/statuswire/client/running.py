"""How a call is carried out by whatever asks the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from statuswire.client.calls import Call
from statuswire.client.exchange import Ask, Reply

T = TypeVar("T")


def carried(call: Call[T], ask: Callable[[Ask], Reply]) -> T:
    """What the call returns, each of its questions answered by `ask`."""
    try:
        question = next(call)
        while True:
            question = call.send(ask(question))
    except StopIteration as end:
        found: T = end.value
        return found
