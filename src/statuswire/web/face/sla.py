"""The statement of a contract, as a page, as one table, or as a file that needs nothing beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from markupsafe import Markup

from statuswire.core.figures import to_csv
from statuswire.core.fulfilment import Breach
from statuswire.core.periods import last_month, month_after, month_before, read_month
from statuswire.core.pieces import State
from statuswire.core.reckoning import minutes, percent
from statuswire.engine.statement_forms import as_rows, window_word
from statuswire.engine.statements import Statement, load_statement
from statuswire.model import Status
from statuswire.store import Tx
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face import drawings
from statuswire.web.face.frame import environment, load_standing, missing, render
from statuswire.web.paths import contract_path, text_of

DEADLINE_S: Final = 30.0
MOST_SHOWN: Final = 200
"""So many documents are shown; all of them are in the CSV."""

BREACH_WORDS: Final[Mapping[Breach, str]] = {
    Breach.YES: "The objective was not kept",
    Breach.NO: "The objective was kept",
    Breach.UNDECIDED: "Not decided by what is known",
}
LEVELS: Final[Mapping[Breach, Status]] = {
    Breach.YES: Status.MAJOR_OUTAGE,
    Breach.NO: Status.OPERATIONAL,
    Breach.UNDECIDED: Status.UNKNOWN,
}
_UNCOLOURED: Final = {State.UNOBSERVED: "is-unknown", State.TO_COME: "is-unknown"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement with what its page says of it. `before` and `after` are the months beside it, the latter None where
    that one has not begun."""

    one: Statement
    before: date
    after: date | None

    @property
    def level(self) -> str:
        return LEVELS[self.one.breach].value

    @property
    def verdict(self) -> str:
        return BREACH_WORDS[self.one.breach]

    @property
    def bounds(self) -> str:
        best, worst = percent(self.one.account.best), percent(self.one.account.worst)
        return best if best == worst else f"{worst} to {best}"

    @property
    def credit(self) -> str:
        least, most = self.one.credits
        return f"{least} %" if least == most else f"{least} % to {most} %"

    @property
    def bar(self) -> Markup:
        """How the window was spent but for what was well, as parts of it."""
        bad = [one for one in self.one.account.states if one.length and one.state is not State.OPERATIONAL]
        parts = [(_UNCOLOURED.get(one.state, f"is-{one.state}"), float(one.length.total_seconds())) for one in bad]
        said = ", ".join(f"{minutes(one.length)} min {one.state.replace('_', ' ')}" for one in bad)
        whole = sum(length for _, length in parts)
        return drawings.shares(parts, whole, said) if parts else Markup()

    @property
    def places(self) -> Mapping[str, int]:
        """The numbers of the rows that incidents point to, by the digest: of several receipts, the first."""
        return {one.digest: one.id for one in reversed((*self.one.opening, *self.one.documents))}

    @property
    def window_word(self) -> str:
        return window_word(self.one.contract)

    def address(self, month: date, form: str = "") -> str:
        form = f"&format={form}" if form else ""
        return f"{contract_path(self.one.contract.name)}?month={month:%Y-%m}{form}"


async def statement(ask: Ask) -> Answer:
    """The month that `month` names, the last one that is over otherwise; `format=csv` as one table."""
    contract = ask.parts.config().promises.get(text_of(ask.params["contract"]))
    if contract is None:
        return missing(ask, "There is no contract of this name.")
    now = ask.parts.clock.now()
    given = {name: values[-1] for name, values in parse_qs(ask.query.decode("latin-1"), max_num_fields=20).items()}
    try:
        month = read_month(given["month"]) if given.get("month") else last_month(contract, now)
    except ValueError:
        return missing(ask, "There is no such month: it is written as 2026-10.")
    load = partial(load_statement, contract=contract, month=month, now=now)
    is_csv = given.get("format") == "csv"
    async with asyncio.timeout(DEADLINE_S):
        return await asyncio.to_thread(_csv if is_csv else _page, ask, load)


def _csv(ask: Ask, load: partial[Statement]) -> Answer:
    found = ask.parts.store.read(load)
    name = f"statuswire-sla-{found.contract.name}-{found.month:%Y-%m}.csv"
    headers = ((b"content-disposition", f'attachment; filename="{name}"'.encode("ascii", "replace")),)
    return Answer(200, to_csv(as_rows(found)).encode("utf-8", "replace"), b"text/csv; charset=utf-8", headers)


def _page(ask: Ask, load: partial[Statement]) -> Answer:
    def read(tx: Tx) -> tuple[Statement, object]:
        return load(tx), load_standing(ask, tx)

    found, standing = ask.parts.store.read(read)
    title = f"{found.contract.name}, {found.month:%B %Y}"
    context = {"title": title, "current": "reports", "shown": shown_of(found), **WORDS}
    return render(ask, "statement.html", standing=standing, **context)  # type: ignore[arg-type]  # as loaded


def shown_of(found: Statement) -> Shown:
    after = month_after(found.month)
    is_begun = (after.year, after.month) <= (found.made_at.year, found.made_at.month)
    return Shown(found, month_before(found.month), after if is_begun else None)


WORDS: Final = {"minutes": minutes, "percent": percent, "most": MOST_SHOWN}


def as_file(found: Statement) -> str:
    """A page of its own, without anything from elsewhere."""
    template = environment().get_template("statement_file.html")
    return template.render(shown=shown_of(found), now=found.made_at, **WORDS)
