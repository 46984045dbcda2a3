"""Planned work: how it was planned and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.core.courses import began_at, went_on
from statuswire.core.figures import Cell, seconds
from statuswire.core.timeline import Window
from statuswire.engine.reports.base import Grounds, Rows, time_cell
from statuswire.model import (
    Kind,
    KnownIncident,
    Page,
    Phase,
)


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """One maintenance as it was planned and as it went. `overrun`: how long it went on after the planned end, up to
    now; zero where it kept its time, None where no end was planned or it never began."""

    page: Page
    maintenance: KnownIncident
    began_at: datetime | None
    ended_at: datetime | None
    overrun: timedelta | None


@dataclass(frozen=True, slots=True)
class MaintenanceReport:
    """By planned beginning."""

    window: Window
    parts: tuple[PlannedWork, ...]

    def as_rows(self) -> Rows:
        return tuple(_maintenance_row(one) for one in self.parts)


def load_maintenance(grounds: Grounds) -> MaintenanceReport:
    """Those that began, or were to begin, within the window. Raises StoreError."""
    parts = [
        _planned(page, one, grounds.now) for page, some in grounds.begun for one in some if one.kind is Kind.MAINTENANCE
    ]
    return MaintenanceReport(grounds.query.window, tuple(sorted(parts, key=_planned_from)))


def _planned_from(one: PlannedWork) -> datetime:
    return one.maintenance.scheduled_for or began_at(one.maintenance)


def _planned(page: Page, one: KnownIncident, now: datetime) -> PlannedWork:
    span = went_on(one, now)
    if span is None:
        return PlannedWork(page, one, None, None, None)
    over = one.phase.is_closed
    planned_end = one.scheduled_until
    overrun = None if planned_end is None else max(span[1] - planned_end, timedelta(0))
    return PlannedWork(page, one, span[0], span[1] if over else None, overrun)


def _maintenance_row(one: PlannedWork) -> dict[str, Cell]:
    work = one.maintenance
    return {
        "page": one.page.slug,
        "id": work.id,
        "title": work.title,
        "phase": work.phase.value,
        "planned_from": time_cell(work.scheduled_for),
        "planned_until": time_cell(work.scheduled_until),
        "began_at": time_cell(one.began_at),
        "ended_at": time_cell(one.ended_at),
        "overrun_s": seconds(one.overrun),
        "cancelled": int(work.phase is Phase.CANCELLED),
    }
