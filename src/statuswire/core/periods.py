"""Which time a contract is about: months and quarters of the calendar, and lengths of time that end with a month. Pure.

A month is named by its first day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from statuswire.core.timeline import Window
from statuswire.core.uptime import midnight
from statuswire.model import Contract, Term

_DAY = timedelta(days=1)


def month_after(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(first: date) -> date:
    return (first.replace(day=1) - _DAY).replace(day=1)


def month_at(moment: datetime, zone: tzinfo) -> date:
    """The month in which the moment lies there."""
    return moment.astimezone(zone).date().replace(day=1)


def last_month(contract: Contract, now: datetime) -> date:
    """The last one that is over."""
    return month_before(month_at(now, contract.zone))


def read_month(text: str) -> date:
    """`2026-10`. Raises ValueError."""
    try:
        found = date.fromisoformat(f"{text.strip()}-01")
    except ValueError as error:
        raise ValueError("is not a month; right: 2026-10") from error
    if not 1990 <= found.year <= 9000:
        raise ValueError("is not a month of our time; right: 2026-10")
    return found


def window_of(contract: Contract, month: date) -> Window:
    """What the statement of a month is about: that month, the quarter that it lies in, or so long up to its end."""
    first = month.replace(day=1)
    if contract.window is Term.QUARTER:
        first = first.replace(month=first.month - (first.month - 1) % 3)
        end = month_after(month_after(month_after(first)))
        return Window(midnight(first, contract.zone), midnight(end, contract.zone))
    end_at = midnight(month_after(first), contract.zone)
    if isinstance(contract.window, timedelta):
        return Window(end_at - contract.window, end_at)
    return Window(midnight(first, contract.zone), end_at)


def needed_until(contract: Contract, at: datetime) -> datetime:
    """The end of the last window that holds this moment."""
    last = at + contract.window if isinstance(contract.window, timedelta) else at
    return window_of(contract, month_at(last, contract.zone)).until
