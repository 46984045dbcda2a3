"""The start page of Atlassian Statuspage as people see it, for where nothing better can be had (checked 2026-11).

It shows every component with its level, unresolved incidents and planned maintenances with their updates, and the
incidents of the last fortnight. Times have no year, updates no ids, components no stamps. What it does not show says
nothing: pages hide sound components and fold groups by the owner's choice, so it covers nothing.

Login forms, the vendor's own site and error pages are served by the same hosts with status 200. None of them has a
component, an incident or the page's level where these stand, and so none is mistaken for a page in perfect order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.markup import scheduled_window
from statuswire.platforms.reading import choose, html_text, load_html, moment, normalise_url, one_line, text, yearless
from statuswire.platforms.statuspage_json import INDICATORS
from statuswire.platforms.statuspage_terms import MAINTENANCE_PHASES, OWN_ID, read_phase
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS

SCHEDULED_MARK = "THIS IS A SCHEDULED EVENT"
"""What the feeds write before the very same words, and what their reader looks for."""

HALF_A_YEAR = timedelta(days=182)
_CODE_IN_LINK = re.compile(r"/incidents/([0-9a-z]+)/?$")
_PAGE_CODE = re.compile(r"[?&]page_code=([0-9a-z]{12})\b")
_STATUS_CLASS = re.compile(r"(?:^|\s)status-(none|minor|major|critical|maintenance)(?:\s|$)")
_IMPACT_CLASS = re.compile(r"(?:^|\s)impact-([a-z]+)")
_TITLE_TAIL = re.compile(r"\s+Status$")
_DASH = re.compile(r"^\s*-\s*")
_DASHES = re.compile(r"\s*-\s*")


def _by_class(name: str) -> str:
    """An XPath test for one of several class names."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


_MARKS = etree.XPath(
    f"boolean(//*[@data-component-id and {_by_class('component-inner-container')}]"
    f" | //*[{_by_class('page-status')}] | //*[{_by_class('unresolved-incident')}])"
)
_ROWS = etree.XPath(f"//*[@data-component-id and {_by_class('component-inner-container')}]")
_NAME = etree.XPath(f".//*[{_by_class('name')}]")
_OPENER = etree.XPath(
    f"ancestor::*[{_by_class('is-group')}][1]//*[@data-js-hook='component-group-opener']//*[{_by_class('name')}]"
)
_BLOCKS = etree.XPath(
    f"//*[{_by_class('unresolved-incident')} or {_by_class('scheduled-maintenance')}"
    f" or {_by_class('incident-container')}]"
)
_LINK = etree.XPath(f".//*[{_by_class('incident-title')}]//a[contains(@href, '/incidents/')]")
_TITLE = etree.XPath(f".//*[{_by_class('incident-title')}]")
_UPDATES = etree.XPath(f".//*[{_by_class('update')}]")
_WINDOW = etree.XPath(f".//*[{_by_class('incident-title')}]//small[@data-unix-time]")
_ROLL_UP = etree.XPath(f"//*[{_by_class('page-status')}]//*[{_by_class('status')}]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every part of the page is read with: when it was made, its address, and where problems go."""

    made_at: datetime
    zone: str | None
    url: str
    problems: list[Problem]


def is_start_page(root: etree._Element) -> bool:
    """Whether a component, an incident or the page's level stands where Statuspage puts them."""
    return bool(_MARKS(root))


def read_start_page(document: Document) -> Snapshot:
    """The Snapshot of a rendered start page; raises ParseError for every other page."""
    root = load_html(document)
    if not is_start_page(root):
        raise ParseError(ParseReason.HTML, f"not a Statuspage start page but {_title(root) or 'a page'!r}")
    problems: list[Problem] = []
    made_at = moment(_first(root, "//meta[@name='issued']/@content"))
    page = _page(root, document, problems)
    sheet = Sheet(made_at or document.received_at, document.time_zone, page.url or "", problems)
    return Snapshot(
        platform="statuspage",
        page=page,
        as_of=made_at,
        components=tuple(_components(root, problems)),
        incidents=tuple(_incidents(root, sheet)),
        problems=tuple(problems),
    )


# --- the page --------------------------------------------------------------------------------------------------


def _page(root: etree._Element, document: Document, problems: list[Problem]) -> PageFacts:
    level = _STATUS_CLASS.search(_first(root, "//body/@class"))
    status = choose(level.group(1), INDICATORS, Status.UNKNOWN, "body", problems) if level else None
    return PageFacts(
        id=_page_id(root),
        name=_TITLE_TAIL.sub("", _title(root)) or None,
        url=_page_url(root, document),
        status=status,
        status_text=_line(_one(_ROLL_UP, root)),
    )


def _page_id(root: etree._Element) -> str | None:
    """The code in the link of the Slack subscription, which most pages offer."""
    links = _strings(root, "//a[contains(@href, 'page_code=')]/@href")
    found = (_PAGE_CODE.search(link) for link in links)
    return next((match.group(1) for match in found if match), None)


def _page_url(root: etree._Element, document: Document) -> str | None:
    """The canonical address, else where the page's feed lies, else where the page was fetched."""
    feed = _first(root, "//link[@rel='alternate'][contains(@href, '/history.')]/@href")
    for link in (_first(root, "//link[@rel='canonical']/@href"), feed.rpartition("/history.")[0], document.url):
        if link.startswith(("https://", "http://")):
            return link.rstrip("/")
    return None


def _title(root: etree._Element) -> str:
    return one_line(_first(root, "//head/title/text()"))


def _all(path: etree.XPath, element: etree._Element) -> list[etree._Element]:
    found = path(element)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


def _one(path: etree.XPath, element: etree._Element) -> etree._Element | None:
    return next(iter(_all(path, element)), None)


def _strings(root: etree._Element, path: str) -> list[str]:
    """The attributes or texts at a path."""
    found = root.xpath(path)
    return [text(str(one)).strip() for one in found] if isinstance(found, list) else []


def _first(root: etree._Element, path: str) -> str:
    return next(iter(_strings(root, path)), "")


# --- components ------------------------------------------------------------------------------------------------


def _components(root: etree._Element, problems: list[Problem]) -> Iterator[Component]:
    seen: set[str] = set()
    for position, row in enumerate(_all(_ROWS, root)):
        component_id = text(row.get("data-component-id")).strip()
        is_group = row.get("data-js-hook") == "component-group-opener"
        if is_group or not component_id or component_id in seen:
            continue
        seen.add(component_id)
        word = text(row.get("data-component-status")).strip()
        where = f"component {component_id}"
        yield Component(
            id=component_id,
            name=_line(_one(_NAME, row)),
            group=_line(_one(_OPENER, row)) or None,
            status=choose(word, COMPONENT_WORDS, Status.UNKNOWN, where, problems),
            raw_status=word,
            position=position,
        )


def _line(element: etree._Element | None) -> str:
    """The text of an element on one line."""
    return "" if element is None else one_line(text("".join(str(part) for part in element.itertext())))


# --- incidents -------------------------------------------------------------------------------------------------


def _incidents(root: etree._Element, sheet: Sheet) -> Iterator[Incident]:
    """Open and planned ones first, as they stand on the page; a code is read once."""
    seen: set[str] = set()
    for index, block in enumerate(_all(_BLOCKS, root)):
        link = _one(_LINK, block)
        code = _CODE_IN_LINK.search(text(link.get("href")).strip()) if link is not None else None
        if link is None or code is None:
            sheet.problems.append(Problem(f"incidents[{index}]", "an incident without a link of its own"))
        elif code.group(1) not in seen:
            seen.add(code.group(1))
            yield _incident(block, link, code.group(1), sheet)


def _incident(block: etree._Element, link: etree._Element, code: str, sheet: Sheet) -> Incident:
    where = f"incident {code}"
    planned = "scheduled-maintenance" in text(block.get("class")).split()
    updates = _updates(block, where, Phase.SCHEDULED if planned else None, sheet)
    phase = updates[-1].phase if updates else Phase.SCHEDULED if planned else None
    impact = _IMPACT_CLASS.search(" ".join(_classes(block)))
    raw_impact = impact.group(1) if impact else ""
    begins, ends = _window(block, sheet)
    url = f"{sheet.url}/incidents/{code}" if sheet.url and OWN_ID.fullmatch(code) else ""
    is_maintenance = planned or any(update.phase in MAINTENANCE_PHASES for update in updates)
    return Incident(
        id=code,
        title=_line(link),
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=phase,
        impact=choose(raw_impact, IMPACT_WORDS, Impact.UNKNOWN, where, sheet.problems),
        url=url,
        scheduled_for=begins,
        scheduled_until=ends,
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=updates[-1].raw_phase if updates else "",
        raw_impact=raw_impact,
    )


def _classes(block: etree._Element) -> Iterator[str]:
    yield text(block.get("class"))
    for title in _all(_TITLE, block):
        yield text(title.get("class"))


def _window(block: etree._Element, sheet: Sheet) -> tuple[datetime | None, datetime | None]:
    """Start in UNIX seconds, and the end from the words beside it."""
    shown = _one(_WINDOW, block)
    begins = moment(shown.get("data-unix-time")) if shown is not None else None
    if shown is None or begins is None:
        return None, None
    words = _DASHES.sub(" - ", _line(shown))
    _, ends = scheduled_window(f"{SCHEDULED_MARK} {words}", begins, sheet.zone)
    return begins, ends if ends is not None and ends >= begins else None


def _updates(block: etree._Element, where: str, phase: Phase | None, sheet: Sheet) -> tuple[IncidentUpdate, ...]:
    """Oldest first. `phase` holds until a label tells another."""
    newest_first = _all(_UPDATES, block)
    times: list[datetime | None] = []
    bound = sheet.made_at
    for row in newest_first:
        shown = _not_after(_when(row), bound, sheet.zone)
        times.append(shown)
        bound = shown or bound
    updates: list[IncidentUpdate] = []
    for row, at in zip(reversed(newest_first), reversed(times), strict=True):
        label, body, raw = _message(row)
        phase = read_phase(label, where, sheet.problems) or phase
        updates.append(IncidentUpdate("", phase, body, at, raw=raw, raw_phase=label))
    return tuple(updates)


def _when(row: etree._Element) -> str:
    """`Oct 18, 12:42 EDT`, without the words `Posted on` that precede it in a plan."""
    small = row.find(".//small")
    return _line(small).removeprefix("Posted on").strip() if small is not None else ""


def _not_after(shown: str, bound: datetime, zone: str | None) -> datetime | None:
    """The moment shown, in the latest year that does not put it after `bound` (give or take half a day)."""
    return yearless(shown, bound - HALF_A_YEAR, zone) if shown else None


def _message(row: etree._Element) -> tuple[str, str, str]:
    """Label, text and markup of an update: `<strong>Label</strong> - text<br><small>time</small>`."""
    markup = etree.tostring(row, encoding="unicode", method="html", with_tail=False)
    inner = markup.partition(">")[2].rpartition("</")[0].partition("<small")[0].strip()
    label = ""
    if inner.startswith("<strong>"):
        label, _, inner = inner.removeprefix("<strong>").partition("</strong>")
        inner = _DASH.sub("", inner)
    inner = inner.strip().removesuffix("<br>").strip()
    body = html_text(inner).strip()
    return html_text(label).strip(), body, inner if inner != body else ""
