"""Statements about documents that are kept as evidence for contracts: the bytes once, and every receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from statuswire.model import KeptDocument, Source, Why
from statuswire.store import rows
from statuswire.store.base import Row, Tx
from statuswire.store.past import in_numbers

_PUT = "INSERT INTO raw_document (digest, size, body) VALUES (:digest, :size, :body) ON CONFLICT (digest) DO NOTHING"
_ADD = """
INSERT INTO evidence (page_id, digest, url, source, received_at, served_at, why, needed_until, first_event, last_event)
VALUES (:page_id, :digest, :url, :source, :received_at, :served_at, :why, :needed_until, :first_event, :last_event)
"""
_COLUMNS = """
evidence.page_id, evidence.digest, raw_document.size, evidence.url, evidence.source, evidence.received_at,
evidence.served_at, evidence.why, evidence.needed_until, evidence.first_event, evidence.last_event,
CASE WHEN length(raw_document.body) = 0 THEN 1 ELSE 0 END, evidence.id
"""
_KEPT = f"SELECT {_COLUMNS} FROM evidence JOIN raw_document ON raw_document.digest = evidence.digest"  # noqa: S608
_LATEST = f"{_KEPT} WHERE page_id = :page_id AND url = :url ORDER BY received_at DESC, id DESC LIMIT 1"
_WITHIN = (
    f"{_KEPT} WHERE page_id = :page_id AND received_at >= :since AND received_at < :until ORDER BY received_at, id"
)
_BEFORE = f"""
{_KEPT} WHERE evidence.id IN (
    SELECT max(evidence.id) FROM evidence JOIN (
        SELECT url, max(received_at) AS at FROM evidence WHERE page_id = :page_id AND received_at < :at
        AND source = 'poll' GROUP BY url
    ) AS newest ON newest.url = evidence.url AND newest.at = evidence.received_at
    WHERE page_id = :page_id GROUP BY evidence.url
) ORDER BY received_at, id
"""  # noqa: S608
_ORPHAN = (
    "DELETE FROM raw_document WHERE digest = :digest AND NOT EXISTS (SELECT 1 FROM evidence WHERE digest = :digest)"
)
_INCIDENTS = tuple(
    f"SELECT id, incident_id FROM {table} WHERE page_id = :page_id AND id >= :first AND id <= :last"  # noqa: S608
    " AND incident_id IS NOT NULL"
    for table in ("event", "past_event")
)
# The last one before a later one whose windows are over says how the page stood when those began.
_OLD = """
FROM evidence WHERE needed_until < :before AND EXISTS (
    SELECT 1 FROM evidence AS later WHERE later.page_id = evidence.page_id AND later.url = evidence.url
    AND (later.received_at, later.id) > (evidence.received_at, evidence.id) AND later.needed_until < :before
)
"""


# --- writing ---------------------------------------------------------------------------------------------------------


def keep_document(tx: Tx, one: KeptDocument, packed: bytes) -> None:
    """Keep a receipt, and the bytes where they are not kept yet."""
    tx.execute(_PUT, {"digest": one.digest, "size": one.size_bytes, "body": packed})
    tx.execute(_ADD, _params(one))


def _params(one: KeptDocument) -> dict[str, object]:
    return {
        "page_id": one.page_id,
        "digest": one.digest,
        "url": rows.clean(one.url),
        "source": one.source.value,
        "received_at": rows.micros(one.received_at),
        "served_at": rows.micros(one.served_at),
        "why": one.why.value,
        "needed_until": rows.micros(one.needed_until),
        "first_event": one.first_event,
        "last_event": one.last_event,
    }


def change_why(tx: Tx, id_: int, why: Why) -> None:
    tx.execute("UPDATE evidence SET why = :why WHERE id = :id", {"id": id_, "why": why.value})


def drop_document(tx: Tx, one: KeptDocument) -> None:
    """Drop a receipt, and the bytes where nothing else needs them."""
    tx.execute("DELETE FROM evidence WHERE id = :id", {"id": one.id})
    tx.execute(_ORPHAN, {"digest": one.digest})


# --- reading ---------------------------------------------------------------------------------------------------------


def latest_document(tx: Tx, page_id: int, url: str) -> KeptDocument | None:
    """The one received last from an address of a page."""
    row = tx.one(_LATEST, {"page_id": page_id, "url": rows.clean(url)})
    return None if row is None else _document(row)


def documents_within(tx: Tx, page_id: int, since: datetime, until: datetime) -> list[KeptDocument]:
    """Those received between the two, in order."""
    params = {"page_id": page_id, "since": rows.micros(since), "until": rows.micros(until)}
    return [_document(row) for row in tx.all(_WITHIN, params)]


def documents_before(tx: Tx, page_id: int, at: datetime) -> list[KeptDocument]:
    """The last one of every address that was polled before then: what a page said when a window began."""
    return [_document(row) for row in tx.all(_BEFORE, {"page_id": page_id, "at": rows.micros(at)})]


def packed_document(tx: Tx, digest: str) -> tuple[int, bytes] | None:
    """How many bytes there were, and the frame of Zstandard, which is empty where they are withheld."""
    row = tx.one("SELECT size, body FROM raw_document WHERE digest = :digest", {"digest": digest})
    return None if row is None else (int(row[0]), bytes(row[1]))


def digests_after(tx: Tx, digest: str, limit: int) -> list[str]:
    sql = "SELECT digest FROM raw_document WHERE digest > :digest ORDER BY digest LIMIT :limit"
    return [row[0] for row in tx.all(sql, {"digest": digest, "limit": limit})]


def incidents_of_events(tx: Tx, page_id: int, first: int, last: int) -> list[tuple[int, str]]:
    """Number and incident of the events between the two, both included, that are about one; in order."""
    params = {"page_id": page_id, "first": first, "last": last}
    found = [row for sql in _INCIDENTS for row in tx.all(sql, params)]
    return [(int(row[0]), row[1]) for row in sorted(found)]


def _document(row: Row) -> KeptDocument:
    return KeptDocument(
        page_id=row[0],
        digest=row[1],
        size_bytes=row[2],
        url=row[3],
        source=Source(row[4]),
        received_at=rows.time_of(row[5]),
        served_at=rows.time_of(row[6]),
        why=Why(row[7]),
        needed_until=rows.time_of(row[8]),
        first_event=row[9],
        last_event=row[10],
        is_withheld=bool(row[11]),
        id=row[12],
    )


# --- forgetting ------------------------------------------------------------------------------------------------------


def forget_documents(tx: Tx, before: datetime, limit: int) -> int:
    """Forget the oldest receipts that no window has needed since then, and what is kept for them alone; how many.

    The last receipt of an address stays, and so does the one before a window that is needed.
    """
    sql = f"SELECT id, digest {_OLD} ORDER BY needed_until, id LIMIT :limit"
    old = tx.all(sql, {"before": rows.micros(before), "limit": limit})
    for names, ids in in_numbers(row[0] for row in old):
        tx.execute(f"DELETE FROM evidence WHERE id IN ({names})", ids)  # noqa: S608 - names of parameters
    _drop_orphans(tx, {row[1] for row in old})
    return len(old)


def _drop_orphans(tx: Tx, digests: Iterable[str]) -> None:
    tx.many(_ORPHAN, [{"digest": digest} for digest in sorted(digests)])


def old_documents(tx: Tx, before: datetime) -> int:
    """How many receipts `forget_documents` would forget in all."""
    row = tx.one(f"SELECT COUNT(*) {_OLD}", {"before": rows.micros(before)})
    return 0 if row is None else int(row[0])
