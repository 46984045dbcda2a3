"""`statuswire silence` and the marks: what is withheld, and what operators have said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statuswire.channels.terminal import Style, one_line
from statuswire.config import Config
from statuswire.store import Tx, queries
from statuswire.tables import minute, table
from statuswire.web.told import mark_body, silence_body

Row = dict[str, object]


def silence_rows(tx: Tx, loaded: Config, now: datetime) -> list[Row]:
    """Those of the configuration, which have no number, and those made by command; only what holds now."""
    configured = [one for one in loaded.withheld() if one.is_active(now)]
    return [silence_body(one) for one in (*configured, *queries.silences(tx, now))]


def mark_rows(tx: Tx, now: datetime) -> list[Row]:
    return [mark_body(one) for one in queries.all_marks(tx, now)]


def render_silences(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "nothing is silenced"
    cells = [tuple(one_line(str(cell)) for cell in _silence_cells(one)) for one in found]
    return "\n".join(table(("Id", "Withholds", "Until", "Reason", "By"), cells, style))


def _silence_cells(one: Row) -> tuple[object, ...]:
    asked = one["filter"]
    words = " ".join(f"{key}={','.join(some)}" for key, some in asked.items()) if isinstance(asked, dict) else ""
    return one["id"] or "file", words, minute(one["until"], "for good"), one["reason"], one["author"]


def render_marks(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "nothing is acknowledged, snoozed or overridden"
    cells = [tuple(one_line(str(cell or "")) for cell in _mark_cells(one)) for one in found]
    return "\n".join(table(("Page", "What", "Is", "Until", "Reason", "By"), cells, style))


def _mark_cells(one: Row) -> tuple[object, ...]:
    said = ", ".join(str(one[key]) for key in ("status", "phase", "impact") if one[key])
    word = f"{one['kind']} as {said}" if said else one["kind"]
    return one["page"], one["subject"], word, minute(one["until"], "for good"), one["reason"], one["author"]
