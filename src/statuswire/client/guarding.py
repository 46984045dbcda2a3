"""Guards: calls to a provider that are held back, replaced or annotated while it says itself that it is down.

A guard looks into the book of its process and never waits for the network. By default it only acts on what it knows
to be so now; where it knows nothing, or only what was, the call goes through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from types import TracebackType
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar, cast

from statuswire.client.errors import ServiceDown
from statuswire.client.settings import server_of
from statuswire.client.standing import Freshness, Reading, Subject
from statuswire.client.watching import Watch, watch_of
from statuswire.errors import ConfigError

P = ParamSpec("P")
R = TypeVar("R")

WhenDown: TypeAlias = Literal["raise", "annotate"]
WhenStale: TypeAlias = Literal["pass", "trust", "block"]
WhenUnknown: TypeAlias = Literal["pass", "block"]

_WORDS: dict[str, tuple[str, ...]] = {
    "when_down": ("raise", "annotate"),
    "when_stale": ("pass", "trust", "block"),
    "when_unknown": ("pass", "block"),
}


def guard(
    page: str,
    component: str | None = None,
    *,
    when_down: WhenDown = "raise",
    fallback: Callable[..., Any] | None = None,
    when_stale: WhenStale = "pass",
    when_unknown: WhenUnknown = "pass",
    server: str | None = None,
    token: str | None = None,
    ca_file: str | None = None,
) -> Guard:
    """A decorator for functions of either kind, and a context manager of either kind.

    While the component (else the page) is in a partial or major outage, `raise` raises ServiceDown instead of calling,
    `fallback` is called instead, with the same arguments, and `annotate` calls, and adds a note to what that raises.
    `when_stale` says what a state means that could not be confirmed: `pass` nothing, `trust` what it was, `block` as if
    down; `when_unknown` the same of one that was never known. Without `server` the environment says which. Raises
    ConfigError.
    """
    given = {"when_down": when_down, "when_stale": when_stale, "when_unknown": when_unknown}
    for name, word in given.items():
        if word not in _WORDS[name]:
            raise ConfigError(f"`{word}` is none of {', '.join(_WORDS[name])}", where=name)
    watch = watch_of(server_of(server, token, ca_file))
    made = Guard(watch, Subject(page, component), when_down, fallback, when_stale, when_unknown)
    made.reading()
    return made


class Guard:
    """What `guard` makes. In a `with` the value is the Reading; a fallback is refused, for no block can be replaced."""

    def __init__(
        self,
        watch: Watch,
        subject: Subject,
        when_down: WhenDown,
        fallback: Callable[..., Any] | None,
        when_stale: WhenStale,
        when_unknown: WhenUnknown,
    ) -> None:
        self._watch, self._subject, self._fallback = watch, subject, fallback
        self._when_down, self._when_stale, self._when_unknown = when_down, when_stale, when_unknown

    def reading(self) -> Reading:
        """What is known now."""
        return self._watch.reading(self._subject)

    def ready(self, timeout_s: float) -> Reading:
        """Wait until the server has said something, good or bad, and no longer; for the start of a program."""
        return self._watch.settle(self._subject, timeout_s)

    def is_held(self, reading: Reading) -> bool:
        """Whether the policy takes a reading as an outage."""
        if reading.freshness is Freshness.UNKNOWN:
            return self._when_unknown == "block"
        if reading.freshness is Freshness.STALE:
            return self._when_stale == "block" or (self._when_stale == "trust" and reading.is_down)
        return reading.is_down

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        if iscoroutinefunction(function):
            return cast(Callable[P, R], self._around(cast(Callable[P, Awaitable[object]], function)))

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            meant = self._meant(function)
            try:
                return meant(*args, **kwargs)
            except Exception as error:
                self._annotate(error)
                raise

        return guarded

    def _around(self, function: Callable[P, Awaitable[object]]) -> Callable[P, Awaitable[object]]:
        @wraps(function)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> object:
            meant = self._meant(function)
            try:
                told = meant(*args, **kwargs)
                return await told if isinstance(told, Awaitable) else told
            except Exception as error:
                self._annotate(error)
                raise

        return guarded

    def _meant(self, function: Callable[P, R]) -> Callable[P, R]:
        """What is to be called now. Raises ServiceDown."""
        reading = self.reading()
        if not self.is_held(reading):
            return function
        if self._fallback is not None:
            return self._fallback
        return self._let_through(reading, function)

    def _let_through(self, reading: Reading, value: R) -> R:
        if self._when_down == "raise" and self.is_held(reading):
            raise ServiceDown(reading)
        return value

    def _annotate(self, error: BaseException) -> None:
        reading = self.reading()
        if self.is_held(reading) and not isinstance(error, ServiceDown):
            error.add_note(f"statuswire: {reading.why}")

    def __enter__(self) -> Reading:
        if self._fallback is not None:
            raise TypeError("a guard with a fallback is a decorator: a block cannot be replaced")
        reading = self.reading()
        return self._let_through(reading, reading)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._annotate(error)

    async def __aenter__(self) -> Reading:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)
