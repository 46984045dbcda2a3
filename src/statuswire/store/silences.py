"""Statements about what operators say: silences, and marks on one incident or component."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from statuswire.model import Mark, MarkKind, Silence
from statuswire.store import rows
from statuswire.store.base import Tx

_encode = msgspec.json.Encoder().encode
_decode_silence = msgspec.json.Decoder(Silence).decode
_decode_mark = msgspec.json.Decoder(Mark).decode

_SILENCES = """
SELECT id, body FROM silence WHERE ended_at IS NULL AND (until IS NULL OR until > :now) ORDER BY id
"""
_ADD_SILENCE = """
INSERT INTO silence (until, created_at, body) VALUES (:until, :now, :body) RETURNING id
"""
_END_SILENCE = "UPDATE silence SET ended_at = :now WHERE id = :id AND ended_at IS NULL"
_PAGE_MARKS = """
SELECT body FROM mark WHERE page = :page AND (until IS NULL OR until > :now) ORDER BY subject, kind
"""
_ENDED_OVERRIDES = "SELECT body FROM mark WHERE kind = 'override' AND until <= :now ORDER BY page, subject"
_ALL_MARKS = "SELECT body FROM mark WHERE until IS NULL OR until > :now ORDER BY page, subject, kind"
_SET_MARK = """
INSERT INTO mark (page, subject, kind, at, until, body) VALUES (:page, :subject, :kind, :at, :until, :body)
ON CONFLICT (page, subject, kind) DO UPDATE SET at = excluded.at, until = excluded.until, body = excluded.body
"""
_LOG_MARK = """
INSERT INTO mark_log (page, subject, kind, ended_at, body)
SELECT page, subject, kind, :now, body FROM mark WHERE page = :page AND subject = :subject AND kind = :kind
"""
_DROP_MARK = "DELETE FROM mark WHERE page = :page AND subject = :subject AND kind = :kind"
_EVERY_SILENCE = "SELECT id, created_at, ended_at, body FROM silence ORDER BY id"
_EVERY_MARK = """
SELECT ended_at, body FROM mark_log UNION ALL SELECT NULL, body FROM mark
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an operator has said, and from when until when it holds or held; `end` None is for good."""

    word: Silence | Mark
    begin: datetime
    end: datetime | None


def silences(tx: Tx, now: datetime) -> list[Silence]:
    """Those made while running that hold now, oldest first; those of the configuration stand there."""
    found = tx.all(_SILENCES, {"now": rows.micros(now)})
    return [replace(_silence(body), id=id_) for id_, body in found]


def add_silence(tx: Tx, one: Silence, now: datetime) -> int:
    """Its number."""
    params = {"until": rows.maybe_micros(one.until), "now": rows.micros(now), "body": rows.clean(_encode(one).decode())}
    row = tx.one(_ADD_SILENCE, params)
    if row is None:
        raise rows.damaged("silence", LookupError("no id was given"))
    return int(row[0])


def end_silence(tx: Tx, id_: int, now: datetime) -> bool:
    """Whether there was one to end."""
    return tx.execute(_END_SILENCE, {"id": id_, "now": rows.micros(now)}) == 1


def page_marks(tx: Tx, page: str, now: datetime) -> tuple[Mark, ...]:
    """The marks that hold now on what a page has (subjects `incident/<id>`, `component/<id>`)."""
    return tuple(_mark(row[0]) for row in tx.all(_PAGE_MARKS, {"page": page, "now": rows.micros(now)}))


def ended_overrides(tx: Tx, now: datetime) -> list[Mark]:
    """Overrides that came to their end and are still there."""
    return [_mark(row[0]) for row in tx.all(_ENDED_OVERRIDES, {"now": rows.micros(now)})]


def all_marks(tx: Tx, now: datetime) -> list[Mark]:
    return [_mark(row[0]) for row in tx.all(_ALL_MARKS, {"now": rows.micros(now)})]


def set_mark(tx: Tx, one: Mark) -> None:
    """Say it; it replaces an earlier mark of its kind on the same subject, which is kept as one that is over."""
    subject = {"page": one.page, "subject": rows.clean(one.subject), "kind": one.kind.value}
    tx.execute(_LOG_MARK, {**subject, "now": rows.micros(one.at)})
    tx.execute(
        _SET_MARK,
        {
            **subject,
            "at": rows.micros(one.at),
            "until": rows.maybe_micros(one.until),
            "body": rows.clean(_encode(one).decode()),
        },
    )


def drop_mark(tx: Tx, page: str, subject: str, kind: MarkKind, now: datetime) -> bool:
    """Whether there was one. It is kept as one that is over."""
    found = {"page": page, "subject": rows.clean(subject), "kind": kind.value}
    tx.execute(_LOG_MARK, {**found, "now": rows.micros(now)})
    return tx.execute(_DROP_MARK, found) == 1


def every_word(tx: Tx) -> list[Spoken]:
    """All silences and marks that were ever made by command, for as long as each held; in no order."""
    silenced = (
        _spoken(replace(_silence(body), id=id_), rows.time_of(created_at), rows.maybe_time(ended_at))
        for id_, created_at, ended_at, body in tx.all(_EVERY_SILENCE)
    )
    marked = ((_mark(body), rows.maybe_time(ended_at)) for ended_at, body in tx.all(_EVERY_MARK))
    said = [*silenced, *(_spoken(mark, mark.at, ended_at) for mark, ended_at in marked)]
    return [one for one in said if one.end is None or one.end > one.begin]


def _spoken(word: Silence | Mark, begin: datetime, ended_at: datetime | None) -> Spoken:
    """It ends at the moment that was named, or when it was taken back before."""
    return Spoken(word, begin, min((at for at in (word.until, ended_at) if at is not None), default=None))


def _silence(body: str) -> Silence:
    try:
        return _decode_silence(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("silence", error) from error


def _mark(body: str) -> Mark:
    try:
        return _decode_mark(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise rows.damaged("mark", error) from error
