"""The thread that keeps the book of a process: one for each server, with one stream held open.

Events on the stream only say which page to look at anew; what a page is like is always read whole. So a stream that
was broken leaves no gap: everything is read again once a new one is open. The thread is a daemon, is started when
first needed, and is started anew in a child after a fork.
"""

from __future__ import annotations

import os
import threading
import time

from statuswire.client import blocking, calls
from statuswire.client.blocking import Line
from statuswire.client.book import Book
from statuswire.client.decoding import decoded
from statuswire.client.errors import ClientError, Unreachable
from statuswire.client.exchange import Ask
from statuswire.client.following import IDLE_S, backed_off
from statuswire.client.running import carried
from statuswire.client.settings import Server
from statuswire.client.shapes import Event
from statuswire.client.sse import Parser
from statuswire.client.standing import PageState, Reading, Subject

TIMEOUT_S = 10.0

MOST_PAGES = 20
"""Words that one filter may have; of more pages all events are taken."""


class Watch:
    """What is known of the pages of one server. All methods may be called from any thread, and none waits for the
    network but `settle`, which says so."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._book = Book()
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._line: Line | None = None
        self._parser = Parser()
        self._turn = self._line_turn = 0
        self._reopen_at = self._heard_at = 0.0
        self._failures = 0

    def reading(self, subject: Subject) -> Reading:
        """What is known now; a subject that is new is asked for from here on."""
        with self._news:
            now = time.monotonic()
            if self._book.add(subject, now):
                self._turn += 1
                self._news.notify_all()
                if self._line is not None:
                    self._line.interrupt()
            self._start()
            return self._book.reading(subject, now)

    def settle(self, subject: Subject, timeout_s: float) -> Reading:
        """Wait for the first answer about a subject, good or bad, and no longer than `timeout_s`."""
        self.reading(subject)
        with self._news:
            self._news.wait_for(lambda: self._book.is_settled(subject), timeout_s)
        return self.reading(subject)

    def close(self) -> None:
        """End the thread. What is known stays, and a further reading starts another."""
        with self._news:
            thread, self._thread = self._thread, None
            self._news.notify_all()
            if self._line is not None:
                self._line.interrupt()
        if thread is not None and thread is not threading.current_thread():
            thread.join(TIMEOUT_S)

    def after_fork(self) -> None:
        """In the child: the thread and the socket are the parent's, and its lock may be held for ever."""
        self._news = threading.Condition()
        self._thread = self._line = None
        self._reopen_at = 0.0

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            blocking.load(self._server)
            self._thread = threading.Thread(target=self._run, name=f"statuswire {self._server.host}", daemon=True)
            self._thread.start()

    # --- in the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._is_wanted():
                self._look()  # before a stream is opened, for what stands between may hold that back
                self._open()
                self._look()
                self._listen()
        finally:
            self._hang_up()

    def _is_wanted(self) -> bool:
        return self._thread is threading.current_thread()

    def _look(self) -> None:
        with self._news:
            due = self._book.due(time.monotonic())
        told: PageState | ClientError | None = None
        for subject in due:
            if not self._is_wanted():
                return
            if not isinstance(told, Unreachable):  # a server that is away for one is away for all
                told = self._asked(subject)
            with self._news:
                self._note(subject, told, time.monotonic())
                self._news.notify_all()

    def _note(self, subject: Subject, told: PageState | ClientError, now: float) -> None:
        if isinstance(told, PageState):
            self._book.noted(subject, told, now)
        else:
            self._book.failed(subject, str(told), now)

    def _asked(self, subject: Subject) -> PageState | ClientError:
        call = calls.state_of(subject.page, subject.component)
        try:
            return carried(call, lambda ask: blocking.exchange(self._server, ask, TIMEOUT_S))
        except ClientError as error:
            return error

    def _open(self) -> None:
        """Have a stream, unless the last attempt was just now. After it, all is looked at anew."""
        if self._line is not None or time.monotonic() < self._reopen_at:
            return
        with self._news:
            turn, pages = self._turn, self._book.pages
        query = calls.query_of({"page": pages}) if len(pages) <= MOST_PAGES else ()
        try:
            line = blocking.opened(self._server, Ask("/stream", query, "text/event-stream"), TIMEOUT_S)
        except ClientError:
            # nothing is lost by it: each look fails too, and says why
            self._later()
            return
        self._take(line, turn, pages)

    def _take(self, line: Line, turn: int, pages: tuple[str, ...]) -> None:
        with self._news:
            if turn != self._turn or not self._is_wanted():
                line.close()
                return
            self._line, self._line_turn, self._parser, self._failures = line, turn, Parser(), 0
            self._heard_at = time.monotonic()
            self._book.touch(pages, self._heard_at)

    def _listen(self) -> None:
        """Wait for an event, for what is due, or for something new to look at."""
        now = time.monotonic()
        with self._news:
            until = self._book.next_due_at(now)
            line, turn = self._line, self._turn
            if line is None and self._is_wanted():
                until = min(until, self._reopen_at)
                self._news.wait_for(lambda: turn != self._turn or not self._is_wanted(), max(until - now, 0.0))
        if line is not None and until > now:
            self._hear(line, min(until - now, IDLE_S))

    def _hear(self, line: Line, timeout_s: float) -> None:
        try:
            is_news = line.pump(timeout_s)
            touched = [decoded(one.body, Event).page.slug for one in self._parser.feed(line.answer.take())]
        except ClientError:
            self._later()
            return
        now = time.monotonic()
        self._heard_at = now if is_news else self._heard_at
        with self._news:
            self._book.touch(touched, now)
        if line.answer.is_over or now - self._heard_at > IDLE_S:
            self._later()

    def _later(self) -> None:
        """There is no stream now: try again, at once where it was ended for something new to look at."""
        is_ours = self._line is not None and self._line_turn != self._turn
        self._hang_up()
        self._reopen_at = time.monotonic() + (0.0 if is_ours else backed_off(self._failures))
        self._failures += 1

    def _hang_up(self) -> None:
        with self._news:
            line, self._line = self._line, None
        if line is not None:
            line.close()


_watches: dict[Server, Watch] = {}
_door = threading.Lock()


def watch_of(server: Server) -> Watch:
    """The one of this process."""
    with _door:
        return _watches.setdefault(server, Watch(server))


def close() -> None:
    """End all threads of this process."""
    with _door:
        known = list(_watches.values())
    for watch in known:
        watch.close()


def _after_fork() -> None:
    global _door
    _door = threading.Lock()
    for watch in _watches.values():
        watch.after_fork()


os.register_at_fork(after_in_child=_after_fork)
