"""The simulated providers: what their pages say at this moment, whatever format they say it in.

Mutable on purpose: a provider's page is state that people edit. Nothing here does I/O; moments are arguments.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from statuswire.model import Kind, Phase, Status

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code(name: str) -> str:
    """A Statuspage id: 12 letters and digits, always the same for a name."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return "".join(_BASE36[number // 36**place % 36] for place in range(12))


def ulid(name: str, at: datetime) -> str:
    """An incident.io id: the moment in ten characters, then sixteen that are always the same for a name."""
    milliseconds = int(at.timestamp() * 1000)
    rest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:10], "big")
    head = "".join(_CROCKFORD[milliseconds >> 5 * place & 31] for place in reversed(range(10)))
    return head + "".join(_CROCKFORD[rest >> 5 * place & 31] for place in reversed(range(16)))


@dataclass(slots=True)
class Part:
    """A component of a page. `key` is what it is known by for good; empty: its name."""

    name: str
    group: str | None = None
    status: Status = Status.OPERATIONAL
    changed_at: datetime | None = None
    key: str = ""

    @property
    def own_key(self) -> str:
        return self.key or self.name


@dataclass(slots=True)
class Post:
    """One update as a provider wrote it, with the levels of that moment. `edited_at` moves when its text is corrected
    in place."""

    key: str
    phase: Phase
    text: str
    at: datetime
    edited_at: datetime
    levels: dict[str, Status] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """An incident or a maintenance: `parts` are the keys of what it touches, `posts` oldest first. `set_phase` and
    `set_at` are what the provider changed without a post."""

    key: str
    title: str
    kind: Kind
    impact: str
    started_at: datetime
    parts: tuple[str, ...] = ()
    posts: list[Post] = field(default_factory=list)
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    is_backfilled: bool = False
    set_phase: Phase | None = None
    set_at: datetime | None = None

    @property
    def phase(self) -> Phase:
        return self.set_phase or self.posts[-1].phase

    @property
    def changed_at(self) -> datetime:
        moments = [post.edited_at for post in self.posts]
        return max(moments) if self.set_at is None else max(self.set_at, *moments)


@dataclass(slots=True)
class Provider:
    """One page with its components and cases. `is_dark`: the server answers 503 to everything."""

    slug: str
    name: str
    parts: list[Part]
    born_at: datetime
    cases: list[Case] = field(default_factory=list)
    is_dark: bool = False
    moved_at: datetime | None = None
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def changed_at(self) -> datetime:
        return self.moved_at or self.born_at

    def part(self, key: str) -> Part:
        return next(part for part in self.parts if part.own_key == key)

    def case(self, key: str) -> Case:
        return next(case for case in self.cases if case.key == key)

    def open_cases(self, kind: Kind) -> list[Case]:
        return [case for case in self.cases if case.kind is kind and not case.phase.is_closed]

    def begin(self, case: Case, phase: Phase, text: str, at: datetime) -> None:
        """Open a case with its first post."""
        self.cases.insert(0, case)
        self.post(case.key, phase, text, at)

    def post(self, key: str, phase: Phase, text: str, at: datetime) -> None:
        case = self.case(key)
        levels = {name: self.part(name).status for name in case.parts}
        case.posts.append(Post(f"{key}-{next(self._numbers)}", phase, text, at, at, levels))
        self.moved_at = at

    def edit(self, key: str, text: str, at: datetime) -> None:
        """Correct the text of the newest post in place."""
        post = self.case(key).posts[-1]
        post.text, post.edited_at = text, at
        self.moved_at = at

    def set_level(self, name: str, status: Status, at: datetime) -> None:
        part = self.part(name)
        part.status, part.changed_at = status, at
        self.moved_at = at
