"""A word that no table knows is unknown and named: tried on each word of every golden document in JSON.

A word counts where another one in its place changes what is read; where that is so, the odd one must be in `problems`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from statuswire.errors import ParseError
from statuswire.model import Snapshot
from tests.each import each
from tests.platforms.golden import Case, cases, document_of, snapshot_of

ODD = "zzwobbly"
LONGEST_WORD = 40

KEYS = frozenset(
    (
        "status", "state", "impact", "severity", "severitySlug", "indicator", "condition", "level", "phase", "type",
        "statusType", "status_impact", "CurrentStatus", "currentStatus", "new_status", "Status", "eventStatus", "label",
        "aggregate_state", "current_incident_type", "style", "statusClass", "incident_severity", "maintenance_status",
    )
)  # fmt: skip
"""Where words for levels, phases and impacts stand."""

NO_WORDS = frozenset(
    {
        ("algolia", "type"),  # parts of an id
        ("betterstack", "type"),  # JSON:API's kinds of rows
        ("cachet", "type"),
        ("zendesk", "type"),
        ("gatus", "type"),  # events, which only say since when
        ("upptime", "type"),  # GitHub's kinds of users
        ("firehydrant", "condition"),  # of what is over, whose table may be gone
        ("salesforce", "type"),  # kinds that its makers call open-ended; only one of them lowers the level
        ("statusio", "status"),  # the owner's name for a code that stands beside it
        ("yandex", "status"),  # of a service, which nobody has listed: the level is that of its incidents
    }
)
"""What looks like such a word and is none, with why."""

DOCUMENTS = [case for case in cases() if case.path.suffix == ".json"]


@pytest.mark.parametrize("platform", sorted({case.platform for case in DOCUMENTS}))
def test_a_word_that_no_table_knows_is_named(platform: str) -> None:
    each((case for case in DOCUMENTS if case.platform == platform), _names_odd_words, lambda case: case.name)


def _names_odd_words(case: Case) -> None:
    loaded = json.loads(case.path.read_bytes())
    usual = _read(case, loaded)
    if usual is None:
        return

    silent = []
    for holder, key in _words(case.platform, loaded):
        word, holder[key] = holder[key], ODD
        odd = _read(case, loaded)
        holder[key] = word
        if odd is not None and _told(odd) != _told(usual) and not any(ODD in one.reason for one in odd.problems):
            silent.append((key, word))

    assert silent == []


def _read(case: Case, loaded: object) -> Snapshot | None:
    try:
        return snapshot_of(case.platform, document_of(case, json.dumps(loaded).encode()))
    except ParseError:
        return None


def _words(platform: str, value: object) -> Iterator[tuple[dict[str, object], str]]:
    if isinstance(value, dict):
        for key, held in value.items():
            is_word = isinstance(held, str) and 0 < len(held) < LONGEST_WORD
            if is_word and key in KEYS and (platform, key) not in NO_WORDS:
                yield value, key
            yield from _words(platform, held)
    elif isinstance(value, list):
        for held in value:
            yield from _words(platform, held)


def _told(snapshot: Snapshot) -> object:
    """The levels, phases and impacts."""
    incidents = [
        (one.kind, one.phase, one.impact, one.components, [update.phase for update in one.updates])
        for one in snapshot.incidents
    ]
    return snapshot.page.status, snapshot.components, incidents
