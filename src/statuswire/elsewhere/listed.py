"""The nouns of an import: what another tool's file lists, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry. `is_page`: the format says that the address is a status page. `is_check`: it is an address that is
    checked, and a vendor's one speaks of dependence on the vendor; a feed that somebody reads does not. `reason`: why
    it cannot become a page, as far as the reader knows."""

    name: str
    url: str = ""
    slug: str = ""
    is_page: bool = True
    is_check: bool = False
    reason: str = ""


class Outcome(StrEnum):
    """CATALOG: a page of the catalog. ADDRESS: a page by its address. WATCHED: it is watched already, or listed twice.
    LEFT_OUT: no page of ours."""

    CATALOG = "catalog"
    ADDRESS = "address"
    WATCHED = "watched"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of an entry: the page as the configuration has it (empty where there is none), and why."""

    listed: Listed
    outcome: Outcome
    why: str
    page: dict[str, object] = field(default_factory=dict)
