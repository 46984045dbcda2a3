"""What callers may ask for: the query parameters of lists, each with its limits.

The words of filters are those of routes and silences (`config.FilterConfig`), mean the same, and may be given several
times, all but components with commas too. No filter is a regular expression.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from statuswire.config import FilterConfig
from statuswire.model import DeliveryState, FeedState, Filter, Phase, SignalSource, Source, Status
from statuswire.web.api.errors import Refused
from statuswire.web.problems import Mistake, Refusal
from statuswire.web.questions import DEFAULT_LIMIT, MAX_LIMIT, read_moment

MAX_WORDS = 20
MAX_WORD = 200

Word = Annotated[str, Field(min_length=1, max_length=MAX_WORD)]
Words = Annotated[list[Word], Field(max_length=MAX_WORDS)]
ImpactWord = Annotated[str, Field(pattern=r"^((>=)?(none|unknown|minor|major|critical)|maintenance)$")]


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except ValueError as error:
        raise ValueError(f"must be {error}") from error


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of reach") from error


Until = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Number = Annotated[int, Field(ge=0, lt=2**63)]


class Nothing(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Part(Nothing):
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, examples=[50])
    """How many items at most."""

    after: str | None = Field(default=None, min_length=1, max_length=1000)
    """The `next` of the answer before."""


class OfPages(Nothing):
    page: Words = Field(default=[], examples=[["acme"]])
    """Slugs of pages, with `*` and `?`."""

    tag: Words = Field(default=[], examples=[["critical-path"]])
    """Tags of pages, with `*` and `?`."""

    category: Words = Field(default=[], examples=[["payments"]])
    """Categories of pages in the catalog, with `*` and `?`."""


class ByPage(Part, OfPages):
    """A list of pages, or of what is on them."""


class AtAsked(Nothing):
    at: Moment | None = Field(default=None, examples=["2026-05-04T10:30:00Z"])
    """As it was known at this time; now when left out."""


class PagesAsked(ByPage, AtAsked):
    status: list[Status] = Field(default=[], max_length=MAX_WORDS)
    """How pages are, now or then."""

    q: str | None = Field(default=None, min_length=1, max_length=MAX_WORD, examples=["acme"])
    """Part of a name or slug."""

    dropped: bool = Field(default=False, examples=[True])
    """Those that are not watched any more, instead of those that are."""


class ComponentsAsked(ByPage, AtAsked):
    component: Words = Field(default=[], examples=[["Europe / *"]])
    """Names or `Group / Name`, with `*` and `?`."""

    status: list[Status] = Field(default=[], max_length=MAX_WORDS)
    """How components are, now or then."""


class FeedsAsked(ByPage):
    state: list[FeedState] = Field(default=[], max_length=MAX_WORDS)
    """How reading the feeds goes."""


class Span(ByPage):
    since: Moment | None = Field(default=None, examples=["2026-05-04T00:00:00Z"])
    """At this time or later."""

    until: Moment | None = Field(default=None, examples=["2026-05-05T00:00:00Z"])
    """Before this time."""


class IncidentsAsked(Span):
    component: Words = Field(default=[], examples=[["API"]])
    """Components that it names: names or `Group / Name`, with `*` and `?`."""

    impact: list[ImpactWord] = Field(default=[], max_length=MAX_WORDS, examples=[[">=major"]])
    """Impacts; with `>=` that one and all that are worse."""

    phase: list[Phase] = Field(default=[], max_length=MAX_WORDS)
    """Phases."""

    id: Words = Field(default=[], examples=[["w2x4y6z8b1c3"]])
    """The provider's own ids, for ids that cannot stand in a path. Needs `page` with one slug."""

    open: bool | None = None
    """Whether it goes on."""

    at: Moment | None = Field(default=None, examples=["2026-05-04T10:30:00Z"])
    """What was not over at this time, as it was known then; all that is known now when left out."""


class EventsAsked(Span):
    component: Words = Field(default=[], examples=[["API"]])
    """Components that it is about: names or `Group / Name`, with `*` and `?`."""

    impact: list[ImpactWord] = Field(default=[], max_length=MAX_WORDS, examples=[[">=major"]])
    """Impacts; with `>=` that one and all that are worse."""

    type: Words = Field(default=[], examples=[["incident.*"]])
    """Types of events, with `*` and `?`."""

    phase: list[Phase] = Field(default=[], max_length=MAX_WORDS)
    """Phases of incidents and maintenances."""

    source: list[Source] = Field(default=[], max_length=MAX_WORDS)
    """How it was learnt."""

    order: Literal["oldest", "newest"] = "oldest"
    """Which come first."""


class SignalsAsked(Span):
    """`since` and `until` go by the time in which they fired."""

    state: list[Literal["firing", "resolved", "lapsed"]] = Field(default=[], max_length=MAX_WORDS)
    """Whether they fire, are over, or were not heard of any more."""

    sender: list[SignalSource] = Field(default=[], max_length=MAX_WORDS)
    """Who said it."""


class OverTime(OfPages):
    component: Words = Field(default=[], examples=[["API"]])
    """Components: names or `Group / Name`, with `*` and `?`."""

    since: Moment | None = Field(default=None, examples=["2026-02-01T00:00:00Z"])
    """From this time on; for 90 days when it is left out."""

    until: Moment | None = Field(default=None, examples=["2026-05-01T00:00:00Z"])
    """Up to this time; up to now when it is left out."""

    format: Literal["json", "csv"] = "json"
    """As what the answer comes."""


class UptimeAsked(OverTime, Part):
    by: Literal["month", "day"] = "month"
    """What is added up."""

    zone: str = Field(default="UTC", min_length=1, max_length=60, examples=["Europe/Berlin"])
    """Whose months and days, as an IANA name."""


class ReportAsked(OverTime):
    impact: list[ImpactWord] = Field(default=[], max_length=MAX_WORDS, examples=[[">=major"]])
    """Impacts of incidents; with `>=` that one and all that are worse."""


class DeliveriesAsked(Part):
    channel: Word | None = Field(default=None, examples=["ops"])
    """The name of a channel."""

    state: DeliveryState | None = None
    """Where deliveries stand."""

    since: Moment | None = Field(default=None, examples=["2026-05-04T00:00:00Z"])
    """Put in at this time or later; otherwise in the last 30 days."""


class SinceAsked(Part):
    since: Moment | None = Field(default=None, examples=["2026-05-04T00:00:00Z"])
    """With something new at this time or later; otherwise in the last 30 days."""


class AuditAsked(Part):
    actor: Word | None = Field(default=None, examples=["ann"])
    """Who changed it."""

    action: Word | None = Field(default=None, examples=["silence.add"])
    """What was done."""


class CatalogAsked(Part):
    q: str = Field(default="", max_length=MAX_WORD, examples=["opnai"])
    """A name, slug, host or category, with or without typos; all when empty."""


def filter_of(asked: OfPages) -> Filter:
    """The words of a question as the filter of a route."""
    names = set(FilterConfig.model_fields) & set(type(asked).model_fields)
    given = {name: tuple(str(one) for one in getattr(asked, name)) for name in names}
    try:
        return FilterConfig.model_validate(given).filter()
    except ValidationError as error:
        found = [(f"query.{one['loc'][0]}", str(one["msg"])) for one in error.errors(include_url=False)]
        mistakes = tuple(Mistake(where, what.removeprefix("Value error, ")) for where, what in found)
        detail = "; ".join(f"{one.where} {one.what}" for one in mistakes)
        raise Refused(Refusal("bad_parameter", f"{detail}.", errors=mistakes)) from error
