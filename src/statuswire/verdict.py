"""What one look at a page found, from the snapshots of its documents to one level. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from statuswire.catalog import Target
from statuswire.channels import wording
from statuswire.model import Component, Cover, FeedSpec, Incident, Kind, PageFacts, Phase, Problem, Snapshot, Status
from statuswire.platforms.reading import split_url

RECENT = timedelta(hours=24)
STALE = timedelta(days=30)

EXIT_CODES: dict[Status, int] = {
    Status.OPERATIONAL: 0,
    Status.MAINTENANCE: 0,
    Status.DEGRADED: 1,
    Status.PARTIAL_OUTAGE: 2,
    Status.MAJOR_OUTAGE: 2,
    Status.UNKNOWN: 3,
}
"""Of `statuswire status`; a planned maintenance is nothing wrong."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a verdict: where it was seen, and what it was."""

    source: str
    finding: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a page. `platform` None: nothing could be recognised, and `doubts` say why.

    `feeds` are the addresses to poll, `read` those that were read for this, `snapshots` what they said. `page_id` is
    the provider's id of the page where the platform cannot be polled without it; `requests` how often we asked.
    `is_moved_for_good`: the address given leads to another host by a permanent redirect.
    """

    target: Target
    looked_at: datetime
    platform: str | None = None
    page_id: str | None = None
    is_moved_for_good: bool = False
    evidence: tuple[Evidence, ...] = ()
    feeds: tuple[FeedSpec, ...] = ()
    read: tuple[str, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    doubts: tuple[str, ...] = ()
    requests: int = 0

    @property
    def page(self) -> PageFacts:
        """What the documents say of the page, the first word on each point."""
        facts = [snapshot.page for snapshot in self.snapshots]
        return PageFacts(
            id=_first(one.id for one in facts),
            name=_first(one.name for one in facts),
            url=_first(one.url for one in facts),
            time_zone=_first(one.time_zone for one in facts),
            status=next((one.status for one in facts if one.status is not None), None),
            status_text=_first(one.status_text for one in facts) or "",
        )

    @property
    def name(self) -> str:
        return self.target.name if self.target.is_named else self.page.name or self.target.name

    @property
    def components(self) -> tuple[Component, ...]:
        """Of the documents that each show one part of the page, else of the one that shows most; levels and groups that
        it leaves to others are theirs."""
        parts = tuple(row for snapshot in self.snapshots if snapshot.within for row in snapshot.components)
        shown = parts or max((snapshot.components for snapshot in self.snapshots), key=len, default=())
        grouped = tuple(map(self._in_its_group, shown)) if any(row.lacks_group for row in shown) else shown
        return self._with_levels(grouped) if any(row.lacks_status for row in shown) else grouped

    def _in_its_group(self, row: Component) -> Component:
        """With the group that another document names."""
        others = (one for snapshot in self.snapshots for one in snapshot.components if one.id == row.id and one.group)
        found = next(others, None) if row.lacks_group else None
        return replace(row, group=found.group, lacks_group=False) if found else row

    def _with_levels(self, listed: tuple[Component, ...]) -> tuple[Component, ...]:
        """A list without levels, and what other documents say of it and beside it."""
        stated = {row.id: row for one in self.snapshots for row in one.components if not row.lacks_status}
        is_rest_well = any(Cover.TROUBLED in one.covers for one in self.snapshots)
        rest = Status.OPERATIONAL if is_rest_well else Status.UNKNOWN
        rows = {row.id: replace(row, status=rest, lacks_status=not is_rest_well) for row in listed}
        return tuple((rows | {id_: _named(row, rows.get(id_)) for id_, row in stated.items()}).values())

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Each once, as the document with most updates tells it."""
        found: dict[str, Incident] = {}
        for incident in (one for snapshot in self.snapshots for one in snapshot.incidents):
            known = found.get(incident.id)
            if known is None or len(incident.updates) > len(known.updates):
                found[incident.id] = incident
        return tuple(found.values())

    @property
    def open_incidents(self) -> tuple[Incident, ...]:
        """Those that a phase says are open, a maintenance only while it runs."""
        return tuple(one for one in self.incidents if is_open(one))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for snapshot in self.snapshots for problem in snapshot.problems)

    @property
    def status(self) -> Status:
        """The worst that roll-up, components and open incidents say; unknown where nothing was read.

        Roll-ups lie in both directions, so one that is green never hides a component or an incident that is not.
        """
        if not self.snapshots:
            return Status.UNKNOWN
        levels = [self.page.status] if self.page.status is not None else []
        levels += [one.status for one in self.components if one.status is not Status.UNKNOWN]
        levels += [incident_level(one) for one in self.open_incidents]
        return wording.worst(levels) or self._level_of_a_feed()

    def _level_of_a_feed(self) -> Status:
        """A feed tells no level: fine when every recent entry has ended, unknown when one does not say."""
        undecided = (one for one in self.incidents if phase_of(one) in (None, Phase.UNKNOWN))
        return Status.UNKNOWN if any(self._is_recent(one) for one in undecided) else Status.OPERATIONAL

    def _is_recent(self, incident: Incident) -> bool:
        moments = [update.at for update in incident.updates if update.at is not None]
        newest = max([*moments, *filter(None, (incident.updated_at, incident.started_at))], default=None)
        return newest is not None and self.looked_at - newest < RECENT


def _named(row: Component, listed: Component | None) -> Component:
    """A row that gives a level, with the name and the group that the list has for it where it has none itself."""
    if listed is None:
        return row
    return replace(row, name=row.name or listed.name, group=row.group or listed.group, position=listed.position)


def phase_of(incident: Incident) -> Phase | None:
    """The incident's own phase, else that of its latest update which has one."""
    if incident.phase is not None:
        return incident.phase
    return next((update.phase for update in reversed(incident.updates) if update.phase is not None), None)


def is_open(incident: Incident) -> bool:
    phase = phase_of(incident)
    if phase is None or phase is Phase.UNKNOWN or phase.is_closed:
        return False
    return incident.kind is Kind.INCIDENT or phase is not Phase.SCHEDULED


def incident_level(incident: Incident) -> Status:
    if incident.kind is Kind.MAINTENANCE:
        return Status.MAINTENANCE
    return wording.IMPACT_LEVELS[incident.impact]


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """2 an outage, 1 something degraded, 3 something unknown, 0 all fine: what is known to be wrong counts first."""
    return EXIT_CODES[wording.worst(verdict.status for verdict in verdicts) or Status.UNKNOWN]


def doubts_about(verdict: Verdict) -> tuple[str, ...]:
    """Reasons to look at the page oneself before trusting the verdict."""
    checks = (_other_host(verdict), _frozen(verdict), _nothing_to_watch(verdict), _unread_items(verdict.problems))
    return tuple(filter(None, checks))


def groups_of(components: Sequence[Component]) -> dict[str | None, list[Component]]:
    """Components by group, groups in the order in which the page shows them."""
    groups: dict[str | None, list[Component]] = {}
    for one in sorted(components, key=lambda one: one.position):
        groups.setdefault(one.group, []).append(one)
    return groups


def _other_host(verdict: Verdict) -> str:
    told, asked = _host(verdict.page.url or ""), _host(verdict.target.url)
    return f"the document says that it belongs to {told}, not {asked}" if told and asked and told != asked else ""


def _frozen(verdict: Verdict) -> str:
    stamps = [one.as_of for one in verdict.snapshots if one.as_of is not None]
    if not stamps or verdict.status is Status.OPERATIONAL or verdict.looked_at - max(stamps) < STALE:
        return ""
    return f"it shows something wrong but has not changed since {max(stamps):%Y-%m-%d}: the page may be abandoned"


def _nothing_to_watch(verdict: Verdict) -> str:
    empty = bool(verdict.snapshots) and not verdict.components and not verdict.incidents
    return "it names no components and no incidents" if empty else ""


def _unread_items(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    first = problems[0]
    return f"{len(problems)} items or words were not understood, the first at {first.where}: {first.reason}"


def _host(url: str) -> str:
    """The host of an address, which may be the provider's own idea of one; empty where it is none."""
    parts = split_url(url)
    return ((parts and parts.hostname) or "").removeprefix("www.")


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
