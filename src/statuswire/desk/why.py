"""`statuswire why`: what every route made of one event, and what was sent of it."""

from __future__ import annotations

from collections.abc import Sequence

from statuswire.channels.terminal import Style, one_line
from statuswire.engine.accounting import Account
from statuswire.tables import table


def render(one: Account, style: Style) -> str:
    event = one.event
    title = event.incident.title if event.incident else event.component.name if event.component else ""
    head = f"{event.type.value} {event.page.slug} {title} {event.at:%Y-%m-%d %H:%M} UTC"
    if not one.verdicts:
        return f"{one_line(head)}\nno routes: nothing is told anywhere but on the console"
    return "\n".join([one_line(head), *_table(one.verdicts, style)])


def _table(verdicts: Sequence[dict[str, object]], style: Style) -> list[str]:
    cells = [(str(one["route"]) or "all", str(one["verdict"]), one_line(str(one["reason"]))) for one in verdicts]
    return table(("Route", "Verdict", "Why"), cells, style)
