"""Words of our own monitoring, kept once each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from statuswire.model import SignalSource, SignalState, SignalWord
from statuswire.store import Store, Tx, queries

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORD = SignalWord(
    0, "API", SignalSource.GRAFANA, "k1", SignalState.FIRING, NOW - HOUR, "Checkout fails", "https://x.example", NOW
)


def add(store: Store, words: Iterable[SignalWord], now: datetime = NOW) -> int:
    return store.write(lambda tx: queries.add_signals(tx, words, now))


def page(store: Store, slug: str) -> int:
    def made(tx: Tx) -> int:
        return queries.upsert_page(tx, slug=slug, name=slug, url="", platform="", origin="hook").id

    return store.write(made)


def kept(store: Store, since: datetime, pages: list[int] | None = None) -> list[SignalWord]:
    return [one.word for one in store.read(lambda tx: queries.signal_words(tx, since, pages))]


def test_a_word_comes_back_as_it_was_kept(store: Store) -> None:
    word = replace(WORD, page_id=page(store, "acme"))

    assert add(store, [word]) == 1
    (heard,) = store.read(lambda tx: queries.signal_words(tx, NOW - 2 * HOUR))
    assert (heard.word, heard.seen_at) == (word, NOW)


def test_a_word_that_is_said_again_is_no_new_one_and_counts_for_longer(store: Store) -> None:
    word = replace(WORD, page_id=page(store, "acme"))
    add(store, [word])

    assert add(store, [replace(word, lapses_at=NOW + HOUR, title="Other")], NOW + HOUR) == 0
    assert add(store, [word], NOW + HOUR) == 0
    assert kept(store, NOW - 2 * HOUR) == [replace(word, lapses_at=NOW + HOUR)]


def test_state_moment_component_and_page_make_other_words(store: Store) -> None:
    acme, brook = page(store, "acme"), page(store, "brook")
    word = replace(WORD, page_id=acme)
    others = [
        replace(word, state=SignalState.RESOLVED),
        replace(word, at=NOW),
        replace(word, component=""),
        replace(word, page_id=brook),
        replace(word, source=SignalSource.JSON),
        replace(word, key="k2"),
    ]

    assert add(store, [word, *others, *others]) == 7
    assert len(kept(store, NOW - 2 * HOUR, [acme])) == 6


def test_all_words_on_a_thing_come_back_where_any_of_them_is_late_enough(store: Store) -> None:
    old = replace(WORD, page_id=page(store, "acme"), at=NOW - 90 * HOUR, lapses_at=NOW - 40 * HOUR)
    over = replace(old, state=SignalState.RESOLVED, at=NOW - HOUR, lapses_at=NOW - HOUR)
    other = replace(old, key="k2")
    add(store, [old, over, other])

    assert kept(store, NOW - 2 * HOUR) == [old, over]
    assert kept(store, NOW - 50 * HOUR) == [old, over, other]
    assert kept(store, NOW) == []


def test_it_is_known_since_when_a_page_has_had_signals(store: Store) -> None:
    acme = page(store, "acme")
    calm = page(store, "calm")
    add(store, [replace(WORD, page_id=acme, at=NOW - n * HOUR) for n in (1, 3, 2)])

    assert store.read(queries.first_signals) == {acme: NOW - 3 * HOUR}
    assert [store.read(lambda tx, page=one: queries.has_signals(tx, page)) for one in (acme, calm)] == [True, False]


def test_what_has_not_counted_for_long_is_forgotten_the_oldest_first(store: Store) -> None:
    acme = page(store, "acme")
    words = [replace(WORD, page_id=acme, at=NOW - n * HOUR, lapses_at=NOW - n * HOUR) for n in range(5)]
    add(store, words)
    forget = partial(queries.forget_signals, before=NOW - HOUR)

    assert store.write(lambda tx: forget(tx, limit=2)) == 2
    assert kept(store, NOW - 9 * HOUR) == [words[2], words[1], words[0]]
    assert store.write(lambda tx: forget(tx, limit=2)) == 1
    assert store.write(lambda tx: forget(tx, limit=2)) == 0


def test_text_that_no_engine_can_keep_is_cleaned(store: Store) -> None:
    add(store, [replace(WORD, page_id=page(store, "acme"), title="a\x00b\ud800", key="k\x00")])

    assert [(one.title, one.key) for one in kept(store, NOW - 2 * HOUR)] == [("ab?", "k")]
