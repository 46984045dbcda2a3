"""What operators said by command, silences and marks, as it stood while the stored log was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from statuswire.backtest.course import AFTERWARDS, Period, Step
from statuswire.model import Mark, MarkKind, Silence
from statuswire.store import Store, Tx, queries
from statuswire.store.queries import Spoken


@dataclass(frozen=True, slots=True)
class Applied:
    """How many held at some time of the period."""

    silences: int = 0
    acknowledged: int = 0
    snoozed: int = 0
    overridden: int = 0


def applied(words: Iterable[Spoken], period: Period) -> Applied:
    held = [one.word for one in words if _holds_in(one, period)]
    kinds = [one.kind for one in held if isinstance(one, Mark)]
    return Applied(
        silences=len(held) - len(kinds),
        acknowledged=kinds.count(MarkKind.ACKNOWLEDGED),
        snoozed=kinds.count(MarkKind.SNOOZED),
        overridden=kinds.count(MarkKind.OVERRIDE),
    )


def _holds_in(one: Spoken, period: Period) -> bool:
    return one.begin < period.end + AFTERWARDS and (one.end is None or one.end > period.begin)


def marks_at(words: Iterable[Spoken], page: str, subject: str, moment: datetime) -> tuple[Mark, ...]:
    """The marks that held then on one subject (`incident/<id>`, `component/<id>`)."""
    held = (one.word for one in words if one.begin <= moment and (one.end is None or moment < one.end))
    return tuple(one for one in held if isinstance(one, Mark) and (one.page, one.subject) == (page, subject))


def asides(words: Sequence[Spoken], store: Store) -> list[Step]:
    """Each word at its moment, put into the store, and taken back when it was; in order of time. What ends where
    another begins was replaced by it, so ends come first."""
    numbers: dict[int, int] = {}
    found = sorted((step for one in words for step in _moments(one, numbers)), key=lambda one: one[:2])
    return [Step(at, partial(_said, store, work), is_aside=True) for at, _, work in found]


Work = Callable[[Tx], object]


def _moments(one: Spoken, numbers: dict[int, int]) -> Iterator[tuple[datetime, int, Work]]:
    """When something is to be done, in which order at one moment, and what. `numbers` are those that silences were
    given anew."""
    yield one.begin, 1, partial(_begin, one=one, numbers=numbers)
    if one.end is not None:
        yield one.end, 0, partial(_end, one=one, numbers=numbers)


def _said(store: Store, work: Work) -> bool:
    store.write(work)
    return False


def _begin(tx: Tx, one: Spoken, numbers: dict[int, int]) -> None:
    if isinstance(one.word, Silence):
        numbers[one.word.id] = queries.add_silence(tx, replace(one.word, id=0), one.begin)
    else:
        queries.set_mark(tx, one.word)


def _end(tx: Tx, one: Spoken, numbers: dict[int, int]) -> None:
    assert one.end is not None
    if isinstance(one.word, Silence):
        queries.end_silence(tx, numbers[one.word.id], one.end)
    else:
        queries.drop_mark(tx, one.word.page, one.word.subject, one.word.kind, one.end)
