"""Statements about the audit log: what people and programs changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from statuswire.model import AuditEntry
from statuswire.store import rows
from statuswire.store.base import Row, Tx

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, object]).decode

_NOTE = """
INSERT INTO audit (at, actor, action, subject, detail) VALUES (:at, :actor, :action, :subject, :detail)
"""
_LIST = """
SELECT id, at, actor, action, subject, detail FROM audit
WHERE id < :before AND (:actor = '' OR actor = :actor) AND (:action = '' OR action = :action)
ORDER BY id DESC LIMIT :limit
"""
_LAST = 2**63 - 1


def note_change(
    tx: Tx, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """One row, in the transaction of the change itself. `detail` is anything that JSON can hold, without secrets."""
    params = {
        "at": rows.micros(at),
        "actor": rows.clean(actor),
        "action": action,
        "subject": rows.clean(subject),
        "detail": rows.clean(_encode(detail or {}).decode()),
    }
    tx.execute(_NOTE, params)


def audit_list(tx: Tx, *, limit: int, before: int | None = None, actor: str = "", action: str = "") -> list[AuditEntry]:
    """The newest first, those with a smaller id than `before`; the last one's id is the next `before`."""
    params = {"before": _LAST if before is None else before, "actor": actor, "action": action, "limit": limit}
    return [_entry(row) for row in tx.all(_LIST, params)]


def forget_changes(tx: Tx, before: datetime) -> int:
    return tx.execute("DELETE FROM audit WHERE at < :before", {"before": rows.micros(before)})


def _entry(row: Row) -> AuditEntry:
    id_, at, actor, action, subject, detail = row
    try:
        return AuditEntry(id_, rows.time_of(at), actor, action, subject, _decode(detail))
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("audit", error) from error
