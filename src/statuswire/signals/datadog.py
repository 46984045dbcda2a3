"""Datadog's webhooks integration: its payload as it comes, or one made of the documented variables.

docs.datadoghq.com/integrations/webhooks/ (checked 2026-11-29). The payload as it comes has no word for the state, which
then stands in brackets at the beginning of the title: `[Triggered] ...`, `[Recovered on {host:a}] ...`. With
`alert_transition` and `alert_cycle_key` in it, nothing has to be guessed. Variables without a value are empty texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from statuswire.model import SignalSource, SignalState
from statuswire.platforms.reading import fold_word, ident, text, title
from statuswire.signals.base import (
    MAX_TITLE,
    Body,
    Headers,
    Reading,
    Sender,
    address,
    key_of,
    pairs_of,
    time_of,
    wrong,
)

_FIRES = ("triggered", "retriggered", "warn", "rewarn", "nodata", "renodata", "renotify", "alert")
_STATES: Final = {
    **dict.fromkeys(_FIRES, SignalState.FIRING),
    "recovered": SignalState.RESOLVED,
    "resolved": SignalState.RESOLVED,
}
_IN_BRACKETS: Final = re.compile(r"\[([^\]\[]{1,200})\]\s*")
_KEYS: Final = ("alert_cycle_key", "aggreg_key")


def recognize(headers: Headers, body: Body) -> bool:
    return "alert_transition" in body or {"event_type", "title"} <= body.keys()


def read(headers: Headers, body: Body, now: datetime) -> tuple[Reading, ...]:
    given = title(body.get("title") or body.get("alert_title"), 2 * MAX_TITLE)
    state = _state(text(body.get("alert_transition"), 100), given)
    at = time_of(body.get("date"), now) or time_of(body.get("last_updated"), now) or now
    name = title(_bare(given), MAX_TITLE) or "A monitor"
    labels = dict(_labels(body))
    return (Reading(_key(body, given), state, at, name, address(body.get("link")), labels),)


def _state(transition: str, given: str) -> SignalState:
    if transition:
        found = _STATES.get(fold_word(transition))
        if found is None:
            raise wrong("alert_transition", "must be a transition of Datadog, such as `Triggered` or `Recovered`")
        return found
    for word in _IN_BRACKETS.findall(given):
        found = _STATES.get(fold_word(word.partition(" on ")[0]))
        if found is not None:
            return found
    raise wrong("alert_transition", "is missing, and the title does not begin with a state such as `[Triggered]`")


def _key(body: Body, given: str) -> str:
    """What stays the same from the beginning to the end of an alert: its cycle, else its monitor and group, else its
    name without the state."""
    known = next(filter(None, (ident(body.get(one)) for one in _KEYS)), "")
    if known:
        return key_of(known)
    monitor = ident(body.get("alert_id"))
    if monitor:
        return key_of("monitor", monitor, text(body.get("alert_scope"), 1_000))
    groups = (word.partition(" on ")[2] for word in _IN_BRACKETS.findall(given))
    name = _bare(given)
    if not name:
        raise wrong("title", "is missing, and there is no `alert_cycle_key` or `alert_id`")
    return key_of("title", name, *filter(None, groups))


def _bare(given: str) -> str:
    return _IN_BRACKETS.sub("", given).strip()


def _labels(body: Body) -> Iterator[tuple[str, str]]:
    """Of `tags` and `alert_scope`, both `name:value` with commas, and of a few variables that stand alone."""
    for name in ("tags", "alert_scope"):
        yield from pairs_of(text(body.get(name), 10_000).split(",")).items()
    for name in ("hostname", "alert_id", "alert_title"):
        value = title(body.get(name), MAX_TITLE)
        if value:
            yield name, value


SENDER = Sender(SignalSource.DATADOG, recognize, read)
