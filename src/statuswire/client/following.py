"""How a stream of events is followed over broken connections: where to go on, and when. No socket, no clock.

Nothing is left out and nothing comes twice: the server tells everything after the event that is named, in order, and
the follower names the last one that it has handed on. To have one to name from the beginning it asks for the newest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from statuswire.client.decoding import decoded
from statuswire.client.errors import ClientError, Refused
from statuswire.client.exchange import Ask
from statuswire.client.shapes import Event
from statuswire.client.sse import Parser

IDLE_S = 45.0
"""Silence after which a connection counts as dead: the server says something every 15 seconds."""

FIRST_S = 1.0
LONGEST_S = 60.0


class Follower:
    """`last` is the number of the last event handed on; None: the newest that there is has to be asked for.

    `patience_s` is how long failures in a row may go on, reckoned by the pauses between them; None is for ever.
    """

    def __init__(self, query: tuple[tuple[str, str], ...], after: int | None, patience_s: float | None = None) -> None:
        self.last = after
        self._query = query
        self._patience_s = patience_s
        self._failures = 0
        self._waited_s = 0.0
        self._parser = Parser()

    def ask(self) -> Ask:
        """The next connection."""
        self._parser = Parser()
        return Ask("/stream", self._query, "text/event-stream", self.last)

    def read(self, part: bytes) -> Iterator[Event]:
        """The events in what came, each noted as it is handed on. Raises Unreadable."""
        messages = self._parser.feed(part)
        if part:
            self._failures, self._waited_s = 0, 0.0
        for message in messages:
            event = decoded(message.body, Event)
            if self.last is None or event.id > self.last:
                self.last = event.id
                yield event

    def pause_s(self, error: ClientError | None = None) -> float:
        """How long to wait until the next connection, after one that ended well or with `error`.

        Raises the error where asking again cannot help, or patience is at its end.
        """
        if error is None:
            return jittered(FIRST_S)
        if error.is_permanent or (self._patience_s is not None and self._waited_s >= self._patience_s):
            raise error
        wished_s = error.retry_after_s if isinstance(error, Refused) else self._parser.retry_s
        pause = max(backed_off(self._failures), wished_s or 0.0)
        self._failures += 1
        self._waited_s += pause
        return pause


def backed_off(failures: int) -> float:
    """Twice as long after each failure in a row, up to a minute, and never the same for all."""
    return jittered(min(LONGEST_S, FIRST_S * 2 ** min(failures, 10)))


def jittered(seconds: float) -> float:
    """Between half of it and all of it."""
    return seconds * (0.5 + os.urandom(1)[0] / 510)
