"""Frames: what comes back is what was packed, and nothing else is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.model import Event, EventType, EventUpdate, PageRef, Phase, Source
from statuswire.peers.frames import MOST_BYTES, MOST_EVENTS, pack, unpack
from tests.peers.scene import identity

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
EVENT = Event(
    EventType.INCIDENT_UPDATED,
    "key-1",
    AT,
    AT + timedelta(seconds=2),
    Source.HOOK,
    PageRef("acme", "Acme", "https://status.acme.example"),
    update=EventUpdate("u1", Phase.IDENTIFIED, "Found it: \u2028 \x00 \U0001f600", AT),
    id=1,
)


def events(count: int, first: int = 1) -> list[Event]:
    return [replace(EVENT, id=number, key=f"key-{number}") for number in range(first, first + count)]


def test_events_come_back_whole_with_their_ids_keys_and_sender() -> None:
    frames = list(pack(identity("one"), events(3)))

    assert [unpack(identity("two"), frame) for frame in frames] == [("one", tuple(events(3)))]


def test_many_events_are_several_frames_in_order() -> None:
    frames = list(pack(identity(), events(MOST_EVENTS * 2 + 1)))

    assert [len(unpack(identity(), frame)[1]) for frame in frames] == [MOST_EVENTS, MOST_EVENTS, 1]
    assert [one.id for frame in frames for one in unpack(identity(), frame)[1]] == list(range(1, MOST_EVENTS * 2 + 2))


def test_an_event_that_is_too_large_is_left_to_the_log() -> None:
    huge = replace(EVENT, id=2, update=EventUpdate("u", Phase.RESOLVED, "x" * MOST_BYTES, AT))

    (frame,) = pack(identity(), [EVENT, huge, *events(1, first=3)])

    assert [one.id for one in unpack(identity(), frame)[1]] == [1, 3]


@pytest.mark.parametrize(
    "other",
    [identity(database="another installation"), identity(secret=b"somebody else's")],
    ids=["another database", "another secret"],
)
def test_a_frame_of_another_database_is_refused(other: object) -> None:
    (frame,) = pack(identity(), [EVENT])

    with pytest.raises(ValueError, match="not signed"):
        unpack(other, frame)  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_refused_by_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(identity(), body)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_frame_with_one_changed_byte_is_refused(place: int, change: int) -> None:
    (frame,) = pack(identity(), [EVENT])
    changed = bytearray(frame)
    changed[place % len(frame)] ^= change

    with pytest.raises(ValueError):
        unpack(identity(), bytes(changed))


def test_the_secret_is_not_shown() -> None:
    assert "key" not in repr(identity()) and "install" not in repr(identity())
