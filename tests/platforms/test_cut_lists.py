"""A list of incidents that is longer than what is read of it says nothing of those that were left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Incident, Kind, Snapshot
from statuswire.platforms import PLATFORMS, remembering
from tests.each import each
from tests.platforms.golden import Case, cases, document_of, snapshot_of
from tests.platforms.memories import forget_all

COVERS = {Kind.INCIDENT: Cover.OPEN_INCIDENTS, Kind.MAINTENANCE: Cover.OPEN_MAINTENANCES}


def test_d3_what_a_list_was_cut_by_does_not_count_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {case.name: read for case in cases() if (read := _read(case)) is not None}
    cut: set[str] = set()

    def claim(case: Case) -> None:
        short = _read(case)
        if short is None:
            return
        for incident in _missing(whole[case.name], short):
            cut.add(case.platform)
            assert COVERS[incident.kind] not in short.covers, incident.id

    monkeypatch.setattr(remembering, "INCIDENT_LIMIT", 1)
    forget_all()
    try:
        each((case for case in cases() if case.name in whole), claim, lambda case: case.name)
    finally:
        forget_all()

    assert len(cut) > 10


def _read(case: Case) -> Snapshot | None:
    try:
        return snapshot_of(case.platform, document_of(case)) if case.platform in PLATFORMS else None
    except ParseError:
        return None


def _missing(whole: Snapshot, short: Snapshot) -> Iterator[Incident]:
    """The open ones that only the whole list told of."""
    left = {incident.id for incident in short.incidents}
    return (one for one in whole.incidents if one.id not in left and not (one.phase and one.phase.is_closed))
