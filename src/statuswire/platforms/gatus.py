"""Gatus, self-hosted (<https://github.com/TwiN/gatus>).

Read from the vendor's source, version 5 (`api/`, `config/announcement`, `config/suite`; checked 2026-11):

    /api/v1/endpoints/statuses?page=1&pageSize=1  [{name, group, key, results: [{success, timestamp, errors}]}]
    /api/v1/endpoints/<key>/statuses              one of them, with `events: [{type, timestamp}]`
    /api/v1/suites/statuses                       [{name, groups, key, results}], in newer releases
    /api/v1/config                                {oidc, authenticated, announcements: [{timestamp, type, message}]}

Results stand oldest first; the newest one is the level. A page beyond the data has endpoints without results. There are
no incidents, only announcements, which the owner edits in a configuration file: the moment and the type identify one,
and the moment alone where no other shares it, so that an outage that becomes "operational" is still the same. An
announcement has no title: its first line is shown as one. Maintenance windows are not published.

Suites are asked for after the endpoints have changed, and left out where a release has none. Their keys look like those
of endpoints, so that the id of a suite is `suite/<key>`, and either list covers its own kind alone. The API answers 401
where the page asks for a login.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import load_parts, whole
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    item_parts,
    items,
    moment,
    plain,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight

NAME: Final = "gatus"
Fields = Mapping[str, object]

ANNOUNCEMENTS_AT: Final = timedelta(minutes=5)
STATUSES: Final = "/api/v1/endpoints/statuses"
NEWEST: Final = "?page=1&pageSize=1"
"""One result for each endpoint; fifty are sent unless less is asked for."""

RESULTS: Final[Mapping[str, Status]] = {
    "success": Status.OPERATIONAL,
    "failure": Status.MAJOR_OUTAGE,
    "nodata": Status.UNKNOWN,
}
_WORDS: Final = {True: "success", False: "failure"}

ANNOUNCED: Final[Mapping[str, tuple[Impact, Phase]]] = {
    "outage": (Impact.MAJOR, Phase.INVESTIGATING),
    "warning": (Impact.MINOR, Phase.INVESTIGATING),
    "information": (Impact.NONE, Phase.INVESTIGATING),
    "operational": (Impact.UNKNOWN, Phase.RESOLVED),
    "none": (Impact.NONE, Phase.INVESTIGATING),
}
"""What the type of an announcement says: how bad, and whether it goes on."""

CHANGES: Final[Mapping[str, str]] = {"HEALTHY": "success", "UNHEALTHY": "failure"}
"""Events of one endpoint: recovery and failure. `START` is that of the monitoring itself."""

SUITES: Final = "/api/v1/suites/statuses"
SUITE: Final = "suite/"
"""How the ids of suites begin."""

MESSAGE_ID: Final = "message"
_LONGEST_TITLE: Final = 120

_SINGLE: Final = re.compile(r"/api/v1/(?:(?:endpoints|suites)/(?:[^/]+/)?statuses|config)/?$")
_INSIDE: Final = re.compile(r"/(?:endpoints/[^/]*|suites/[^/]*|api(?:/v1)?)/?$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The URLs to poll, or the one document that `page_url` itself names."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if _SINGLE.search(address.path):
        return (FeedSpec(page_url, Role.STATE),)
    base = f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path).rstrip('/')}"
    return (
        FeedSpec(f"{base}{STATUSES}{NEWEST}", Role.STATE),
        FeedSpec(f"{base}/api/v1/config", Role.STATE, every=ANNOUNCEMENTS_AT),
    )


def parse(document: Document) -> Snapshot:
    """Read any document, told by content; raises ParseError."""
    loaded = load_parts(document)
    if isinstance(loaded, list):
        return _read_statuses(loaded, is_of_suites="/suites/" in document.url or _are_suites(loaded))
    fields = {name: whole(one) for name, one in as_mapping(loaded).items()}
    if _is_config(fields):
        return _read_config(fields)
    if _is_endpoint(fields):
        return _read_one(fields)
    raise ParseError(ParseReason.SHAPE, "not a Gatus document: neither endpoints nor a configuration")


def recognize(sight: Sight) -> bool:
    """Endpoints or suites with results, or the configuration with announcements."""
    if isinstance(sight.json, list):
        return bool(sight.json) and all(_is_endpoint(as_mapping(row)) for row in sight.json[:5])
    return _is_config(sight.fields) or ("events" in sight.fields and _is_endpoint(sight.fields))


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The suites, beside the list of all endpoints."""
    base, found, _ = document.url.partition(STATUSES)
    return (FeedSpec(f"{base}{SUITES}{NEWEST}"),) if found else ()


def _is_config(fields: Fields) -> bool:
    return fields.keys() >= {"oidc", "authenticated"}


def _is_endpoint(fields: Fields) -> bool:
    results = fields.get("results")
    return isinstance(fields.get("key"), str) and "name" in fields and (results is None or _are_results(results))


def _are_results(results: object) -> bool:
    return isinstance(results, list) and all(
        isinstance(one, dict) and one.keys() >= {"success", "timestamp"} for one in results[:3]
    )


# --- endpoints and suites --------------------------------------------------------------------------------------


def _are_suites(rows: list[object]) -> bool:
    """A suite may be in several groups; an endpoint has one."""
    return bool(rows) and all("groups" in as_mapping(row) for row in rows)


def _read_statuses(rows: list[object], *, is_of_suites: bool) -> Snapshot:
    """The endpoints, or the suites; a list without any covers nothing."""
    problems: list[Problem] = []
    found: dict[str, Component] = {}
    for index, row in item_parts(rows, "endpoints", problems):
        component = _component(row, f"endpoints[{index}]", problems, len(found), SUITE if is_of_suites else "")
        if component is not None:
            found[component.id] = component
    if rows and not found:
        raise ParseError(ParseReason.SHAPE, "not a Gatus document: a list without endpoints")
    is_all = bool(found) and is_whole(rows, "endpoints", problems)
    return Snapshot(
        platform=NAME,
        covers=frozenset({Cover.COMPONENTS} if is_all else ()),
        components=tuple(found.values()),
        problems=tuple(problems),
        within=SUITE if is_of_suites else "",
        besides="" if is_of_suites else SUITE,
    )


def _read_one(fields: Fields) -> Snapshot:
    """One endpoint, or one suite, which says nothing of the others."""
    problems: list[Problem] = []
    component = _component(fields, "endpoint", problems, 0, SUITE if _are_suites([fields]) else "")
    return Snapshot(platform=NAME, components=(component,) if component else (), problems=tuple(problems))


@remembered
def _component(row: Fields, where: str, problems: list[Problem], position: int, prefix: str) -> Component | None:
    """`prefix` is how the ids of such rows begin."""
    key, name = ident(row.get("key")), title(row.get("name"))
    if not key or not name:
        problems.append(Problem(where, "an endpoint without key or name"))
        return None
    result = _newest(row.get("results"))
    word = _word(result, f"{where}.results", problems)
    return Component(
        id=f"{prefix}{key}",
        name=name,
        group=_group(row),
        status=RESULTS.get(word.replace(" ", ""), Status.UNKNOWN),
        raw_status=word,
        updated_at=_changed_at(row.get("events"), word) or moment(result.get("timestamp")),
        position=position,
    )


def _group(row: Fields) -> str | None:
    """Endpoints are in one group, a suite may be in several."""
    groups = row.get("groups")
    names = groups if isinstance(groups, list) else [row.get("group")]
    return " / ".join(filter(None, map(title, names))) or None


def _newest(results: object) -> Fields:
    """The newest result; empty where there is none."""
    listed = results if isinstance(results, list) else []
    return next((one for one in reversed(listed) if isinstance(one, dict)), {})


def _word(result: Fields, where: str, problems: list[Problem]) -> str:
    """What the newest result says: `success`, `failure`, or `no data`."""
    if not result:
        return "no data"
    success = result.get("success")
    if isinstance(success, bool):
        return _WORDS[success]
    problems.append(Problem(where, "a result that does not say whether it succeeded"))
    return "unknown"


def _changed_at(events: object, word: str) -> datetime | None:
    """When the present level began, by the newest event; None where that says something else."""
    listed = events if isinstance(events, list) else []
    newest = as_mapping(listed[-1]) if listed else {}
    return moment(newest.get("timestamp")) if CHANGES.get(text(newest.get("type"), 100)) == word else None


# --- announcements ---------------------------------------------------------------------------------------------


def _read_config(fields: Fields) -> Snapshot:
    """The announcements; older releases have none, and then nothing is covered."""
    problems: list[Problem] = []
    listed = fields.get("announcements")
    rows = list(items(listed, "announcements", problems))
    stamps = Counter(text(row.get("timestamp"), 100) for _, row in rows)
    found: dict[str, Incident] = {}
    for index, row in rows:
        incident = _announcement(row, f"announcements[{index}]", stamps, problems)
        if incident is not None and incident.id not in found:
            found[incident.id] = incident
        elif incident is not None:
            problems.append(Problem(f"announcements[{index}]", "another announcement of the same moment and type"))
    is_all = is_whole(listed, "announcements", problems)
    return Snapshot(
        platform=NAME,
        covers=frozenset({Cover.OPEN_INCIDENTS} if is_all else ()),
        incidents=tuple(found.values()),
        problems=tuple(problems),
    )


def _announcement(row: Fields, where: str, stamps: Mapping[str, int], problems: list[Problem]) -> Incident | None:
    stamp, kind = text(row.get("timestamp"), 100), text(row.get("type"), 100) or "none"
    told_at = moment(stamp)
    if told_at is None:
        problems.append(Problem(where, "an announcement without a moment"))
        return None
    impact, phase = choose(kind, ANNOUNCED, (Impact.UNKNOWN, Phase.UNKNOWN), f"{where}.type", problems)
    is_archived = flag(row.get("archived"))
    body, raw = plain(text(row.get("message")))
    return Incident(
        id=f"{stamp}/{kind}",
        title=_headline(body),
        phase=Phase.RESOLVED if is_archived else phase,
        impact=impact,
        created_at=told_at,
        started_at=told_at,
        updates=_said(body, raw, told_at),
        aliases=(stamp,) if stamps[stamp] == 1 else (),
        raw_phase="archived" if is_archived else kind,
        raw_impact=kind,
    )


def _said(body: str, raw: str, told_at: datetime) -> tuple[IncidentUpdate, ...]:
    """The message as the one update of the announcement; an edited one is an edit."""
    return (IncidentUpdate(MESSAGE_ID, None, body, told_at, raw=raw),) if body else ()


def _headline(body: str) -> str:
    line = title(body.partition("\n")[0])
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"


PLATFORM = Platform(
    name=NAME,
    title="Gatus",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=("Health Dashboard | Gatus",),
    probes=(f"{STATUSES}{NEWEST}",),
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        identity="the key of an endpoint or a suite; the moment and the type of an announcement",
        absence="an endpoint or a suite that is not listed is no longer checked, an announcement that is not is over",
        confidence=Confidence.HIGH,
    ),
)
