"""What was read of an item, kept for when the same item comes again.

A document is read only when its bytes have changed, and then most of its items are what they were. `remembered` makes
of the reader of one item a reader that looks first whether it has read this very item lately; the reasons and the
limits stand in `docs/decisions/remembered-items.md`.

An item is a Part of a JSON document, known again by its bytes, or an immutable value that can be hashed (the entry of a
feed). Whatever else the reading depends on is a further argument, compared by value, or, where it is the moment, by the
answers that it gave (`Now`). The reader must be pure, and nobody may change what it returns. `known_again` is for what
is made further of such results.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Concatenate, Final, Generic, NamedTuple, ParamSpec, TypeVar, cast

from statuswire.model import Problem
from statuswire.platforms.parts import Part, objects_of, opened, whole
from statuswire.platforms.reading import INCIDENT_LIMIT, items

Item = TypeVar("Item")
Around = ParamSpec("Around")
Result = TypeVar("Result")
Found = TypeVar("Found")
Given = TypeVar("Given")

ROOM_BYTES: Final = 1024 * 1024
"""How much of one reader's items is kept, twice: when this is full, the older half is forgotten."""
LARGEST_BYTES: Final = 128 * 1024
"""Larger items are read each time."""
_VALUE_BYTES: Final = 512
"""What an item that is no bytes counts."""


class Now:
    """The moment of reading, as a remembered reader is told it: the answers it got say how long its result holds.

    As an argument it is equal to another moment at which all answers would be the same.
    """

    __slots__ = ("_answers", "_at")

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._answers: dict[tuple[datetime, timedelta], bool] = {}

    def has_come(self, moment: datetime, within: timedelta = timedelta(0)) -> bool:
        """Whether the moment is now or before, or comes within that time."""
        return self.is_since(moment, -within - _INSTANT)

    def is_before(self, moment: datetime) -> bool:
        """Whether the moment is still ahead."""
        return not self.has_come(moment)

    def is_since(self, moment: datetime, more_than: timedelta) -> bool:
        """Whether it is longer ago than that."""
        answer = self._answers[moment, more_than] = self._at - moment > more_than
        return answer

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Now):
            return NotImplemented
        now = other._at
        return all((now - at > than) is said for (at, than), said in self._answers.items())

    __hash__ = None  # type: ignore[assignment]

    def afresh(self) -> Now:
        """The same moment, before it was asked anything."""
        return Now(self._at)

    def learn(self, other: Now) -> None:
        """Answer for what another was asked too: its result has become a part of ours."""
        self._answers |= other._answers


_INSTANT: Final = timedelta(microseconds=1)


class Each(NamedTuple, Generic[Result]):
    """What a list holds: what was read of its objects, and whether that is all there is in it."""

    found: tuple[Result, ...]
    is_whole: bool


class _Row(Generic[Result]):
    """What one item depended on, what came of it, and its problems, found when it stood at `where`."""

    __slots__ = ("around", "asked", "problems", "result", "where")

    def __init__(
        self, around: tuple[object, ...], result: Result, problems: tuple[Problem, ...] = (), where: str = ""
    ) -> None:
        self.around = around
        self.asked = [place for place, one in enumerate(around) if type(one) is Now]
        self.result = result
        self.problems = problems
        self.where = where


class _Kept(Generic[Result]):
    """Rows by item in two generations: what is asked for moves to the young one, the old one goes as a whole."""

    __slots__ = ("_old", "_used", "_young")

    def __init__(self) -> None:
        self._young: dict[Hashable, _Row[Result]] = {}
        self._old: dict[Hashable, _Row[Result]] = {}
        self._used = 0

    def find(self, item: Hashable) -> _Row[Result] | None:
        row = self._young.get(item)
        if row is None and (row := self._old.get(item)) is not None:
            self.keep(item, row)
        return row

    def keep(self, item: Hashable, row: _Row[Result]) -> None:
        self._used += len(item) if isinstance(item, bytes) else _VALUE_BYTES
        if self._used > ROOM_BYTES:
            self._old, self._young, self._used = self._young, {}, 0
        self._young[item] = row


class Remembered(Generic[Item, Around, Result]):
    """A reader of one item, `(item, where, problems, *around)`, that remembers.

    `where` is the item's place in the document, for Problems, and must decide nothing else. Problems that were found
    are remembered with the result, and told again for the place where the item stands now.
    """

    def __init__(
        self,
        read: Callable[Concatenate[Item, str, list[Problem], Around], Result],
        decode: Callable[[object], object] = whole,
    ) -> None:
        self._read = cast("Callable[..., Result]", read)
        self._decode = decode
        self._items: _Kept[Result] = _Kept()
        self._lists: _Kept[Each[object]] = _Kept()
        update_wrapper(self, read)

    def __call__(
        self, item: Item | Part, where: str, problems: list[Problem], *around: Around.args, **_: Around.kwargs
    ) -> Result:
        """What the reader makes of the item; a Part is decoded before it is read."""
        return _recalled(self._items, self._decoded, item, where, problems, around)

    def known_by(
        self,
        known: Hashable,
        item: Item,
        where: str,
        problems: list[Problem],
        *around: Around.args,
        **_: Around.kwargs,
    ) -> Result:
        """The same for an item that is known again by something else than itself."""
        return _recalled(self._items, self._decoded, item, where, problems, around, known)

    def each(
        self: Remembered[Item, Around, Found | None],
        listed: object,
        where: str,
        problems: list[Problem],
        *around: Around.args,
        **_: Around.kwargs,
    ) -> Each[Found]:
        """What the reader makes of each object in a list, those left out for which it gives None: of incidents, for no
        more than INCIDENT_LIMIT are read.

        Their places are `where[0]`, `where[1]` ...; what is no list, and each item that is no object, is a Problem.
        """
        return cast("Each[Found]", _recalled(self._lists, self._each, listed, where, problems, around))

    def cache_clear(self) -> None:
        """Forget everything, as a fresh process has (named as in `functools`): for tests and benchmarks."""
        self._items, self._lists = _Kept(), _Kept()

    def _decoded(self, item: object, where: str, problems: list[Problem], *around: object) -> Result:
        return self._read(self._decode(item), where, problems, *around)

    def _each(self, listed: object, where: str, problems: list[Problem], *around: object) -> Each[object]:
        parts = objects_of(listed)
        if parts is None or len(parts) > INCIDENT_LIMIT:
            return self._each_plain(whole(listed) if parts is None else parts, where, problems, around)
        found = tuple(
            one
            for place, part in enumerate(parts)
            if (one := _recalled(self._items, self._decoded, part, f"{where}[{place}]", problems, around)) is not None
        )
        return Each(found, len(found) == len(parts))

    def _each_plain(
        self, listed: object, where: str, problems: list[Problem], around: tuple[object, ...]
    ) -> Each[object]:
        made = (
            self._read(item, f"{where}[{place}]", problems, *around)
            for place, item in items(listed, where, problems, INCIDENT_LIMIT)
        )
        found = tuple(one for one in made if one is not None)
        return Each(found, isinstance(listed, list) and len(found) == len(listed))


def remembered(
    read: Callable[Concatenate[Item, str, list[Problem], Around], Result],
) -> Remembered[Item, Around, Result]:
    """A pure reader of one item, `(item, where, problems, *around)`, that remembers what it read lately.

    The further arguments can be given by position only.
    """
    return Remembered(read)


def remembered_in_parts(
    read: Callable[Concatenate[Item, str, list[Problem], Around], Result],
) -> Remembered[Item, Around, Result]:
    """The same for a reader that takes its item opened one level, because it has parts that are remembered too."""
    return Remembered(read, opened)


def remembered_list(
    read: Callable[Concatenate[Item, str, list[Problem], Around], Result],
) -> Remembered[Item, Around, Result]:
    """The same for a reader of a list that goes through it by `item_parts`, for what its items are made to together."""
    return Remembered(read, _as_it_is)


def _as_it_is(listed: object) -> object:
    return listed


class KnownAgain(Generic[Given, Around, Result]):
    """A pure function of an immutable value that remembers what it made of the very same object lately."""

    def __init__(self, make: Callable[Concatenate[Given, Around], Result]) -> None:
        self._make = make
        self._kept: _Kept[Result] = _Kept()
        update_wrapper(self, make)

    def __call__(self, given: Given, *around: Around.args, **_: Around.kwargs) -> Result:
        """What the function makes of the value; the further arguments, by position only, are compared by value."""
        row = self._kept.find(id(given))
        if row is None or row.around[0] is not given or row.around[1:] != around:
            row = _Row((given, *around), cast("Callable[..., Result]", self._make)(given, *around))
            self._kept.keep(id(given), row)
        return row.result

    def cache_clear(self) -> None:
        """Forget everything, as a fresh process has (named as in `functools`): for tests and benchmarks."""
        self._kept = _Kept()


def known_again(make: Callable[Concatenate[Given, Around], Result]) -> KnownAgain[Given, Around, Result]:
    """For what is made further of entries and incidents, which are the same objects as long as nothing changed them."""
    return KnownAgain(make)


def _recalled(
    kept: _Kept[Result],
    read: Callable[..., Result],
    item: object,
    where: str,
    problems: list[Problem],
    around: tuple[object, ...],
    known: object = None,
) -> Result:
    if known is None:
        known = bytes(item) if type(item) is Part else item
    if (isinstance(known, bytes) and len(known) > LARGEST_BYTES) or isinstance(known, dict | list):
        return read(item, where, problems, *around)
    row = kept.find(known)
    if row is None or row.around != around:
        said: list[Problem] = []
        told = tuple([one.afresh() if type(one) is Now else one for one in around])
        row = _Row(told, read(item, where, said, *told), tuple(said), where)
        kept.keep(known, row)
    for place in row.asked:
        cast("Now", around[place]).learn(cast("Now", row.around[place]))
    if row.problems:
        problems.extend(_moved(one, row.where, where) for one in row.problems)
    return row.result


def _moved(problem: Problem, before: str, now: str) -> Problem:
    """The problem at the place where the item stands now; one that was found elsewhere stays there."""
    if before == now or not problem.where.startswith(before):
        return problem
    return Problem(now + problem.where[len(before) :], problem.reason)
