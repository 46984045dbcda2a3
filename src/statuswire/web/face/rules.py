"""Who is told what, and what is withheld: routes, silences, and what operators said of single incidents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.config import Config, FilterConfig
from statuswire.config.spelled import asked_words, quiet_words
from statuswire.engine import owning
from statuswire.engine.orders import AddSilence, EndSilence
from statuswire.model import Route, Silence
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back, said, sentence
from statuswire.web.face.filterform import FilterForm, moment_of, offered, read_form
from statuswire.web.face.frame import Context, show
from statuswire.web.obeying import obeyed
from statuswire.web.told import filter_words

PATH: Final = "/rules"
MAX_REASON: Final = 500

LENGTHS: Final[Mapping[str, tuple[str, timedelta | None]]] = {
    "1h": ("1 hour", timedelta(hours=1)),
    "4h": ("4 hours", timedelta(hours=4)),
    "1d": ("1 day", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "until": ("until the day below", None),
    "": ("for good", None),
}
"""How long a silence may hold."""


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route as it is in force. `is_own`: it is kept in the database, and can be changed here; `is_usual`: nobody
    wrote it, it is there because no route names its channel."""

    route: Route
    asked: str
    quiet: tuple[str, ...]
    is_own: bool
    is_usual: bool


@dataclass(frozen=True, slots=True)
class SilenceRow:
    silence: Silence
    asked: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class SilenceForm:
    """What was written into the form for a silence, and what is wrong with it."""

    filter: FilterForm = field(default_factory=FilterForm)
    length: str = "1d"
    until: str = ""
    reason: str = ""
    faults: Mapping[str, str] | None = None

    def fault(self, name: str) -> str:
        return (self.faults or {}).get(name, "")


async def rules(ask: Ask) -> Answer:
    """All of them, with the form for a silence."""
    return await show(ask, "rules.html", lambda tx: _context(ask, tx, SilenceForm()), title="Rules", current="rules")


def _context(ask: Ask, tx: Tx, silence: SilenceForm) -> Context:
    now = ask.parts.clock.now()
    merged, own = owning.load(tx, ask.parts.file), {one.name for one in queries.own_routes(tx)}
    config = merged.config
    return {
        "routes": tuple(route_rows(config, own)),
        "left_out": [one for one in merged.left_out if one.kind == "route"],
        "silences": tuple(silence_rows(config, queries.silences(tx, now), now)),
        "marks": queries.all_marks(tx, now),
        "form": silence,
        "lengths": {word: name for word, (name, _) in LENGTHS.items()},
        "offer": offered(tx, ask.parts.rules()),
        "said": said(ask),
    }


def route_rows(config: Config, own: set[str]) -> Iterator[RouteRow]:
    """In the order in which they count."""
    for index, route in enumerate(config.told()):
        is_usual = index >= len(config.routes)
        asked = FilterConfig() if is_usual else config.routes[index]
        yield RouteRow(route, asked_words(asked), tuple(quiet_words(route.quiet)), route.name in own, is_usual)


def silence_rows(config: Config, made: list[Silence], now: datetime) -> Iterator[SilenceRow]:
    """Those that were made here first."""
    for one in made:
        said_of = "; ".join(f"{name} {', '.join(words)}" for name, words in filter_words(one.filter))
        yield SilenceRow(one, said_of)
    for asked in config.silences:
        silence = asked.silence()
        yield SilenceRow(silence, asked_words(asked), is_over=not silence.is_active(now))


# --- silences ----------------------------------------------------------------------------------------------------


async def add_silence(ask: Ask) -> Answer:
    """Withhold what the filter of the form means."""
    form = _read_silence(await ask.form_lists(), ask.parts.clock.now())
    if form.filter.faults or form.faults:
        return await _again(ask, form)
    end = _end_of(form, ask.parts.clock.now())
    answer = await obeyed(ask, AddSilence(form.filter.filter, form.reason, end))
    if not answer.done:
        return await _again(ask, SilenceForm(form.filter, form.length, form.until, form.reason, {"": sentence(answer)}))
    return gone_back(PATH, "silence-made")


def _read_silence(lists: Mapping[str, list[str]], now: datetime) -> SilenceForm:
    given = {name: values[-1].strip() for name, values in lists.items()}
    filter_ = read_form((name, value) for name, values in lists.items() for value in values)
    length = given.get("for", "")
    form = SilenceForm(
        filter_, length if length in LENGTHS else "", given.get("until", ""), given.get("reason", "")[:MAX_REASON]
    )
    faults = {}
    if not filter_.words:
        faults[""] = "It would withhold everything. If that is meant, write * as the page."
    if not form.reason:
        faults["reason"] = "Say why: it is shown wherever something is withheld."
    if form.length == "until":
        faults |= _until_fault(form.until, now)
    return SilenceForm(form.filter, form.length, form.until, form.reason, faults)


def _until_fault(text: str, now: datetime) -> dict[str, str]:
    try:
        end = moment_of(text)
    except ValueError as error:
        return {"until": f"{error}."}
    return {"until": "Name a day that is still to come."} if end is None or end <= now else {}


def _end_of(form: SilenceForm, now: datetime) -> datetime | None:
    if form.length == "until":
        return moment_of(form.until)
    length = LENGTHS[form.length][1]
    return None if length is None else now + length


async def _again(ask: Ask, form: SilenceForm) -> Answer:
    """The page with what is wrong beside the fields."""
    shown = await show(ask, "rules.html", lambda tx: _context(ask, tx, form), title="Rules", current="rules")
    return replace(shown, status=400)


async def end_silence(ask: Ask) -> Answer:
    text = ask.params["id"]
    id_ = int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
    answer = await obeyed(ask, EndSilence(id_))
    return gone_back(PATH, "silence-ended" if answer.done else "gone")
