"""Instances of Salesforce, the rows that a customer runs on, in the groups of their products.

{"key": "EU45", "location": "EMEA", "environment": "production", "isActive": true, "status": "OK",
 "Products": [{"key": "Sales_Cloud", "order": 1}], "Incidents": [...], "Maintenances": [...]}
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from statuswire.model import Component, Problem, Status
from statuswire.platforms.reading import as_mapping, choose, flag, ident, items, text, title

Fields = Mapping[str, object]

LEVELS: Final[dict[str, Status]] = {
    "ok": Status.OPERATIONAL,
    "informational": Status.OPERATIONAL,
    "maintenancecore": Status.MAINTENANCE,
    "maintenancenoncore": Status.MAINTENANCE,
    "unplannedmaintenancecore": Status.MAINTENANCE,
    "minorincidentnoncore": Status.DEGRADED,
    "minorincidentcore": Status.DEGRADED,
    "majorincidentnoncore": Status.PARTIAL_OUTAGE,
    "majorincidentcore": Status.MAJOR_OUTAGE,
}

CORE: Final = "Salesforce Services"
"""The product of instances that run several clouds at once."""


def read_instance(fields: Fields, place: int, where: str, problems: list[Problem]) -> Component | None:
    """The row of an instance; None for one that was retired, and, named, for one without key."""
    key = ident(fields.get("key"))
    if not key:
        problems.append(Problem(where, "an instance without key"))
        return None
    if "isActive" in fields and not flag(fields["isActive"]):
        return None
    word = fields.get("status")
    if word != "OK":
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
        return Component(key, key, _group(fields), level, text(word, 60), position=place)
    return _well(key, _group(fields), place)


@lru_cache(maxsize=4096)
def _well(key: str, group: str | None, place: int) -> Component:
    """Nearly all instances are well, poll after poll."""
    return Component(key, key, group, Status.OPERATIONAL, "OK", position=place)


def _group(fields: Fields) -> str | None:
    """The product, the family of clouds where there are several, else where it stands."""
    listed = fields.get("Products")
    keys = [as_mapping(product).get("key") for product in listed[:2]] if isinstance(listed, list) else []
    named = [key for key in keys if isinstance(key, str) and key]
    if len(named) == 1:
        return _product(named[0])
    return CORE if named else title(fields.get("location")) or None


@lru_cache(maxsize=256)
def _product(key: str) -> str:
    return title(key.replace("_", " ")) or key[:60]


def read_product(fields: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    """The instances of a product; their levels only where they are given."""
    group = title(fields.get("name")) or title(fields.get("key")).replace("_", " ") or None
    rows: dict[str, Component] = {}
    for place, instance in items(fields.get("Instances"), "Instances", problems):
        where = f"Instances[{place}]"
        key = ident(instance.get("key"))
        if not key:
            problems.append(Problem(where, "an instance without key"))
            continue
        word = instance.get("status")
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
        rows[key] = Component(key, key, group, level, text(word, 60), position=place, lacks_status=word is None)
    return tuple(rows.values())
