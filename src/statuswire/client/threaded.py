"""The client for threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from statuswire.client import asked, blocking, calls
from statuswire.client.calls import Call, Words
from statuswire.client.errors import ClientError, Refused, Unreachable
from statuswire.client.exchange import Ask, Reply
from statuswire.client.following import IDLE_S, Follower
from statuswire.client.running import carried
from statuswire.client.settings import server_of
from statuswire.client.shapes import Event, Incident, Status
from statuswire.client.standing import PageState, Subject

T = TypeVar("T")


class Client:
    """A server, asked by HTTP. May be shared by threads; nothing is held open between calls.

    Without `server` and `token` the environment says them (STATUSWIRE_SERVER, STATUSWIRE_TOKEN). `ca_file` are
    certificates to believe instead of those of the machine. `timeout_s` is for one whole answer. Raises ConfigError.
    """

    def __init__(
        self,
        server: str | None = None,
        token: str | None = None,
        *,
        ca_file: str | None = None,
        timeout_s: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = server_of(server, token, ca_file)
        self._timeout_s = timeout_s
        self._sleep = sleep

    def status(self, page: str, component: str | None = None) -> PageState:
        """How a page is, or what of it is meant by `component`. Raises Refused, Unreachable, Unreadable."""
        return self._carry(calls.state_of(page, component))

    def incidents(
        self,
        page: Words | None = None,
        *,
        component: Words | None = None,
        impact: Words | None = None,
        phase: Words | None = None,
        open: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Incident]:
        """Incidents, the latest begun first, fetched as they are taken. Raises as `status` does."""
        query, after = asked.incident_query(page, component, impact, phase, open, since, until), ""
        while True:
            part = self._carry(calls.incidents_part(query, after))
            yield from part.items
            after = calls.cursor_of(part, after)
            if not after:
                return

    def events(
        self,
        after: int | None = None,
        types: Words = (),
        *,
        page: Words | None = None,
        component: Words | None = None,
        impact: Words | None = None,
        patience_s: float | None = None,
        on_break: Callable[[ClientError], object] | None = None,
    ) -> Iterator[Event]:
        """Events without end: those after the one numbered `after`, else from now on, each once and in order.

        A broken connection is opened again where it was, with longer and longer pauses; for `patience_s` at most,
        without it for ever; `on_break` is told of each failure. Keep the `id` of the last event that you have dealt
        with, to go on after a restart. Raises Refused for what waiting cannot help, and Unreadable.
        """
        follower = Follower(asked.event_query(types, page, component, impact), after, patience_s)
        while True:
            pause_s = 0.0
            try:
                if follower.last is None:
                    follower.last = self._carry(calls.newest_event())
                yield from self._stream(follower)
                pause_s = follower.pause_s()
            except (Unreachable, Refused) as error:
                pause_s = follower.pause_s(error)
                if on_break is not None:
                    on_break(error)
            self._sleep(pause_s)

    def wait_until_ok(
        self,
        page: str,
        component: str | None = None,
        timeout_s: float = 600.0,
        *,
        worst: Status = Status.MAINTENANCE,
        every_s: float = asked.EVERY_S,
    ) -> PageState:
        """Wait until the state is known and no worse than `worst`. A server that is away is asked again.

        Raises WaitedInVain, Refused.
        """
        subject, end_at = str(Subject(page, component)), time.monotonic() + timeout_s
        while True:
            told = self._tried(page, component)
            if isinstance(told, PageState) and asked.is_ok(told, worst):
                return told
            self._sleep(asked.wait_s(told, subject, end_at - time.monotonic(), every_s))

    def _tried(self, page: str, component: str | None) -> PageState | ClientError:
        try:
            return self.status(page, component)
        except ClientError as error:
            return error

    def _stream(self, follower: Follower) -> Iterator[Event]:
        """The events of one connection, until it ends. Raises Unreachable, Refused, Unreadable."""
        with blocking.opened(self._server, follower.ask(), self._timeout_s) as line:
            while True:
                yield from follower.read(line.answer.take())
                if line.answer.is_over:
                    return
                if not line.pump(IDLE_S):
                    raise Unreachable("timeout", "the stream has fallen silent")

    def _carry(self, call: Call[T]) -> T:
        return carried(call, self._ask)

    def _ask(self, ask: Ask) -> Reply:
        return blocking.exchange(self._server, ask, self._timeout_s)
