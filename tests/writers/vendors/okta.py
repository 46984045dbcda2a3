"""Okta's own page: records of Salesforce in hidden elements, each with the whole text so far, the newest words first.

Known from clients (checked 2026-11). As no message can be told apart, a correction of an old one cannot either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import msgspec

from statuswire.model import Kind, Phase, Status
from statuswire.platforms.vendors import okta
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp, window
from tests.writers.sayings import hit_at, paragraphs, part_name

HOME = "https://status.okta.com"
WORDS = {Phase.IN_PROGRESS: "In Progress"}


def write(provider: Provider, url: str) -> bytes | None:
    """The page for people, where what is over stays for a while."""
    if url != f"{HOME}/":
        return None
    told = {kind: [_record(one) for one in reversed(provider.alive()) if one.kind is kind] for kind in Kind}
    cells = ", ".join(provider.components)
    return (
        "<!DOCTYPE html><html><head><title>Okta Status</title></head><body><div>"
        f"{_element('incidents', _json(told[Kind.INCIDENT]))}"
        f"{_element('planned-outages', _json(told[Kind.MAINTENANCE]))}{_element('cellList', cells)}</div></body></html>"
    ).encode()


def phase(phase: Phase, _: int) -> Phase:
    if phase is Phase.VERIFYING:
        return Phase.IN_PROGRESS
    return Phase.RESOLVED if phase is Phase.POSTMORTEM else phase


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """All that was said, as the newest of it."""
    return (replace(in_order(one)[-1], text=_log(one)),)


def _element(name: str, content: str) -> str:
    return f'<span data-id="{name}" style="display:none">{escape(content)}</span>'


def _json(records: list[dict[str, object]]) -> str:
    return msgspec.json.encode(records).decode()


def _record(one: TrueIncident) -> dict[str, object]:
    begins, ends = window(one) if one.kind is Kind.MAINTENANCE else (one.created_at, in_order(one)[-1].at)
    return {
        "Id": one.id,
        "Status__c": WORDS.get(one.phase, one.phase.value.capitalize()),
        "Category__c": "Service Degradation",
        "Service_Feature__c": "core",
        "Incident_Title__c": one.title,
        "CreatedDate": stamp(one.created_at),
        "Start_Date__c": stamp(begins),
        "End_Date__c": None if one.kind is Kind.INCIDENT and one.is_open else stamp(ends),
        "Last_Updated__c": stamp(one.updated_at),
        "Impacted_Cells__c": ";".join(one.components),
        "Log__c": paragraphs(_log(one)),
    }


def _log(one: TrueIncident) -> str:
    return "\n\n".join(update.text for update in reversed(in_order(one)))


def _cells(one: TrueIncident) -> Sequence[str]:
    """A plan moves no cell before its time."""
    return () if one.phase is Phase.SCHEDULED else one.components


WRITER = Writer(
    platform=okta.PLATFORM,
    write=write,
    component_id=part_name,
    phase=phase,
    page_url=HOME,
    shown=shown,
    level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}, _cells),
    has_renaming=False,
    has_edits=False,
)
