"""The incidents and maintenances on the start page of Atlassian Statuspage (checked 2026-11).

Open ones, planned ones and those of the last fortnight stand in three kinds of block of nearly one markup:

    <div class="unresolved-incident impact-minor">
      <div class="incident-title"><a href="/incidents/w2x4y6z8b1c3">Slow API</a></div>
      <div class="updates"><div class="update"><strong>Identified</strong> - A bad deploy.
        <br><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22</var> UTC</small></div></div></div>

A planned one has the window beside its title, `<small data-unix-time="...">`, and its updates have no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree

from statuswire.model import Impact, Incident, IncidentUpdate, Kind, Phase, Problem
from statuswire.platforms.markup import scheduled_window
from statuswire.platforms.reading import choose, html_text, moment, normalise_url, text, yearless
from statuswire.platforms.statuspage_html_tree import by_class, line_of
from statuswire.platforms.statuspage_terms import MAINTENANCE_PHASES, is_own_id, read_phase
from statuswire.platforms.words import IMPACT_WORDS

MOST_BLOCKS = 500
MOST_UPDATES = 200
"""Per incident. The page itself shows a fortnight."""

HALF_A_YEAR = timedelta(days=182)
SCHEDULED_MARK = "THIS IS A SCHEDULED EVENT"
"""What the feeds write before the very same words, and what their reader looks for."""

_CODE_IN_LINK = re.compile(r"/incidents/([0-9a-z]{1,64})/?$")
_IMPACT_CLASS = re.compile(r"(?:^|\s)impact-([a-z]{1,40})")
_DASH = re.compile(r"^\s*-\s*")
_DASHES = re.compile(r"\s*-\s*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every block of a page is read with: when the page was made, its zone, its address, where problems go."""

    made_at: datetime
    zone: str | None
    url: str
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a block: the code in its link, the title, and the element with the window of a plan."""

    code: str
    title: str
    classes: str
    window: etree._Element | None


def read_blocks(blocks: Sequence[tuple[str, etree._Element]], sheet: Sheet) -> Iterator[Incident]:
    """The incidents in the order of the page; `blocks` are elements with the class that makes them one.

    A code is read once, where it stands first: open before past.
    """
    seen: set[str] = set()
    for index, (name, block) in enumerate(islice(blocks, MOST_BLOCKS)):
        heading = _heading(block)
        if heading is None:
            sheet.problems.append(Problem(f"incidents[{index}]", "an incident without a link of its own"))
        elif heading.code not in seen:
            seen.add(heading.code)
            yield _incident(block, heading, name == "scheduled-maintenance", sheet)


def _heading(block: etree._Element) -> Heading | None:
    for _, head in by_class(block, {"incident-title"}):
        for link in head.iter("a"):
            code = _CODE_IN_LINK.search(text(link.get("href")).strip())
            if code:
                window = next((small for small in head.iter("small") if small.get("data-unix-time")), None)
                classes = f"{text(block.get('class'))} {text(head.get('class'))}"
                return Heading(code.group(1), line_of(link), classes, window)
    return None


def _incident(block: etree._Element, heading: Heading, is_planned: bool, sheet: Sheet) -> Incident:
    where = f"incident {heading.code}"
    updates = _updates(block, where, Phase.SCHEDULED if is_planned else None, sheet)
    impact = _IMPACT_CLASS.search(heading.classes)
    raw_impact = impact.group(1) if impact else ""
    begins, ends = _window(heading.window, sheet)
    url = f"{sheet.url}/incidents/{heading.code}" if sheet.url and is_own_id(heading.code) else ""
    is_maintenance = is_planned or any(update.phase in MAINTENANCE_PHASES for update in updates)
    return Incident(
        id=heading.code,
        title=heading.title,
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=updates[-1].phase if updates else Phase.SCHEDULED if is_planned else None,
        impact=choose(raw_impact, IMPACT_WORDS, Impact.UNKNOWN, where, sheet.problems),
        url=url,
        scheduled_for=begins,
        scheduled_until=ends,
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=updates[-1].raw_phase if updates else "",
        raw_impact=raw_impact,
    )


def _window(shown: etree._Element | None, sheet: Sheet) -> tuple[datetime | None, datetime | None]:
    """Start in UNIX seconds, and the end from the words beside it."""
    begins = moment(shown.get("data-unix-time")) if shown is not None else None
    if shown is None or begins is None:
        return None, None
    words = _DASHES.sub(" - ", line_of(shown)[:200])
    _, ends = scheduled_window(f"{SCHEDULED_MARK} {words}", begins, sheet.zone)
    return begins, ends if ends is not None and ends >= begins else None


# --- updates ---------------------------------------------------------------------------------------------------


def _updates(block: etree._Element, where: str, phase: Phase | None, sheet: Sheet) -> tuple[IncidentUpdate, ...]:
    """Oldest first, though the page shows the newest first. `phase` holds until a label tells another."""
    rows = [row for _, row in islice(by_class(block, {"update"}), MOST_UPDATES)]
    times = _times(rows, sheet)
    updates: list[IncidentUpdate] = []
    for row, at in zip(reversed(rows), reversed(times), strict=True):
        label, body, raw = _message(row)
        phase = read_phase(label, where, sheet.problems) or phase
        updates.append(IncidentUpdate("", phase, body, at, raw=raw, raw_phase=label))
    return tuple(updates)


def _times(newest_first: Sequence[etree._Element], sheet: Sheet) -> list[datetime | None]:
    """Each in the latest year that does not put it after the one before, the first not after the page was made."""
    times: list[datetime | None] = []
    bound = sheet.made_at
    for row in newest_first:
        shown = _when(row)
        at = yearless(shown, bound - HALF_A_YEAR, sheet.zone) if shown else None
        times.append(at)
        bound = at or bound
    return times


def _when(row: etree._Element) -> str:
    """`Oct 18, 12:42 EDT`, without the words `Posted on` that precede it in a plan."""
    small = next(row.iter("small"), None)
    return line_of(small).removeprefix("Posted on").strip() if small is not None else ""


def _message(row: etree._Element) -> tuple[str, str, str]:
    """Label, text and markup of an update: `<strong>Label</strong> - text<br><small>time</small>`."""
    markup = etree.tostring(row, encoding="unicode", method="html", with_tail=False)
    inner = markup.partition(">")[2].rpartition("</")[0].partition("<small")[0].strip()
    label = ""
    if inner.startswith("<strong>"):
        label, _, inner = inner.removeprefix("<strong>").partition("</strong>")
        inner = _DASH.sub("", inner)
    inner = text(inner.strip().removesuffix("<br>").strip())
    body = html_text(inner).strip()
    return html_text(text(label, 200)).strip(), body, inner if inner != body else ""
