"""The page for people of StatusCast: the only place that lists components.

    <div class="incident-body incident-type-serviceunavailable incident-status-inprogress"> icon, link, date </div>
    <div role="list"> <div class="incident-update-body"> date, [in progress], text </div> </div>
    <tr data-id="510166" data-pid="0" data-path="510166"> name, then one cell for each of the last days </tr>

The cell of a day keeps the worst level of that day until midnight (captured 2023-01 and 2023-02, checked 2026-11), so
it is no present level unless it says `available`. The icon of an incident moves with it and is that of its present
level: where an open incident names a component, that counts; where only closed ones do, the component is well again;
where neither does, nothing is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
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
from statuswire.platforms.addresses import root_of
from statuswire.platforms.reading import choose, load_html, moment, text, title
from statuswire.platforms.statuscast_terms import (
    IMPACTS,
    KINDS,
    LEVELS,
    NAME,
    PHASES,
    TYPE_IMPACTS,
    incident_number,
)
from statuswire.platforms.words import IMPACT_ORDER, STATUS_IMPACT

ROWS_MARK: Final = "incident-body incident-type-"
HERO_MARK: Final = "sc-hero__title"

_AHEAD: Final = timedelta(minutes=10)
"""A post dated further ahead shows when the work is planned for, not when it was written."""

_TYPE: Final = re.compile(r"\bincident-type-(\w{1,60})")
_STATUS: Final = re.compile(r"\bincident-status-(\w{1,60})")
_WORST: Final = re.compile(r"\bincident-mostsevere-status-(\w{1,60})")
_LEVEL: Final = re.compile(r"\bcomponent-(\w{1,60})")
_POST_STATUS: Final = re.compile(r"(?<!\S)status-(\w{1,60})")


@dataclass(frozen=True, slots=True)
class _Row:
    """An incident as the page shows it, with the level of its icon."""

    incident: Incident
    level: Status


def read_page(document: Document) -> Snapshot:
    """Components, and the incidents that the page lists. Raises ParseError."""
    root = load_html(document)
    problems: list[Problem] = []
    rows = _incident_rows(root, document, problems)
    components = _components(root, rows, problems)
    hero = _words(next(iter(root.find_class(HERO_MARK)), None))
    if not rows and not components and not hero:
        raise ParseError(ParseReason.HTML, "a web page without the rows of a StatusCast page")
    level = choose(hero, LEVELS, Status.UNKNOWN, "the title of the page", problems) if hero else None
    return Snapshot(
        NAME,
        page=PageFacts(status=level, status_text=hero),
        covers=frozenset({Cover.COMPONENTS}) if components and not _are_cut(problems) else frozenset(),
        components=components,
        incidents=tuple(_with_ids(row.incident, components) for row in rows),
        problems=tuple(problems),
    )


def _are_cut(problems: Sequence[Problem]) -> bool:
    return any(problem.where.startswith("components[") and "." not in problem.where for problem in problems)


def _words(element: HtmlElement | None) -> str:
    return title(element.text_content()) if element is not None else ""


def _first(element: HtmlElement, name: str) -> HtmlElement | None:
    return next(iter(element.find_class(name)), None)


# --- incidents -------------------------------------------------------------------------------------------------------


def _incident_rows(root: HtmlElement, document: Document, problems: list[Problem]) -> tuple[_Row, ...]:
    """Each incident once, though several lists of a page may show it."""
    found: dict[str, _Row] = {}
    for place, body in enumerate(root.find_class("incident-body")):
        row = _incident_row(body, f"incidents[{place}]", document, problems)
        if row is not None:
            found.setdefault(row.incident.id, row)
    return tuple(found.values())


def _incident_row(body: HtmlElement, where: str, document: Document, problems: list[Problem]) -> _Row | None:
    classes = str(body.get("class", ""))
    links = (str(link.get("href", "")) for link in body.iter("a"))
    number = next(filter(None, map(incident_number, links)), "")
    if not number:
        problems.append(Problem(where, "an incident without a link to itself"))
        return None
    of_type = _word_of(_TYPE, classes)
    kind = choose(of_type, KINDS, Kind.INCIDENT, f"{where}.type", problems)
    word = _word_of(_STATUS, classes)
    phase = choose(word, PHASES[kind], Phase.UNKNOWN, f"{where}.status", problems)
    begun = moment(_words(_first(body, "incident-date")), document.time_zone)
    level = _icon_level(body, where, problems)
    root = root_of(document.url)
    incident = Incident(
        number,
        _words(body.find(".//h2")) or "Incident",
        kind,
        phase,
        _impact(classes, of_type, level, where, problems),
        f"{root}/incident/{number}" if root else "",
        started_at=begun if kind is Kind.INCIDENT else None,
        scheduled_for=begun if kind is Kind.MAINTENANCE else None,
        components=_badges(body),
        updates=_posts(body, kind, document),
        raw_phase=word,
        raw_impact=of_type,
    )
    return _Row(incident, level)


def _word_of(pattern: re.Pattern[str], classes: str) -> str:
    found = pattern.search(classes)
    return found[1] if found else ""


def _icon_level(body: HtmlElement, where: str, problems: list[Problem]) -> Status:
    icons = (str(icon.get("class", "")) for holder in body.find_class("incident-icon") for icon in holder.iter("i"))
    word = next(filter(None, (_word_of(_LEVEL, classes) for classes in icons)), "")
    return choose(word, LEVELS, Status.UNKNOWN, f"{where}.icon", problems)


def _impact(classes: str, of_type: str, level: Status, where: str, problems: list[Problem]) -> Impact:
    """The worst it ever was where the row says so, else what its type implies, else by its present level."""
    worst = _word_of(_WORST, classes)
    if worst:
        return choose(worst, IMPACTS, Impact.UNKNOWN, f"{where}.worst", problems)
    if of_type in TYPE_IMPACTS:
        return TYPE_IMPACTS[of_type]
    now = STATUS_IMPACT.get(level, Impact.UNKNOWN)
    return Impact.UNKNOWN if now is Impact.NONE else now


def _badges(body: HtmlElement) -> tuple[AffectedComponent, ...]:
    badges = (badge for badge in body.find_class("badge-component") if not badge.get("data-show"))
    names = dict.fromkeys(filter(None, map(_words, badges)))
    return tuple(AffectedComponent("", name) for name in names)


def _posts(body: HtmlElement, kind: Kind, document: Document) -> tuple[IncidentUpdate, ...]:
    """The posts in the list that follows the row, oldest first; the page shows the newest one or all."""
    following = body.getnext()
    if following is None or following.get("role") != "list":
        return ()
    posts = [_post(post, kind, document) for post in following.find_class("incident-update-body")]
    return tuple(post for post in reversed(posts) if post.text)


def _post(post: HtmlElement, kind: Kind, document: Document) -> IncidentUpdate:
    mark = _first(post, "incident-status")
    word = _word_of(_POST_STATUS, str(mark.get("class", ""))) if mark is not None else ""
    when = moment(_words(_first(post, "incident-update-when")), document.time_zone)
    told = _first(post, "incident-update-text")
    shown = _text(told).removeprefix(_words(mark)).strip() if told is not None else ""
    is_plan = when is not None and when > document.served_at + _AHEAD
    return IncidentUpdate("", PHASES[kind].get(word), shown, None if is_plan else when, raw_phase=word)


def _text(element: HtmlElement) -> str:
    """The words of a post, a line for each paragraph."""
    lines = (" ".join(part.split()) for part in text(_lined(element)).replace("\ufeff", "").split("\n"))
    return "\n".join(filter(None, lines))


def _lined(element: HtmlElement) -> str:
    parts: list[str] = [_source_line(element.text)]
    for inner in element.iterdescendants():
        is_break = inner.tag in ("p", "br", "li", "div")
        parts += ["\n" if is_break else "", _source_line(inner.text), _source_line(inner.tail)]
    return "".join(parts)


def _source_line(words: str | None) -> str:
    return " ".join(f"|{words}|".split())[1:-1] if words else ""


# --- components ------------------------------------------------------------------------------------------------------


def _components(root: HtmlElement, rows: Sequence[_Row], problems: list[Problem]) -> tuple[Component, ...]:
    """Every row of the grid is a component: incidents name parents directly too. The group is the path of parents."""
    open_levels, settled = _told_levels(rows)
    found: dict[str, Component] = {}
    for place, row in enumerate(_grid_rows(root)):
        own_id, name = title(row.get("data-id")), _row_name(row)
        if not own_id or not name:
            problems.append(Problem(f"components[{place}]", "a row without id or name"))
            continue
        where = f"components[{place}].level"
        if own_id not in found:
            component = _leveled(Component(own_id, name), _today(row), open_levels, settled, where, problems)
            found[own_id] = replace(component, group=_group(row, found))
    return tuple(found.values())


def _grid_rows(root: HtmlElement) -> Iterator[HtmlElement]:
    return (row for row in root.iter("tr") if row.get("data-path"))


def _row_name(row: HtmlElement) -> str:
    return next(filter(None, map(_words, row.iter("a"))), "") or _words(next(iter(row.iter("td")), None))


def _group(row: HtmlElement, found: dict[str, Component]) -> str | None:
    path = str(row.get("data-path")).split("-")[:-1]
    return " / ".join(found[part].name for part in path if part in found) or None


def _today(row: HtmlElement) -> str:
    """The word of the first day's cell; the days run backwards from today."""
    icons = (str(icon.get("class", "")) for icon in row.iter("i"))
    return next(filter(None, (_word_of(_LEVEL, classes) for classes in icons)), "")


def _told_levels(rows: Sequence[_Row]) -> tuple[dict[str, Status], frozenset[str]]:
    """By name: the worst level of the open incidents that name a component, and who stands in closed ones."""
    levels: dict[str, Status] = {}
    settled: set[str] = set()
    for row in rows:
        names = [one.name for one in row.incident.components or ()]
        phase = row.incident.phase or Phase.UNKNOWN
        if phase.is_closed:
            settled.update(names)
        elif phase not in (Phase.SCHEDULED, Phase.UNKNOWN):
            levels.update({name: _worse(levels.get(name), row.level) for name in names})
    return levels, frozenset(settled)


def _worse(one: Status | None, other: Status) -> Status:
    if one is None:
        return other
    return max(one, other, key=lambda level: IMPACT_ORDER.index(STATUS_IMPACT.get(level, Impact.UNKNOWN)))


def _leveled(
    component: Component,
    today: str,
    open_levels: dict[str, Status],
    settled: frozenset[str],
    where: str,
    problems: list[Problem],
) -> Component:
    level = choose(today, LEVELS, Status.UNKNOWN, where, problems)
    if level in (Status.OPERATIONAL, Status.UNKNOWN):
        return replace(component, status=level, raw_status=today)
    if component.name in open_levels:
        return replace(component, status=open_levels[component.name])
    if component.name in settled:
        return replace(component, status=Status.OPERATIONAL)
    return replace(component, lacks_status=True)


def _with_ids(incident: Incident, components: Sequence[Component]) -> Incident:
    """Badges have names only: the id is the component's where exactly one has that name."""
    owners: dict[str, list[Component]] = {}
    for component in components:
        owners.setdefault(component.name, []).append(component)
    named = tuple(
        AffectedComponent(owners[one.name][0].id, one.name, owners[one.name][0].group)
        if len(owners.get(one.name, ())) == 1
        else one
        for one in incident.components or ()
    )
    return replace(incident, components=named)
