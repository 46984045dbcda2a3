"""What goes out: a Message on its way to one channel, the actions that carry it, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from statuswire.model.events import Event
from statuswire.model.rules import Mark


class MessageKind(StrEnum):
    """Why there is a message: one event, several told together, a story over several pages, an incident that outlived
    its time, the sign of life, something about ourselves (a channel that is disabled), or a test."""

    EVENT = "event"
    DIGEST = "digest"
    STORY = "story"
    ESCALATION = "escalation"
    HEARTBEAT = "heartbeat"
    NOTICE = "notice"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class PageStanding:
    """How one page is: its state as it is to be shown, whether it can be read, and the titles of what is open.
    `is_told`: whether a route may tell the channel anything of it."""

    slug: str
    name: str
    url: str
    state: str
    is_current: bool
    open: tuple[str, ...] = ()
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """What a heartbeat says: the state over all pages, and the newest incident; and how each page is."""

    state: str
    label: str
    message: str
    at: datetime
    impacted: tuple[str, ...] = ()
    last_title: str = ""
    last_at: datetime | None = None
    pages: tuple[PageStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and body as a user's template made them, in place of a channel's own."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one channel.

    `id` is the same after retry, restart and takeover (`msg_...`). `events` are oldest first, at least one but for a
    heartbeat; that of a notice, of which `wording` is the text, only says when and whose. `event` is the newest.
    `thread` names the story that it belongs to; `state` is what the channel's earlier conversation in that thread left
    (a Slack `ts`, a Discord message id), empty at the first. `opened_at` is when the story began, `is_last` whether it
    ends it, `is_shared` whether several stories are told in the thread: it goes on while one of them does. `reason`
    says why it is told now, where that is not plain ("still so after 3 min"); `evidence` why several pages are one
    story; `ours` is what the operator says of it against the provider. `tags` and `category` are those of the newest
    event's page. `kept`: of a heartbeat to a kind that renews, what the conversations of its open threads left.
    """

    id: str
    kind: MessageKind = MessageKind.EVENT
    events: tuple[Event, ...] = ()
    thread: str = ""
    state: Mapping[str, str] = field(default_factory=dict)
    route: str = ""
    opened_at: datetime | None = None
    is_last: bool = False
    is_shared: bool = False
    reason: str = ""
    evidence: tuple[str, ...] = ()
    standing: Standing | None = None
    wording: Wording | None = None
    ours: Mark | None = None
    tags: tuple[str, ...] = ()
    category: str = ""
    kept: tuple[Mapping[str, str], ...] = ()

    @property
    def event(self) -> Event:
        """The newest event. Raises IndexError for a heartbeat, which has none."""
        return self.events[-1]

    @property
    def is_first(self) -> bool:
        """Whether nothing of this thread was told to the channel before."""
        return not self.state


# --- actions: what the edge is asked to do -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `is_private_ok`: the operator allows a loopback or private address. Its parts often hold a
    secret, so no log or traceback shows them."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    is_private_ok: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in RFC 5322 bytes, and the SMTP server that takes it. `security`: `starttls`, `tls` or `none`."""

    host: str
    port: int
    security: str
    sender: str
    recipients: tuple[str, ...]
    body: bytes
    username: str = ""
    password: str = field(default="", repr=False)
    is_private_ok: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """What goes to one topic; retained, an empty payload makes the broker forget."""

    topic: str
    payload: bytes
    is_retained: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """One MQTT publication, and those that go with it over the same connection, in order. `qos` is 0 or 1; two would
    promise what a new session cannot keep."""

    host: str
    port: int
    is_tls: bool
    topic: str
    payload: bytes
    qos: int = 1
    is_retained: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    client_id: str = ""
    is_private_ok: bool = False
    further: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line to append to a file, which begins anew at `rotate_bytes`; `keep` older files stay."""

    path: str
    text: str
    rotate_bytes: int = 0
    keep: int = 5

    @property
    def is_printed(self) -> bool:
        """Whether it goes to standard output, which has the path `-`."""
        return self.path == "-"


@dataclass(frozen=True, slots=True)
class Command:
    """One program to run, without a shell; `stdin` is written to it. Its exit code is the status of the reply."""

    argv: tuple[str, ...]
    stdin: bytes
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: timedelta = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One text for the library Apprise, which runs in a process of its own. `level` is one of its four: `info`,
    `success`, `warning`, `failure`."""

    url: str = field(repr=False)
    title: str
    body: str
    level: str = "info"
    is_private_ok: bool = False


Action: TypeAlias = Request | Mail | Publication | Line | Command | Announcement


@dataclass(frozen=True, slots=True)
class Reply:
    """What an action gave. `status` is that of HTTP or SMTP, the exit code of a command, 0 where all that can be said
    is that it was done. `body` holds at most 16 KiB."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


# --- outcomes: what a channel makes of the replies ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivered:
    """Done. `state` is what later messages of the thread need; None leaves what there is."""

    state: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again: after `after` where the receiver said so, else by the schedule. After `disables_after` tries
    in a row of the channel it is disabled instead; None: never for this."""

    reason: str
    after: timedelta | None = None
    disables_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Never to be tried again. `disables`: nor anything else on this channel until an operator looks."""

    reason: str
    disables: bool = False


Outcome: TypeAlias = Delivered | Later | Refused


class DeliveryState(StrEnum):
    """`collecting` waits to be folded into a digest, `waiting` to be sent; the others are ends."""

    COLLECTING = "collecting"
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one channel, as stored: the events by id, and what is needed to make the Message.

    `lane` orders: of one lane, one delivery at a time and the oldest first. `batch` is the digest that a collecting one
    belongs to. `wording` is the text of a notice. `story` is the key of the story that it tells, empty for a fact by
    itself; `begins`: nothing of that was told since it began. `ours` is the operator's override that held. `tags` and
    `category` are those of the newest event's page.
    """

    id: int
    channel: str
    lane: str
    message_id: str
    kind: MessageKind
    event_ids: tuple[int, ...]
    thread: str = ""
    route: str = ""
    opened_at: datetime | None = None
    is_last: bool = False
    is_shared: bool = False
    reason: str = ""
    evidence: tuple[str, ...] = ()
    state: DeliveryState = DeliveryState.WAITING
    batch: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    created_at: datetime | None = None
    last_error: str = ""
    wording: Wording | None = None
    story: str = ""
    begins: bool = False
    ours: Mark | None = None
    tags: tuple[str, ...] = ()
    category: str = ""
