"""The body of a feed entry in the markup that Statuspage made common: the whole story, newest update first, times in
whole minutes and without a year."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from statuswire.model import Kind, Phase
from tests.core.histories import TrueIncident, TrueUpdate

LABELS = {Phase.IN_PROGRESS: "In progress"}


def window(incident: TrueIncident) -> tuple[datetime, datetime]:
    """When a maintenance is planned: the truth knows no times of its own for it."""
    return incident.created_at + timedelta(hours=1), incident.created_at + timedelta(hours=2)


def in_order(incident: TrueIncident) -> list[TrueUpdate]:
    """The updates, oldest first, by the time that they show."""
    return sorted(incident.updates, key=lambda update: update.at)


def story(incident: TrueIncident) -> str:
    """The HTML of an entry."""
    planned = [_plan(incident)] if incident.kind is Kind.MAINTENANCE else []
    return "\n".join(planned + [_paragraph(update) for update in reversed(in_order(incident))])


def _plan(incident: TrueIncident) -> str:
    begins, ends = window(incident)
    return f"<p><strong>THIS IS A SCHEDULED EVENT {begins:%b %d, %H:%M} - {ends:%b %d, %H:%M} UTC</strong></p>"


def _paragraph(update: TrueUpdate) -> str:
    label = LABELS.get(update.phase, update.phase.value.capitalize())
    text = escape(update.text).replace("\n", "<br />")
    return (
        f"<p><small>{update.at:%b} <var data-var='date'>{update.at.day:>2}</var>, "
        f"<var data-var='time'>{update.at:%H:%M}</var> UTC</small><br><strong>{label}</strong> - {text}</p>"
    )
