"""What a channel is: settings of one kind of destination, and the conversation that carries a Message there.

A conversation is a generator without I/O: it yields an Action, is sent the Reply, and returns the Outcome. Most kinds
need one request (`single`); those that thread or edit may need two. When a conversation is broken off by a crash, the
whole of it is repeated with the same message id.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

from pydantic import ConfigDict, Field

from statuswire.described import Described
from statuswire.model import Action, Delivered, Later, Message, Outcome, Refused, Reply

Conversation: TypeAlias = Generator[Action, Reply, Outcome]

RETRY_AFTER_LIMIT: Final = timedelta(hours=6)
"""A receiver may ask for no more patience than this."""


class ChannelSettings(Described):
    """What every kind has in common. Attribute docstrings are the published texts; no value appears in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    allow_private: bool = Field(default=False, examples=[True])
    """Whether the destination may be on a loopback or private address."""

    rate: float | None = Field(default=None, gt=0, le=1000, examples=[1.0])
    """Messages a second at most; otherwise what the kind allows."""


RENEWED: Final = timedelta(minutes=15)
"""An end is sent again for so long, because nobody says whether the first one was heard, or what overtook it."""

STANDARD_OUTPUT: Final = "-"
"""The path of a Line that is to be printed."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of destination.

    `converse(message, settings, now)` carries a message of any MessageKind. `rate_per_s` and `burst` are what the
    destination takes, with the source of the figure in the module's docstring. `threads`: later messages of a story go
    to the first one's thread. `is_pager`: each story is an alert there that must be closed again, so that no message
    can stand for many. `ordered_by_thread` False: all messages of the channel keep one order (a file).
    `groups`: the destination puts together what belongs together, so that no storm is made of its messages. `renews`:
    a heartbeat brings what the conversations of its threads left, to be sent again: of those that are open, whose state
    begins with `open`: `yes`, and of those that something was told in within `RENEWED`.
    `requires` names the setting at the top level of the configuration that must be true before a channel of this kind
    may be configured (`allow_exec`); empty for the others.
    """

    kind: str
    title: str
    settings: type[ChannelSettings]
    converse: Callable[[Message, ChannelSettings, datetime], Conversation]
    rate_per_s: float = 50.0
    burst: int = 50
    threads: bool = False
    is_pager: bool = False
    groups: bool = False
    renews: bool = False
    ordered_by_thread: bool = True
    formats: tuple[str, ...] = ()
    requires: str = ""


def single(action: Action, now: datetime, read: Callable[[Reply, datetime], Outcome] | None = None) -> Conversation:
    """A conversation of one action; its reply is read as `read_http` does unless told otherwise."""
    reply = yield action
    return (read or read_http)(reply, now)


def read_http(reply: Reply, now: datetime) -> Outcome:
    """The usual reading: 2xx is done, 408, 425, 429 and 5xx come back later, 401, 403 and 404 too but disable the
    channel at the third in a row, 410 disables it at once, and other codes never work for this message."""
    if 200 <= reply.status < 300:
        return Delivered()
    if reply.status in (408, 425, 429) or reply.status >= 500:
        return Later(f"HTTP {reply.status}", retry_after(reply.headers, now))
    if reply.status == 410:
        return Refused("HTTP 410: the receiver says it is gone for good", disables=True)
    if reply.status in (401, 403, 404):
        return Later(f"HTTP {reply.status}: check the address and the credentials", disables_after=3)
    if 300 <= reply.status < 400:
        return Refused(f"HTTP {reply.status}: redirects are not followed; configure the final address")
    return Refused(f"HTTP {reply.status}")


def done(reply: Reply, now: datetime) -> Outcome:
    """For actions that are done or raise: files and standard output."""
    return Delivered()


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date, between one second and six hours; None where it says
    nothing that can be read (RFC 9110 section 10.2.3)."""
    written = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if not written:
        return None
    try:
        wait = timedelta(seconds=float(written))
    except (ValueError, OverflowError):
        try:
            wait = parsedate_to_datetime(written) - now
        except (ValueError, TypeError, OverflowError):
            return None
    return max(timedelta(seconds=1), min(wait, RETRY_AFTER_LIMIT))
