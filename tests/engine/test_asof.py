"""The state at a moment is what was said at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import dropwhile

from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.engine.asof import PageThen, load_state_at
from statuswire.engine.overview import PageLook
from statuswire.model import FeedHealth, FeedState, Impact, KnownComponent, KnownIncident, Status
from statuswire.store import open_store
from tests.core.histories import STYLES
from tests.core.views import documents
from tests.engine.recording import Recording, Said, played
from tests.web.filling import NOW, minutes, put

histories = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 30), st.sampled_from(STYLES))


def then(recording: Recording, said: Said) -> PageThen:
    return recording.store.read(partial(load_state_at, at=said.at)).pages[0]


def told_in_full(recording: Recording) -> Iterator[Said]:
    """From when on the page's status and components were known, and each feed was read: no event tells of the first
    time."""
    return dropwhile(lambda said: not is_in_full(said, len(recording.feeds)), recording.said)


def is_in_full(said: Said, feeds: int) -> bool:
    read = [feed for feed in said.look.feeds if feed.health.last_ok_at is not None]
    return bool(said.components) and said.look.page.status is not None and len(read) == feeds


def shown(look: PageLook) -> tuple[object, ...]:
    """What of a look can be told from the log."""
    return look.level, look.last_known, look.is_stale, [of_incident(one) for one in look.open]


def of_incident(one: KnownIncident) -> tuple[object, ...]:
    texts = [(update.key, update.text if update.is_told else "") for update in one.updates]
    return one.id, one.phase, one.impact, sorted(texts)


def of_components(some: Iterable[KnownComponent]) -> list[tuple[object, ...]]:
    return [(one.id, one.name, one.group, one.status) for one in some]


@settings(max_examples=30, deadline=None)
@given(histories)
def test_at_present_it_is_the_present_state(history: tuple[int, int, str]) -> None:
    _, arriving = documents(*history)
    for recording in played(arriving, history[0]):
        said = recording.said[-1]
        now = then(recording, said)

        assert now.look == said.look
        assert of_components(said.components) == [(one.id, one.name, one.group, one.status) for one in now.components]
        assert {one.id for one in now.open} >= {one.id for one in said.look.open}


@settings(max_examples=30, deadline=None)
@given(histories)
def test_at_every_moment_it_is_what_was_said_then(history: tuple[int, int, str]) -> None:
    _, arriving = documents(*history)
    for recording in played(arriving, history[0]):
        for said in told_in_full(recording):
            page = then(recording, said)
            if any(one.impact is Impact.UNKNOWN for one in page.open):
                continue  # which another document may have filled in since without a word

            assert shown(page.look) == shown(said.look)
            assert [one.status for one in page.components] == [one.status for one in said.components]
            assert [one.name for one in page.components] == [one.name for one in said.components]


def test_a_page_that_nobody_polls_is_unknown_from_a_while_after_its_last_due_time_on() -> None:
    """Whatever was due at that moment: what is due now may have been put off since."""
    due_at = NOW - minutes(60)
    with closing(open_store("sqlite://")) as store:
        put(store, health=FeedHealth(FeedState.OK, last_ok_at=due_at - minutes(1)), due_at=due_at)

        def level(ago: float) -> Status:
            state = store.read(partial(load_state_at, at=NOW - minutes(ago)))
            return state.pages[0].look.level

        assert [level(ago) for ago in (90, 60, 46, 44, 0)] == [
            Status.OPERATIONAL,
            Status.OPERATIONAL,
            Status.OPERATIONAL,
            Status.UNKNOWN,
            Status.UNKNOWN,
        ]
