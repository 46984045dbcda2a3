"""The statement of a contract for a month: how the time was spent, by which incidents, and what documents prove it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from statuswire.core.courses import Timeline, Word, went_on
from statuswire.core.exempting import Exemption, Judged, exemptions, judge
from statuswire.core.fulfilment import Account, Breach, account
from statuswire.core.periods import window_of
from statuswire.core.pieces import Strand, pieces
from statuswire.core.reckoning import Step, steps
from statuswire.core.selection import matches
from statuswire.core.timeline import Span, Window
from statuswire.engine.timelines import PageCourse, load_course
from statuswire.model import Contract, KeptDocument, Kind, KnownIncident, Page
from statuswire.store import Tx, evidence, history, queries


@dataclass(frozen=True, slots=True)
class Share:
    """One component that counts, or the page as a whole, reckoned by itself. `word` is None where it was not found."""

    name: str
    word: Word | None
    account: Account


@dataclass(frozen=True, slots=True)
class Behind:
    """An incident that went on in the window; `span` is the part of it within, `digests` name the documents of the
    window that told of it, the earliest first."""

    incident: KnownIncident
    span: Span
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """`documents` were received in the window, `opening` are the last ones before it. `notes` say what else to know."""

    contract: Contract
    month: date
    window: Window
    made_at: datetime
    page: Page | None
    account: Account
    shares: tuple[Share, ...]
    incidents: tuple[Behind, ...]
    works: tuple[Judged, ...]
    exempt: tuple[Exemption, ...]
    opening: tuple[KeptDocument, ...]
    documents: tuple[KeptDocument, ...]
    notes: tuple[str, ...]

    @property
    def is_final(self) -> bool:
        """Whether the window is over."""
        return self.made_at >= self.window.until

    @property
    def breach(self) -> Breach:
        return self.account.breach(self.contract.objective)

    @property
    def credits(self) -> tuple[Decimal, Decimal]:
        return self.account.credits(self.contract.credits)

    @property
    def steps(self) -> tuple[Step, ...]:
        return steps(self.contract, self.account)


def load_statement(tx: Tx, contract: Contract, month: date, now: datetime) -> Statement:
    """Whatever is known of it: of a page that was never read, that nothing is. Raises StoreError."""
    window = window_of(contract, month)
    page = queries.page_by_slug(tx, contract.page)
    course = None
    if page is not None and now > window.since:
        course = load_course(tx, page, Window(window.since, min(window.until, now)), now)
    works = () if course is None else judge(contract, _works(tx, course, contract), window, now)
    found = _Found(contract, window, now, works, exemptions(contract, (), window))
    named, strands = found.strands(course)
    before = [] if page is None else evidence.documents_before(tx, page.id, window.since)
    kept = [] if page is None else evidence.documents_within(tx, page.id, window.since, window.until)
    return Statement(
        contract=contract,
        month=month,
        window=window,
        made_at=now,
        page=page,
        account=found.reckon(strands),
        shares=tuple(Share(name, word, found.reckon([one])) for (name, word), one in zip(named, strands, strict=True)),
        incidents=() if page is None or course is None else tuple(_behind(tx, page, course, found, kept)),
        works=works,
        exempt=exemptions(contract, works, window),
        opening=tuple(before),
        documents=tuple(kept),
        notes=tuple(_notes(found, page, named, [*before, *kept])),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What is reckoned with. `general` does not count of any component."""

    contract: Contract
    window: Window
    now: datetime
    works: tuple[Judged, ...]
    general: tuple[Exemption, ...]

    def reckon(self, strands: Sequence[Strand]) -> Account:
        weights = self.contract.weights
        return account(self.contract, pieces(strands, self.general, weights, self.window, self.now), self.window)

    def strands(self, course: PageCourse | None) -> tuple[list[tuple[str, Word | None]], list[Strand]]:
        """Everything that counts, by name and as it went; of what is not there, that nothing is known."""
        if course is None:
            return [(glob, None) for glob in self.contract.components] or [("", None)], [
                Strand((), ()) for _ in self.contract.components or ("",)
            ]
        lines = self._lines(course)
        missing = [glob for glob in self.contract.components if not any(_is_like(one, glob) for one in lines)]
        names: list[tuple[str, Word | None]] = [(one.label, one.word) for one in lines]
        strands = [Strand(one.course, course.seen(one), self._exempt(one)) for one in lines]
        return [*names, *((glob, None) for glob in missing)], [*strands, *(Strand((), ()) for _ in missing)]

    def _lines(self, course: PageCourse) -> list[Timeline]:
        globs = self.contract.components
        if not globs:
            return [course.whole]
        return [one for one in course.components if any(_is_like(one, glob) for glob in globs)]

    def _exempt(self, line: Timeline) -> tuple[Exemption, ...]:
        """The announced maintenance that concerns it."""
        mine = [one for one in self.works if _concerns(one.work, line)]
        known = frozenset(self.general)
        return tuple(one for one in exemptions(self.contract, mine, self.window) if one not in known)


def _is_like(line: Timeline, glob: str) -> bool:
    return matches(line.group, line.name, glob, line.id)


def _concerns(work: KnownIncident, line: Timeline) -> bool:
    """Whether it names the component; what names none concerns all, and the page as a whole is concerned by any."""
    if not line.name or not work.components:
        return True
    return any(part.id == line.id or (part.name, part.group) == (line.name, line.group) for part in work.components)


def _touches(incident: KnownIncident, contract: Contract) -> bool:
    globs = contract.components
    if not globs or not incident.components:
        return True
    return any(matches(part.group, part.name, glob, part.id) for part in incident.components for glob in globs)


def _works(tx: Tx, course: PageCourse, contract: Contract) -> tuple[KnownIncident, ...]:
    """The maintenance that concerns the contract, with what was said of it, for it tells when it was announced."""
    mine = [one for one in course.incidents if one.kind is Kind.MAINTENANCE and _touches(one, contract)]
    return history.updates_of(tx, course.page.id, mine) if mine else ()


def _behind(tx: Tx, page: Page, course: PageCourse, found: _Found, kept: Sequence[KeptDocument]) -> Iterable[Behind]:
    told = _told_by(tx, page, kept)
    for one in course.incidents:
        ran = went_on(one, found.now) if one.kind is Kind.INCIDENT and _touches(one, found.contract) else None
        span = None if ran is None else found.window.clip(ran)
        if span is not None:
            yield Behind(one, span, tuple(dict.fromkeys(told.get(one.id, ()))))


def _told_by(tx: Tx, page: Page, kept: Sequence[KeptDocument]) -> dict[str, list[str]]:
    """The digests of documents by the incidents that they told of."""
    made = [one for one in kept if one.first_event is not None and one.last_event is not None]
    if not made:
        return {}
    first, last = (min(one.first_event or 0 for one in made), max(one.last_event or 0 for one in made))
    events = evidence.incidents_of_events(tx, page.id, first, last)
    numbers = [number for number, _ in events]
    found: dict[str, list[str]] = {}
    for one in made:
        for _, incident in events[
            bisect_left(numbers, one.first_event or 0) : bisect_right(numbers, one.last_event or 0)
        ]:
            found.setdefault(incident, []).append(one.digest)
    return found


def _notes(
    found: _Found, page: Page | None, named: Sequence[tuple[str, Word | None]], kept: Sequence[KeptDocument]
) -> Iterable[str]:
    if page is None:
        yield f"The page {found.contract.page} was never read."
    elif not kept:
        yield "No documents are kept of this time."
    if page is not None:
        for name, word in named:
            if word is None and name:
                yield f"The page has no component that is like {name}: of it nothing is known."
            if word is Word.INCIDENTS:
                yield f"The page tells no levels of {name or 'itself'}: it goes by the incidents that name it."
    for judged in found.works:
        if found.contract.notice is not None and judged.was_seen_late(found.contract.notice):
            name = judged.work.title or judged.work.id
            yield f"{name}: announced in time by the provider's word, first seen here later."
    if found.now < found.window.until:
        yield "The window is not over: what is to come is not known."
    if any(one.is_withheld for one in kept):
        yield "Documents that held a secret are kept by their digest alone."
