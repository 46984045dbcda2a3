"""The regions of Azure by the names that its status page shows, to tell them from the services among the categories.

From the public list of regions (learn.microsoft.com, "List of Azure regions"), checked 2026-11. New regions are named
after a point of the compass and a place, either way round; services never begin with a point of the compass.
"""

from __future__ import annotations

import re
from typing import Final

_PAIRS: Final = {
    "Australia": "Central, Central 2, East, Southeast",
    "Austria": "East",
    "Belgium": "Central",
    "Brazil": "South, Southeast, Northeast",
    "Canada": "Central, East",
    "Chile": "Central",
    "China": "East, East 2, East 3, North, North 2, North 3",
    "Denmark": "East",
    "Finland": "Central",
    "France": "Central, South",
    "Germany": "Central, North, Northeast, West Central",
    "Greece": "Central",
    "India": "Central, South, West",
    "Indonesia": "Central",
    "Israel": "Central, Northwest",
    "Italy": "North",
    "Japan": "East, West",
    "Jio India": "Central, West",
    "Korea": "Central, South",
    "Malaysia": "South, West",
    "Mexico": "Central",
    "New Zealand": "North",
    "Norway": "East, West",
    "Poland": "Central",
    "Qatar": "Central",
    "Saudi Arabia": "East",
    "South Africa": "North, West",
    "Spain": "Central",
    "Sweden": "Central, South",
    "Switzerland": "North, West",
    "Taiwan": "North, Northwest",
    "UAE": "Central, North",
    "UK": "North, South, South 2, West",
    "US DoD": "Central, East",
    "US Gov": "Arizona, Iowa, Texas, Virginia",
}
REGIONS: Final = frozenset(
    f"{place} {point}".casefold() for place, points in _PAIRS.items() for point in points.split(", ")
)

_POINT: Final = re.compile(
    r"(?:(?:north|south|east|west|central|northeast|northwest|southeast|southwest) ){1,2}\w[\w ]{1,30}", re.IGNORECASE
)
_GLOBAL: Final = frozenset({"global", "non-regional", "*non-regional", "worldwide", "all regions"})


def is_region(name: str) -> bool:
    """Whether a category names a region, and not a service."""
    folded = name.casefold()
    return folded in REGIONS or _POINT.fullmatch(name) is not None


def is_global(name: str) -> bool:
    """Whether it names all regions, or what is in none."""
    return name.casefold() in _GLOBAL
