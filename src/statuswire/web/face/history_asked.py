"""What an address of the history asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from statuswire.web.face.filterform import FilterForm, moment_of, read_form
from statuswire.web.filters import read_pairs
from statuswire.web.problems import Refusal, RefusedRequest

PATH: Final = "/history"
INCIDENTS: Final = "incidents"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `before`, `after` are numbers of events, `cursor` is a place in the incidents.
    `faults` are sentences by field, those of the filter not among them."""

    form: FilterForm
    what: str = "events"
    since: datetime | None = None
    until: datetime | None = None
    at: datetime | None = None
    before: int | None = None
    after: int | None = None
    cursor: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def is_right(self) -> bool:
        return not (self.faults or self.form.faults)

    def text(self, name: str) -> str:
        return dict(self.texts).get(name, "")

    def fault(self, name: str) -> str:
        return dict(self.faults).get(name, "")

    def address(self, **other: object) -> str:
        """The same with another place in the list, or shown otherwise."""
        kept = {"what": self.what if self.what == INCIDENTS else "", **dict(self.texts), "at": ""}
        fields = {name: str(value) for name, value in (kept | other).items() if value not in ("", None)}
        query = urlencode([*self.form.pairs, *fields.items()])
        return f"{PATH}?{query}" if query else PATH


def read_asked(query: bytes, now: datetime) -> Asked:
    """What a query string asks for. Raises RefusedRequest for one that cannot be read at all."""
    pairs = read_pairs(query)
    if isinstance(pairs, Refusal):
        raise RefusedRequest(pairs)
    given = dict(pairs)
    moments: dict[str, datetime | None] = {}
    faults: list[tuple[str, str]] = []
    for name in ("since", "until", "at"):
        try:
            moments[name] = moment_of(given.get(name, ""), is_end=name == "until")
        except ValueError as error:
            faults.append((name, f"{error}."))
    if (at := moments.get("at")) is not None and at > now:
        faults.append(("at", "lies in the future."))
    return Asked(
        form=read_form(pairs),
        what=INCIDENTS if given.get("what") == INCIDENTS else "events",
        before=_number(given.get("before", "")),
        after=_number(given.get("after", "")),
        cursor=given.get("cursor", ""),
        texts=tuple((name, given[name].strip()) for name in ("since", "until", "at") if given.get(name, "").strip()),
        faults=tuple(faults),
        **moments,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
