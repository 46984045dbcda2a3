"""Routes, silences and marks: what is told, what is withheld, and what operators said of incidents and components."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field, ValidationError

from statuswire.config import FilterConfig
from statuswire.engine.orders import AddSilence, DropMark, EndSilence, SetMark
from statuswire.model import Impact, Mark, MarkKind, Phase, Status
from statuswire.store import queries
from statuswire.web import told
from statuswire.web.api import shapes
from statuswire.web.api.asked import MAX_WORD, Nothing, Part, Until, Words
from statuswire.web.api.errors import Refused
from statuswire.web.api.ordering import order
from statuswire.web.api.replies import Asking, encode, read, reply, slice_of
from statuswire.web.problems import Mistake, Refusal

router = APIRouter(tags=["rules"])


Reason = Annotated[str, Field(max_length=500, examples=["not used"])]


class FilterAsked(Nothing):
    """The filters of routes, as lists of words. At least one."""

    page: Words = Field(default=[], examples=[["github"]])
    tag: Words = Field(default=[])
    category: Words = Field(default=[])
    component: Words = Field(default=[], examples=[["Codespaces"]])
    impact: Words = Field(default=[])
    type: Words = Field(default=[])
    phase: Words = Field(default=[])
    source: Words = Field(default=[])


class SilenceAsked(Nothing):
    filter: FilterAsked
    reason: Annotated[Reason, Field(min_length=1)]
    """Why; it is shown wherever something is withheld."""
    until: Until | None = None
    """When it ends; for good when it is left out."""


class MarkAsked(Nothing):
    page: str = Field(min_length=1, max_length=MAX_WORD, examples=["acme"])
    subject: str = Field(min_length=1, max_length=1000, examples=["Slow API"])
    """Id or name of an open incident or a component, or `Group / Name`."""
    kind: MarkKind
    reason: Reason = ""
    until: Until | None = None
    """When it ends. A snooze needs it."""
    impact: Impact | None = None
    """Of an override: how bad an incident is."""
    status: Status | None = None
    """Of an override: what a component is."""
    phase: Phase | None = None
    """Of an override: `resolved`, the incident is over for us."""


class MarkMeant(Nothing):
    page: str = Field(min_length=1, max_length=MAX_WORD, examples=["acme"])
    """The slug of its page."""
    subject: str = Field(min_length=1, max_length=1000, examples=["Slow API"])
    """Id or name of an open incident or a component."""
    kind: MarkKind
    """What is taken back."""


@router.get("/routes", response_model=shapes.Routes, summary="What is told where, as it is in force")
async def list_routes(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """By name. With the one that each channel without a route has."""
    found = sorted(ask.parts.rules().routes, key=lambda one: one.name)
    return reply(ask, encode(slice_of(found, asked.limit, asked.after, lambda one: one.name, told.route_body)))


# --- silences ----------------------------------------------------------------------------------------------------


@router.get("/silences", response_model=shapes.Silences, summary="What is withheld now")
async def list_silences(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    """Those of the configuration, which have no number, then those that were made while running."""
    now = ask.parts.clock.now()
    configured = [
        (f"0.{number:020}", one) for number, one in enumerate(ask.parts.rules().silences) if one.is_active(now)
    ]
    return await read(
        ask,
        lambda tx: slice_of(
            [*configured, *((f"1.{one.id:020}", one) for one in queries.silences(tx, now))],
            asked.limit,
            asked.after,
            lambda pair: pair[0],
            lambda pair: told.silence_body(pair[1]),
        ),
    )


@router.post("/silences", response_model=shapes.Obeyed, status_code=201, summary="Withhold something for a while")
async def add_silence(
    ask: Asking, silence: Annotated[SilenceAsked, Body()], asked: Annotated[Nothing, Query()]
) -> Response:
    """What the filters mean together is stored and not told, until then or for good."""
    given = {key: tuple(some) for key, some in silence.filter.model_dump().items() if some}
    try:
        wanted = FilterConfig.model_validate(given).filter()
    except ValidationError as error:
        raise _wrong_filter(error) from error
    one = AddSilence(wanted, silence.reason, silence.until)
    return await order(ask, one, status=201)


def _wrong_filter(error: ValidationError) -> Refused:
    found = error.errors(include_url=False)
    mistakes = tuple(
        Mistake(f"body.filter.{one['loc'][0]}", str(one["msg"]).removeprefix("Value error, ")) for one in found
    )
    detail = "; ".join(f"{one.where} {one.what}" for one in mistakes)
    return Refused(Refusal("bad_parameter", f"{detail}.", errors=mistakes))


@router.delete("/silences/{id}", response_model=shapes.Obeyed, summary="End one")
async def end_silence(
    ask: Asking,
    id: Annotated[int, Path(ge=0, lt=2**63, description="Its number.", examples=[3])],
    asked: Annotated[Nothing, Query()],
) -> Response:
    """Those of the configuration are ended there."""
    return await order(ask, EndSilence(id))


# --- marks -------------------------------------------------------------------------------------------------------


@router.get("/marks", response_model=shapes.Marks, summary="What is acknowledged, snoozed or overridden")
async def list_marks(ask: Asking, asked: Annotated[Part, Query()]) -> Response:
    now = ask.parts.clock.now()

    def key(one: Mark) -> str:
        return "\n".join((one.page, one.subject, one.kind.value))

    return await read(
        ask,
        lambda tx: slice_of(sorted(queries.all_marks(tx, now), key=key), asked.limit, asked.after, key, told.mark_body),
    )


@router.post("/marks", response_model=shapes.Obeyed, status_code=201, summary="Acknowledge, snooze or override")
async def set_mark(ask: Asking, mark: Annotated[MarkAsked, Body()], asked: Annotated[Nothing, Query()]) -> Response:
    """It replaces an earlier one of its kind on the same incident or component."""
    _check(mark)
    one = SetMark(
        mark.page,
        mark.subject,
        mark.kind,
        reason=mark.reason,
        until=mark.until,
        impact=mark.impact,
        status=mark.status,
        phase=mark.phase,
    )
    return await order(ask, one, status=201)


@router.delete("/marks", response_model=shapes.Obeyed, summary="Take one back")
async def drop_mark(ask: Asking, asked: Annotated[MarkMeant, Query()]) -> Response:
    return await order(ask, DropMark(asked.page, asked.subject, asked.kind))


def _check(mark: MarkAsked) -> None:
    """What a kind needs, and what it has no use for."""
    if mark.kind is MarkKind.SNOOZED and mark.until is None:
        raise _mistaken("body.until", "is needed: a snooze has an end")
    said = [one for one in (mark.impact, mark.status, mark.phase) if one is not None]
    if (mark.kind is MarkKind.OVERRIDE) != bool(said):
        raise _mistaken("body.kind", "an override, and no other kind, needs `impact`, `status` or `phase`")


def _mistaken(where: str, what: str) -> Refused:
    return Refused(Refusal("bad_parameter", f"{where} {what}.", errors=(Mistake(where, what),)))
