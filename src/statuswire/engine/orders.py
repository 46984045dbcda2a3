"""What an operator orders by command: one order, one transaction, one answer.

The same function obeys in a running service, which is told over HTTP, in a command where none runs, and for pages and
programs. What is done stands in the log of changes, under the name of its author.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from statuswire.config import Config
from statuswire.core import overriding
from statuswire.core.routing import is_page_meant
from statuswire.engine import owning, people
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.overriding import known_subject, override_of, record_change
from statuswire.engine.owning import DropPage, DropRoute, PutPage, PutRoute
from statuswire.engine.people import (
    AddAccount,
    AddToken,
    RemoveAccount,
    RevokeToken,
    SetDisabled,
    SetPassword,
    SetRole,
)
from statuswire.engine.retention import AT_ONCE, KINDS
from statuswire.engine.subjects import find_marked, find_subject
from statuswire.errors import StatuswireError
from statuswire.model import DeliveryState, Filter, Impact, Mark, MarkKind, Phase, Silence, Status
from statuswire.store import Tx, queries


class SendAgain(msgspec.Struct, frozen=True, tag="send_again"):
    """Send a delivery now that waits or was given up."""

    id: int
    author: str = ""


class Drop(msgspec.Struct, frozen=True, tag="drop"):
    """Never send a delivery that waits."""

    id: int
    author: str = ""


class Enable(msgspec.Struct, frozen=True, tag="enable"):
    """Send to a channel again that was disabled."""

    channel: str
    author: str = ""


class AddSilence(msgspec.Struct, frozen=True, tag="add_silence"):
    """Tell nothing of what the filter means."""

    filter: Filter
    reason: str
    until: datetime | None = None
    author: str = ""


class EndSilence(msgspec.Struct, frozen=True, tag="end_silence"):
    """End a silence that was made by command."""

    id: int
    author: str = ""


class SetMark(msgspec.Struct, frozen=True, tag="set_mark"):
    """Say something of one incident or component: `subject` is its id or name."""

    page: str
    subject: str
    kind: MarkKind
    reason: str = ""
    until: datetime | None = None
    author: str = ""
    impact: Impact | None = None
    status: Status | None = None
    phase: Phase | None = None


class DropMark(msgspec.Struct, frozen=True, tag="drop_mark"):
    """Take it back."""

    page: str
    subject: str
    kind: MarkKind
    author: str = ""


class ReplayHook(msgspec.Struct, frozen=True, tag="replay_hook"):
    """Read a hook again that could not be read and was kept."""

    id: int
    author: str = ""


class Prune(msgspec.Struct, frozen=True, tag="prune"):
    """Forget what of a kind (`retention.KINDS`) is older: some of it, so that the order is to be given again until
    nothing was left to forget."""

    kind: str
    before: datetime
    author: str = ""


_OfPeople: TypeAlias = AddAccount | SetRole | SetPassword | SetDisabled | RemoveAccount | AddToken | RevokeToken
_Said: TypeAlias = SendAgain | Drop | Enable | AddSilence | EndSilence | SetMark | DropMark | ReplayHook | Prune
_OfOwn: TypeAlias = PutPage | DropPage | PutRoute | DropRoute
Order: TypeAlias = _Said | _OfPeople | _OfOwn

UNNAMED: Final = "command"
"""Who gave an order that has no author: somebody at the machine."""


_decode = msgspec.json.Decoder(Order).decode
_decode_obeyed = msgspec.json.Decoder(Obeyed).decode
encode: Final = msgspec.json.Encoder().encode


def order_of(body: bytes) -> Order | None:
    """The order in a body; None where there is none."""
    try:
        order: Order = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return order


def obeyed_of(body: bytes) -> Obeyed | None:
    """What a service answered; None where it is not one of ours."""
    try:
        return _decode_obeyed(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def obey(tx: Tx, order: Order, now: datetime, config: Config | None = None) -> Obeyed:
    """Carry out one order, and note it where something was changed. `config` is what the file says, for orders about
    pages and routes beside it. Raises StoreError."""
    now = tx.now() or now
    own = owning.WAYS.get(type(order))
    obeyed = _WAYS[type(order)](tx, order, now) if own is None else own(tx, order, now, config)
    if obeyed.done and not (isinstance(order, Prune) and obeyed.id == 0):
        action, subject = _NAMES[type(order)]
        detail: dict[str, object] = msgspec.to_builtins(order)
        shown = {key: value for key, value in detail.items() if key not in _LEFT_OUT}
        subject = subject.format_map({**shown, "id": obeyed.id, "named": obeyed.name})
        queries.note_change(tx, now, order.author or UNNAMED, action, subject, shown)
    return obeyed


class Undone(StatuswireError):
    """One of several orders could not be carried out, so that none was."""

    reason = "undone"

    def __init__(self, obeyed: Obeyed) -> None:
        super().__init__(obeyed.sentence)
        self.obeyed = obeyed


def obey_all(tx: Tx, orders: Sequence[Order], now: datetime, config: Config | None = None) -> Obeyed:
    """Carry out several orders, or none of them; at least one. The sentences stand together, the id is the last one's.
    Raises Undone, on which the transaction must end, and StoreError."""
    sentences: list[str] = []
    # Before the first order appends to the log: nobody who has a page waits for us, who have the log.
    for slug in sorted({order.page for order in orders if isinstance(order, SetMark | DropMark)}):
        queries.lock_page(tx, slug)
    for order in orders:
        obeyed = obey(tx, order, now, config)
        if not obeyed.done:
            raise Undone(obeyed)
        sentences.append(obeyed.sentence)
    return replace(obeyed, sentence="; ".join(sentences))


# --- deliveries --------------------------------------------------------------------------------------------------


def _send_again(tx: Tx, order: SendAgain, now: datetime) -> Obeyed:
    listed = queries.one_delivery(tx, order.id)
    if listed is None:
        return Obeyed(False, f"there is no delivery {order.id}")
    one = listed.delivery
    if one.state in (DeliveryState.DELIVERED, DeliveryState.FOLDED):
        return Obeyed(False, f"delivery {one.id} is {one.state}: sending it again would tell it twice")
    channel = queries.channel_state(tx, one.channel)
    if channel is not None and channel.disabled_at is not None:
        return Obeyed(False, f"{one.channel} is disabled; first: statuswire deliveries enable {one.channel}")
    if not queries.send_again(tx, listed, now):
        return Obeyed(False, f"delivery {one.id} was just ended or sent again by somebody else")
    return Obeyed(True, f"delivery {one.id} is sent to {one.channel} now", one.id)


def _drop(tx: Tx, order: Drop, now: datetime) -> Obeyed:
    listed = queries.one_delivery(tx, order.id)
    if listed is None:
        return Obeyed(False, f"there is no delivery {order.id}")
    one = listed.delivery
    if listed.ended_at is not None:
        return Obeyed(False, f"delivery {one.id} is {one.state} already")
    by = f" by {order.author}" if order.author else ""
    queries.give_up(tx, (one,), DeliveryState.DROPPED, f"dropped{by}", now)
    return Obeyed(True, f"delivery {one.id} to {one.channel} is dropped", one.id)


def _enable(tx: Tx, order: Enable, now: datetime) -> Obeyed:
    state = queries.channel_state(tx, order.channel)
    if state is None:
        known = ", ".join(one.name for one in queries.channel_states(tx)) or "none"
        return Obeyed(False, f"nothing was ever told on {order.channel}; known: {known}")
    waiting = queries.waiting_counts(tx).get(order.channel, 0)
    queries.enable_channel(tx, order.channel)
    return Obeyed(True, f"{order.channel} is enabled; {waiting} waiting")


# --- silences and marks ------------------------------------------------------------------------------------------


def _add_silence(tx: Tx, order: AddSilence, now: datetime) -> Obeyed:
    if order.filter == Filter():
        return Obeyed(False, 'it would withhold everything; if that is meant, name the page "*"')
    if order.until is not None and order.until <= now:
        return Obeyed(False, "it would be over already")
    silence = Silence(order.filter, order.reason, order.until, order.author)
    number = queries.add_silence(tx, silence, now)
    sentence = f"silence {number} withholds {until_words(order.until)}"
    return Obeyed(True, sentence if _is_met(tx, order.filter) else f"{sentence}; no page is like that now", number)


def _is_met(tx: Tx, filter: Filter) -> bool:
    slugs = Filter(pages=filter.pages)
    return not filter.pages or any(is_page_meant(slugs, page.slug, (), "") for page in queries.pages(tx))


def _end_silence(tx: Tx, order: EndSilence, now: datetime) -> Obeyed:
    if queries.end_silence(tx, order.id, now):
        return Obeyed(True, f"silence {order.id} is over", order.id)
    return Obeyed(False, f"there is no silence {order.id} to end; those of the configuration are ended there")


def _set_mark(tx: Tx, order: SetMark, now: datetime) -> Obeyed:
    queries.lock_page(tx, order.page)
    subject, name = find_subject(tx, order.page, order.subject)
    if not subject:
        return Obeyed(False, name)
    if order.until is not None and order.until <= now:
        return Obeyed(False, "it would be over already")
    mark = replace(_mark(order, now), subject=subject)
    if order.kind is MarkKind.OVERRIDE and (refused := _override(tx, mark, name, now)):
        return Obeyed(False, refused)
    queries.set_mark(tx, mark)
    words = ", ".join(one.value for one in (order.status, order.phase, order.impact) if one is not None)
    return Obeyed(True, f"{name} is {_MARKED[order.kind]}{' as ' if words else ''}{words} {until_words(order.until)}")


def _mark(order: SetMark, now: datetime) -> Mark:
    said = (order.author, order.reason, order.until, order.impact, order.status, order.phase)
    return Mark(order.page, order.subject, order.kind, now, *said)


def _override(tx: Tx, mark: Mark, name: str, now: datetime) -> str:
    """Tell what changes by it; why it cannot be said, empty where it can."""
    known = known_subject(tx, mark.page, mark.subject)
    refused = overriding.refusal(known, name, mark) if known is not None else f"{name} is gone"
    if not refused:
        record_change(tx, override_of(tx, mark.page, mark.subject, now), mark, now)
    return refused


def _drop_mark(tx: Tx, order: DropMark, now: datetime) -> Obeyed:
    queries.lock_page(tx, order.page)
    subject, name = find_marked(tx, order.page, order.subject, now)
    if not subject:
        return Obeyed(False, name)
    if order.kind is MarkKind.OVERRIDE:
        record_change(tx, override_of(tx, order.page, subject, now), None, now)
    if queries.drop_mark(tx, order.page, subject, order.kind, now):
        return Obeyed(True, f"{name} is not {_MARKED[order.kind]} any more")
    return Obeyed(False, f"{name} is not {_MARKED[order.kind]}")


def _replay_hook(tx: Tx, order: ReplayHook, now: datetime) -> Obeyed:
    if queries.replay_hook(tx, order.id):
        return Obeyed(True, f"hook {order.id} is read again", order.id)
    state = queries.hook_state(tx, order.id)
    return Obeyed(False, f"hook {order.id} is {state}" if state else f"there is no hook {order.id}")


def _prune(tx: Tx, order: Prune, now: datetime) -> Obeyed:
    """The id is how many went."""
    kind = KINDS.get(order.kind)
    if kind is None:
        return Obeyed(False, f"there is no kind {order.kind}; known: {', '.join(KINDS)}")
    if order.before > now - kind.least:
        return Obeyed(False, f"{kind.name} are kept for {kind.least.days} days at least")
    gone = kind.forget(tx, before=order.before, limit=AT_ONCE)
    return Obeyed(True, f"{gone} of {kind.name} are forgotten", gone)


_MARKED: Final = {
    MarkKind.ACKNOWLEDGED: "acknowledged",
    MarkKind.SNOOZED: "snoozed",
    MarkKind.OVERRIDE: "overridden",
}


def until_words(until: datetime | None) -> str:
    return "for good" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"


_WAYS: Final[Mapping[type[Any], Callable[[Tx, Any, datetime], Obeyed]]] = {
    SendAgain: _send_again,
    Drop: _drop,
    Enable: _enable,
    AddSilence: _add_silence,
    EndSilence: _end_silence,
    SetMark: _set_mark,
    DropMark: _drop_mark,
    ReplayHook: _replay_hook,
    Prune: _prune,
    **people.WAYS,
}

_NAMES: Final[Mapping[type[Any], tuple[str, str]]] = {
    SendAgain: ("delivery.retry", "delivery/{id}"),
    Drop: ("delivery.drop", "delivery/{id}"),
    Enable: ("channel.enable", "channel/{channel}"),
    AddSilence: ("silence.add", "silence/{id}"),
    EndSilence: ("silence.end", "silence/{id}"),
    SetMark: ("mark.set", "page/{page}/{subject}"),
    DropMark: ("mark.drop", "page/{page}/{subject}"),
    ReplayHook: ("hook.replay", "hook/{id}"),
    Prune: ("database.prune", "{kind}/{id}"),
    **people.NAMES,
    **owning.NAMES,
}
"""How the log of changes calls each, and what it changes."""

_LEFT_OUT: Final = frozenset({"type", "author"}) | people.SECRETS
