"""Documents that are kept: the bytes once, every receipt, and what may go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from statuswire.engine.retention import KINDS
from statuswire.model import KeptDocument, Page, Source, Why
from statuswire.store import Store, Tx, evidence
from tests.store.samples import NOON, acme, minutes, page

DAY = timedelta(days=1)
SUMMARY, FEED = "https://status.acme-relay.example/api/v2/summary.json", "https://status.acme-relay.example/history.rss"


def kept(page: Page, digest: str, at: float = 0, url: str = SUMMARY, why: Why = Why.EVENT) -> KeptDocument:
    moment = minutes(at)
    return KeptDocument(
        page.id, digest * 64, 3, url, Source.POLL, moment, moment - timedelta(seconds=1), why, moment + 30 * DAY
    )


def put(store: Store, *some: KeptDocument, packed: bytes = b"\x28\x00zst") -> None:
    def work(tx: Tx) -> None:
        for one in some:
            evidence.keep_document(tx, one, packed)

    store.write(work)


def receipts(store: Store, page: Page) -> list[KeptDocument]:
    return store.read(partial(evidence.documents_within, page_id=page.id, since=minutes(-1), until=minutes(60)))


def digests(store: Store) -> str:
    return "".join(one[0] for one in store.read(partial(evidence.digests_after, digest="", limit=100)))


@pytest.fixture
def mine(store: Store) -> Page:
    return store.write(acme)


def test_a_receipt_comes_back_as_it_was_kept(store: Store, mine: Page) -> None:
    one = replace(kept(mine, "a"), first_event=7, last_event=9, source=Source.HOOK, url="")

    put(store, one)

    found = receipts(store, mine)
    assert found == [replace(one, id=found[0].id)]
    assert store.read(partial(evidence.packed_document, digest="a" * 64)) == (3, b"\x28\x00zst")
    assert store.read(partial(evidence.packed_document, digest="b" * 64)) is None


def test_the_same_bytes_are_kept_once_and_go_with_their_last_receipt(store: Store, mine: Page) -> None:
    put(store, kept(mine, "a"), kept(mine, "a", 5))
    first, second = receipts(store, mine)

    store.write(partial(evidence.drop_document, one=first))
    assert digests(store) == "a"
    store.write(partial(evidence.drop_document, one=second))
    assert digests(store) == ""


def test_bytes_that_are_empty_are_said_to_be_withheld(store: Store, mine: Page) -> None:
    put(store, kept(mine, "a"), packed=b"")

    assert receipts(store, mine)[0].is_withheld


def test_the_latest_of_an_address_is_found_and_its_reason_changed(store: Store, mine: Page) -> None:
    put(store, kept(mine, "a"), kept(mine, "b", 5, why=Why.LATEST), kept(mine, "c", 9, FEED))

    latest = store.read(partial(evidence.latest_document, page_id=mine.id, url=SUMMARY))
    assert latest is not None and latest.digest[0] == "b"
    store.write(partial(evidence.change_why, id_=latest.id, why=Why.LAST))
    assert receipts(store, mine)[1].why is Why.LAST
    assert store.read(partial(evidence.latest_document, page_id=mine.id, url="elsewhere")) is None


def test_what_was_received_in_a_window_and_what_stood_when_it_began(store: Store, mine: Page) -> None:
    other = store.write(partial(page, slug="brook"))
    hook = replace(kept(mine, "h", -1, ""), source=Source.HOOK)
    put(store, kept(mine, "a", -9), kept(mine, "b", -5), kept(mine, "f", -7, FEED), hook)
    put(store, kept(mine, "c", 0), kept(mine, "d", 10), kept(other, "e", 1))

    window = store.read(partial(evidence.documents_within, page_id=mine.id, since=NOON, until=minutes(10)))
    before = store.read(partial(evidence.documents_before, page_id=mine.id, at=NOON))

    assert [one.digest[0] for one in window] == ["c"]
    assert [one.digest[0] for one in before] == ["f", "b"], "a hook says nothing of how all stood"


def test_only_what_no_window_needs_is_forgotten_and_the_last_one_before_it_stays(store: Store, mine: Page) -> None:
    put(store, kept(mine, "a", 0), kept(mine, "b", 1), kept(mine, "c", 2), kept(mine, "f", 0, FEED))
    put(store, kept(mine, "d", 60 * 24 * 40))
    before = minutes(0) + 31 * DAY
    kind = KINDS["documents"]

    assert store.read(partial(kind.count, before=before)) == 2
    assert store.write(partial(kind.forget, before=before, limit=1)) == 1
    assert store.write(partial(kind.forget, before=before, limit=10)) == 1
    assert store.write(partial(kind.forget, before=before, limit=10)) == 0
    assert digests(store) == "cdf", "c is how the page stood when the window of d began"


def test_bytes_that_a_later_receipt_has_too_outlive_the_one_that_is_forgotten(store: Store, mine: Page) -> None:
    put(store, kept(mine, "a", 0), kept(mine, "b", 1), kept(mine, "a", 60 * 24 * 40))

    assert store.write(partial(evidence.forget_documents, before=minutes(0) + 31 * DAY, limit=10)) == 1
    assert digests(store) == "ab"


def test_the_incidents_that_events_were_about_are_still_known_of_events_that_are_forgotten(
    store: Store, mine: Page
) -> None:
    def log(tx: Tx) -> None:
        row = "(:id, :page, 'incident.updated', :incident, 0, 0, '{}')"
        columns = "(id, page_id, type, incident_id, at, seen_at, body)"
        for id_, incident in ((3, "old"), (4, None)):
            params = {"id": id_, "page": mine.id, "incident": incident}
            tx.execute(f"INSERT INTO past_event {columns} VALUES {row}", params)
        params = {"id": 5, "page": mine.id, "incident": "new"}
        tx.execute(f"INSERT INTO event {columns[:-1]}, key) VALUES {row[:-1]}, 'k')", params)

    store.write(log)

    assert store.read(partial(evidence.incidents_of_events, page_id=mine.id, first=3, last=5)) == [
        (3, "old"),
        (5, "new"),
    ]
    assert store.read(partial(evidence.incidents_of_events, page_id=mine.id, first=4, last=4)) == []
