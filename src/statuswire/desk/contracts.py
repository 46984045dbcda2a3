"""`statuswire sla`: statements of contracts, and the documents that are kept for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from statuswire.channels.terminal import Style, one_line
from statuswire.config import Config
from statuswire.core.fulfilment import Breach, Spent
from statuswire.core.periods import last_month, read_month
from statuswire.core.reckoning import minutes, percent
from statuswire.desk import reaching
from statuswire.engine import evidence as keeping
from statuswire.engine.evidence import Check
from statuswire.engine.statement_forms import window_word
from statuswire.engine.statements import Statement, load_statement
from statuswire.errors import ConfigError
from statuswire.model import Contract, KeptDocument
from statuswire.store import Tx, evidence
from statuswire.tables import table

EXIT_CODES: Final = {Breach.NO: 0, Breach.YES: 1, Breach.UNDECIDED: 3}

_AT_ONCE: Final = 200


def contract_of(loaded: Config, name: str) -> Contract:
    """Raises ConfigError, which names those that there are."""
    found = loaded.promises.get(name)
    if found is None:
        known = ", ".join(loaded.contracts) or "none: name one under `contracts`"
        raise ConfigError(f"there is no contract `{one_line(name)}`; known: {known}")
    return found


def month_of(contract: Contract, text: str | None, now: datetime) -> date:
    """The month that is meant: the last one that is over where none is named. Raises ConfigError."""
    if text is None:
        return last_month(contract, now)
    try:
        return read_month(text)
    except ValueError as error:
        raise ConfigError(f"`{one_line(text)}` {error}", where="--month") from error


def statement(loaded: Config, name: str, month: str | None, now: datetime) -> Statement:
    """Raises ConfigError and StoreError."""
    contract = contract_of(loaded, name)
    wanted = month_of(contract, month, now)
    return reaching.ask(loaded, partial(load_statement, contract=contract, month=wanted, now=now))


def statements(loaded: Config, now: datetime) -> list[Statement]:
    """Of every contract, for the last month that is over. Raises ConfigError and StoreError."""

    def load(tx: Tx) -> list[Statement]:
        return [load_statement(tx, one, last_month(one, now), now) for one in loaded.promises.values()]

    return reaching.ask(loaded, load)


# --- documents -------------------------------------------------------------------------------------------------------


def document(loaded: Config, digest: str) -> bytes | None:
    """The bytes of a document; None where they are not kept, empty where they are withheld. Raises StoreError."""
    return reaching.ask(loaded, partial(keeping.read_document, digest=digest.strip().lower()))


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking all documents: how many there were of each kind, and those that are damaged."""

    good: int = 0
    withheld: int = 0
    damaged: tuple[str, ...] = ()


def verify(loaded: Config) -> Checked:
    """Reckon the digest of every document anew. Raises StoreError."""
    return reaching.ask(loaded, _verified)


def _verified(tx: Tx) -> Checked:
    found: dict[Check, list[str]] = {kind: [] for kind in Check}
    for digest in _digests(tx):
        found[keeping.check_document(tx, digest)].append(digest)
    return Checked(len(found[Check.GOOD]), len(found[Check.WITHHELD]), tuple(found[Check.DAMAGED]))


def _digests(tx: Tx) -> Iterator[str]:
    last = ""
    while some := evidence.digests_after(tx, last, _AT_ONCE):
        yield from some
        last = some[-1]


# --- as text ---------------------------------------------------------------------------------------------------------


def list_lines(some: Sequence[Statement], style: Style) -> list[str]:
    rows = [
        (
            one.contract.name,
            one.contract.page,
            f"{one.contract.objective} %",
            window_word(one.contract),
            f"{one.month:%Y-%m}",
            result_words(one),
        )
        for one in some
    ]
    return table(("Contract", "Page", "Objective", "Window", "Statement", "Breach"), rows, style)


def result_words(one: Statement) -> str:
    """`yes, 99.7801 %`, or both bounds where they differ."""
    best, worst = percent(one.account.best), percent(one.account.worst)
    return f"{one.breach.value}, {best if best == worst else f'{worst} to {best}'}"


def lines(one: Statement, style: Style) -> Iterator[str]:
    """The whole statement."""
    contract, window = one.contract, one.window
    yield f"{contract.name}, {one.month:%B %Y}: breach {result_words(one)}"
    yield f"{contract.page}: {', '.join(contract.components) or 'the page as a whole'}"
    yield (
        f"{contract.objective} % by {window_word(contract)} in {contract.zone}: "
        f"{window.since:%Y-%m-%d %H:%M} to {window.until:%Y-%m-%d %H:%M} UTC"
    )
    yield from (f"note: {note}" for note in one.notes)
    yield from ("", *table(("State", "Minutes", "Excluded", "Weight", "Down"), _spent(one), style))
    steps = [(step.name, step.result, step.how) for step in one.steps]
    yield from ("", *table(("Step", "Result", "How"), steps, style))
    yield from _listed("Incident", ("From", "To", "Minutes", "Title"), _incidents(one), style)
    yield from _listed("Maintenance", ("Announced", "First seen", "Planned from", "Finding"), _works(one), style)
    documents = [_document(each) for each in (*one.opening, *one.documents)]
    yield from _listed("Document", ("Received", "Why", "Bytes", "Address"), documents, style)


def _listed(first: str, heads: Sequence[str], rows: Sequence[Sequence[str]], style: Style) -> Iterator[str]:
    if rows:
        yield from ("", *table((first, *heads), rows, style))


def _spent(one: Statement) -> list[tuple[str, ...]]:
    return [_spent_row(spent) for spent in one.account.states if spent.length]


def _spent_row(spent: Spent) -> tuple[str, ...]:
    weight = f"{float(spent.weight):g}" if spent.weight else "-"
    return spent.state.replace("_", " "), minutes(spent.length), minutes(spent.exempt), weight, minutes(spent.down)


def _incidents(one: Statement) -> list[tuple[str, ...]]:
    return [
        (
            each.incident.id,
            f"{each.span[0]:%m-%d %H:%M}",
            f"{each.span[1]:%m-%d %H:%M}",
            minutes(each.span[1] - each.span[0]),
            each.incident.title,
        )
        for each in one.incidents
    ]


def _works(one: Statement) -> list[tuple[str, ...]]:
    return [
        (
            each.work.title or each.work.id,
            _when(each.announced_at),
            _when(each.work.first_seen_at),
            _when(each.work.scheduled_for),
            each.finding.value,
        )
        for each in one.works
    ]


def _when(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _document(one: KeptDocument) -> tuple[str, ...]:
    size = "withheld" if one.is_withheld else f"{one.size_bytes:,}"
    return one.digest, f"{one.received_at:%Y-%m-%d %H:%M:%S}", one.why.value, size, one.url or one.source.value
