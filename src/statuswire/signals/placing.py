"""Which page, and which of its components, a word of a sender is about: by its labels. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from statuswire.signals.base import MAX_NAME, Reading


@dataclass(frozen=True, slots=True)
class Rule:
    """What has all these labels, whose values are globs, is about this component of this page; an empty `component`
    leaves that to the label for it."""

    match: Mapping[str, str]
    page: str
    component: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules in order, and the labels by which senders name page and component themselves."""

    rules: Sequence[Rule] = ()
    page_label: str = "status_page"
    component_label: str = "status_component"


@dataclass(frozen=True, slots=True)
class Place:
    page: str
    component: str = ""


def place(one: Reading, plan: Plan, page: str) -> Place | None:
    """Where it belongs. `page` is that of the address it came to, empty for the address of all pages; None where
    nothing says of which page it is, or something else than the address does."""
    if page and one.page not in ("", page):
        return None
    rule = next((rule for rule in plan.rules if _meets(rule, one, page)), None)
    named = one.component or (rule.component if rule else "") or one.labels.get(plan.component_label, "")
    found = page or one.page or (rule.page if rule else "") or one.labels.get(plan.page_label, "")
    return Place(found, named[:MAX_NAME]) if found else None


def _meets(rule: Rule, one: Reading, page: str) -> bool:
    wanted = page or one.page
    if wanted and rule.page != wanted:
        return False
    return bool(rule.match) and all(
        fnmatchcase(one.labels.get(name, "").casefold(), glob.casefold()) and name in one.labels
        for name, glob in rule.match.items()
    )
