"""What a signal looks like in JSON."""

from __future__ import annotations

from statuswire.core.promptness import told_at
from statuswire.engine.signals import Beside
from statuswire.model import Signal
from statuswire.web.shapes import Body, optional
from statuswire.wire import timestamp


def signal_body(one: Beside) -> Body:
    """A signal with its page, and the incident that admitted it first."""
    signal = one.signal
    return {
        "id": signal.id,
        "page": one.page.slug,
        "component": signal.component,
        "source": signal.source.value,
        "state": state_of(signal),
        "title": signal.title,
        "url": signal.url,
        "began_at": timestamp(signal.began_at),
        "ended_at": optional(signal.ended_at),
        "admitted": _admission(one),
    }


def _admission(one: Beside) -> Body | None:
    incident = one.admitted
    if incident is None:
        return None
    told = told_at(incident)
    ahead_s = round((told - one.signal.began_at).total_seconds(), 1)
    return {"id": incident.id, "title": incident.title, "told_at": timestamp(told), "ahead_s": ahead_s}


def state_of(signal: Signal) -> str:
    """`firing`, `resolved` or `lapsed`."""
    return "firing" if signal.is_firing else "lapsed" if signal.has_lapsed else "resolved"
