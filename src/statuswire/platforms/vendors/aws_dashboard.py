"""`data.json` of the AWS dashboard of 2022 and before; still met in archives and copies.

    {"current": [...], "archive": [...]}
    each: {"service": "ec2-us-east-1", "service_name": "Amazon Elastic Compute Cloud (N. Virginia)", "summary",
           "date": "<epoch s>", "status": "1" or 1, "details": "",
           "description": "<div><span class="yellowfg">12:53 PM PDT</span>&nbsp;..."}

The messages are blocks of HTML, each behind a clock of Seattle, with month and day where it is not that of the start.
What is archived is over, whatever its headline says, and has the code that AWS gave it in the end. Clocks were
corrected later (four times in the 26 events that a capture shows from their beginning), so a message is known by its
place.
Captured 2021-11 to 2022-07.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from statuswire.model import AffectedComponent, Component, Incident, IncidentUpdate, Phase, Problem, Status
from statuswire.platforms.parts import is_object, opened
from statuswire.platforms.reading import as_mapping, choose, ident, moment, text
from statuswire.platforms.remembering import remembered
from statuswire.platforms.vendors.aws_events import Fields, ReadEvent, code_of
from statuswire.platforms.vendors.aws_terms import (
    LEVELS,
    PAGE_URL,
    impact_of,
    is_marked_resolved,
    service_name,
    split_slug,
    without_mark,
)
from statuswire.platforms.vendors.aws_updates import Message, reached, updates_of

_MARK: Final = re.compile(r"<span class=[\"']?yellowfg[\"']?>([^<]{0,60})</span>(?:&nbsp;)?")
_CLOCK: Final = re.compile(
    r"\s*(?:(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}), +)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2}) (?P<half>[AP])M P(?P<zone>[SD])T\s*"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OFFSETS: Final[Mapping[str, timedelta]] = {"S": timedelta(hours=-8), "D": timedelta(hours=-7)}
_HALF_DAY: Final = timedelta(hours=12)
_HALF_YEAR: Final = timedelta(days=183)
_SECTIONS: Final = ("current", "archive")


def is_dashboard(fields: Fields) -> bool:
    """Whether an object is this document and not the later array in its old wrapping."""
    listed = (row for name in _SECTIONS for row in _first(fields.get(name)))
    return "archive" in fields or any("description" in row for row in listed)


def _first(listed: object) -> list[Fields]:
    rows = opened(listed)
    return [as_mapping(row) for row in rows[:1] if is_object(row)] if isinstance(rows, list) else []


def read_dashboard(fields: Fields, problems: list[Problem]) -> list[ReadEvent]:
    """The events of both lists; one that stands in both is taken as the current one shows it."""
    found: dict[str, ReadEvent] = {}
    for section in _SECTIONS:
        for event in _event.each(fields.get(section), section, problems, section == "archive").found:
            found.setdefault(event.incident.id, event)
    return list(found.values())


@remembered
def _event(fields: Fields, where: str, problems: list[Problem], is_archived: bool) -> ReadEvent | None:
    slug, began = ident(fields.get("service")), moment(fields.get("date"))
    if not slug or began is None:
        problems.append(Problem(where, "an event without service and date"))
        return None
    key, region = split_slug(slug)
    code, summary = code_of(fields.get("status")), text(fields.get("summary"))
    level = choose(code, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    is_over = is_archived or code == "0" or is_marked_resolved(summary)
    updates = _updates(text(fields.get("description")), began, is_over)
    if any(update.at is None for update in updates):
        problems.append(Problem(f"{where}.description", "a message with an unreadable time"))
    name = service_name(text(fields.get("service_name")), region) or key
    row = Component(slug, name, region, Status.OPERATIONAL if is_over else level, code)
    incident = Incident(
        id=f"{slug}_{int(began.timestamp())}",
        title=without_mark(summary),
        phase=Phase.RESOLVED if is_over else reached(updates),
        impact=impact_of((code,), key),
        url=PAGE_URL,
        created_at=began,
        started_at=began,
        resolved_at=updates[-1].at if is_over and updates else None,
        components=(AffectedComponent(slug, name, region, row.status),),
        updates=updates,
        raw_phase="[RESOLVED]" if is_marked_resolved(summary) else "",
        raw_impact=code,
    )
    return ReadEvent(incident, () if is_over else (row,))


# --- blocks ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _updates(description: str, began: datetime, is_over: bool) -> tuple[IncidentUpdate, ...]:
    """Of an archive that is read again most events did not change: they are worth two megabytes."""
    return updates_of(_messages(description, began), is_over=is_over)


def _messages(description: str, began: datetime) -> list[Message]:
    """The blocks of a description in their order; without any mark all of it is one message of the start."""
    marks = list(_MARK.finditer(description))
    if not marks:
        return [Message(began, description, id="1")] if description else []
    ends = [mark.start() for mark in marks[1:]] + [len(description)]
    messages = []
    before = None
    for place, (mark, end) in enumerate(zip(marks, ends, strict=True), start=1):
        at = _block_time(mark[1], before, began)
        body = description[mark.end() : end].removesuffix("<div>").strip().removesuffix("</div>")
        messages.append(Message(at, body, id=str(place)))
        before = at or before
    return messages


def _block_time(written: str, before: datetime | None, began: datetime) -> datetime | None:
    """The moment of a clock: on the day it names, else on that of the block before it, or the next one past midnight.

    The first one may be late the evening before its event was filed.
    """
    clock = _CLOCK.fullmatch(written)
    if clock is None:
        return None
    offset = _OFFSETS[clock["zone"]]
    near = (before or began) + offset
    hour = int(clock["hour"]) % 12 + (12 if clock["half"] == "P" else 0)
    try:
        local = near.replace(hour=hour, minute=int(clock["minute"]), second=0, microsecond=0)
        if clock["month"]:
            local = _on_day(local, _MONTHS.index(clock["month"]) + 1, int(clock["day"]))
        elif local < near - _HALF_DAY:
            local += timedelta(days=1)
        elif before is None and local > near + _HALF_DAY:
            local -= timedelta(days=1)
        return local - offset
    except (ValueError, OverflowError):
        return None


def _on_day(local: datetime, month: int, day: int) -> datetime:
    """That day of the year that is nearest."""
    named = local.replace(month=month, day=day)
    if named < local - _HALF_YEAR:
        return named.replace(year=named.year + 1)
    return named.replace(year=named.year - 1) if named > local + _HALF_YEAR else named
