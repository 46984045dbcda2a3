"""Connections that do not wait for ever: a server that takes a statement and never answers it is given up.

The server ends what takes too long by itself (`statement_timeout`), and the kernel notices a machine that has vanished.
What neither sees is a server, or a proxy before it, that is alive and says nothing any more.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg.waiting import Ready, Wait

T = TypeVar("T")

MARGIN_S = 5.0
"""So much longer than the server's own limit an answer is waited for."""

LOOK_S = 0.1


class Patience:
    """How long the connections of one store wait. Safe to use from any thread.

    `answer_s`: for the answer to one statement, in seconds. Once `end` was called none waits beyond its moment.
    """

    def __init__(self, statement_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.answer_s = statement_s + MARGIN_S if statement_s > 0 else math.inf
        self.monotonic = monotonic
        self._end_at = math.inf

    def end(self, within_s: float) -> None:
        """What is asked from now on, or still waits for its answer, has so long."""
        self._end_at = self.monotonic() + within_s

    def is_over(self, asked_at: float) -> bool:
        """Whether whoever asked at that moment has waited long enough."""
        now = self.monotonic()
        return now > asked_at + self.answer_s or now > self._end_at


ENDLESS = Patience(0.0)


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed, with an OperationalError, where its patience is over."""

    patience: Patience = ENDLESS

    def wait(self, gen: Generator[Wait, Ready | int, T], *args: Any, **kwargs: Any) -> T:
        """See `psycopg.Connection.wait`, which every statement comes through."""
        return super().wait(self._limited(gen), LOOK_S)

    def _limited(self, gen: Generator[Wait, Ready | int, T]) -> Generator[Wait, Ready | int, T]:
        asked_at = self.patience.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready == Ready.NONE and self.patience.is_over(asked_at):
                    self.close()
                    raise psycopg.OperationalError("the server does not answer")
                wanted = gen.send(ready)
        except StopIteration as done:
            result: T = done.value
            return result
