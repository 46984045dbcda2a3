"""Instatus as people see it: the page with its data inside, of today in the stream of Next.js, of before in one script.

Shape from captured pages of 2023 and 2026 (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec

from statuswire.model import Component, Kind
from statuswire.platforms import instatus
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer, start_page
from .instatus import LEVELS, component_id, impact_of, incident_id, phase, word_of
from .markup import in_order, next_page, stamp, window


def write(around: Callable[[dict[str, object]], bytes], provider: Provider, _: str) -> bytes:
    """The page with every notice there ever was."""
    shown = list(reversed(provider.alive()))
    going_on = [one for one in shown if one.is_open]
    past = [_notice(provider, one) for one in shown if not one.is_open]
    site = {
        "id": "cm7k0a1b2000zabcdefghijkl",
        "status": "UP",
        "name": "Acme Relay",
        "subdomain": "acme-relay",
        "customDomain": PAGE_URL.removeprefix("https://"),
        "languageUrl": "https://lang.instatus.com",
        "components": [_component(one) for one in provider.components.values()],
    }
    return around(
        {
            "url": PAGE_URL.removeprefix("https://"),
            "site": site,
            "activeIncidents": [_notice(provider, one) for one in going_on if one.kind is Kind.INCIDENT],
            "activeMaintenances": [_notice(provider, one) for one in going_on if one.kind is Kind.MAINTENANCE],
            "dailyGroupedNotices": [{"dayStr": "Mon May 04 2026", "notices": past}],
            "notices": {},
        }
    )


def in_script(fields: dict[str, object]) -> bytes:
    """A page of up to 2023."""
    inside = msgspec.json.encode({"props": {"pageProps": fields}}).decode().replace("<", "\\u003c")
    script = f'<script id="__NEXT_DATA__" type="application/json">{inside}</script>'
    head = "<!DOCTYPE html><html><head><title>Acme Relay Status</title></head>"
    return f'{head}<body><div id="__next"></div>{script}</body></html>'.encode()


def in_stream(fields: dict[str, object]) -> bytes:
    """A page of today."""
    return next_page("Acme Relay - Status", fields)


def _component(one: Component) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "showUptime": True,
        "status": LEVELS[one.status],
        "order": 1,
        "description": "",
        "group": None,
    }


def _notice(provider: Provider, one: TrueIncident) -> dict[str, object]:
    affected = [provider.components[id_] for id_ in one.components]
    begins = {"start": stamp(window(one)[0]), "duration": 60}
    started = {"started": stamp(one.created_at), "resolved": None if one.is_open else stamp(one.updates[-1].at)}
    return {
        "id": incident_id(one),
        "name": one.title,
        **(begins if one.kind is Kind.MAINTENANCE else started),
        "status": word_of(one.phase),
        "impact": impact_of(one),
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "components": [{"id": each.id, "name": each.name, "status": LEVELS[each.status]} for each in affected],
        "updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": f"cm9x1y2z4{int(update.token[1:]):016}",
        "started": stamp(update.at),
        "status": word_of(update.phase),
        "message": update.text,
        "messageHtml": f"<p>{update.text}</p>",
        "createdAt": stamp(update.at),
        "updatedAt": stamp(update.edited_at),
    }


_ANY = partial(
    Writer,
    platform=replace(instatus.PLATFORM, feeds=start_page),
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
)
WRITERS = (_ANY(write=partial(write, in_stream)), _ANY(write=partial(write, in_script)))
