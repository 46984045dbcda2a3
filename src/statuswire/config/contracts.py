"""What providers promised: which components of which page, how much of which time, and what does not count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from statuswire.config import words
from statuswire.config.base import Settings
from statuswire.config.lists import Words
from statuswire.config.quiet import Clock, Days, days_of
from statuswire.config.types import Duration, known_zone, parse_duration, spell_duration, zone
from statuswire.model import Contract, Credit, LeftOut, NamedTime, Status, Term, WeeklyHours

USUAL_WEIGHTS: Final = {"major_outage": Decimal(1), "partial_outage": Decimal("0.3")}
"""Those that uptime is reckoned with."""

_BAD: Final = tuple(
    one.value for one in (Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE, Status.DEGRADED, Status.MAINTENANCE)
)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=366)


def _window(value: object) -> Term | timedelta:
    known = [one.value for one in Term]
    if isinstance(value, Term) or value in known:
        return Term(str(value))
    length = parse_duration(value) if isinstance(value, str | timedelta) else value
    if not isinstance(length, timedelta) or not _DAY <= length <= _LONGEST:
        raise ValueError("must be `month`, `quarter`, or a length of time from 1d to 366d")
    return length


def _spell_window(value: Term | timedelta) -> str:
    return value.value if isinstance(value, Term) else spell_duration(value)


Length = Annotated[
    Term | timedelta,
    BeforeValidator(_window),
    PlainSerializer(_spell_window, return_type=str),
    WithJsonSchema({"type": "string"}),
]


def _day_or_moment(value: object) -> object:
    """As written: a moment without a zone is in that of the contract."""
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError("is neither a day nor a moment; right: 2026-10-03 or 2026-10-03T09:00") from error
    return datetime.combine(found, time()) if isinstance(found, date) and not isinstance(found, datetime) else found


When = Annotated[datetime, BeforeValidator(_day_or_moment), WithJsonSchema({"type": "string"})]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


class HoursConfig(Settings):
    """Hours that do not count."""

    begin: Clock = Field(alias="from", examples=["02:00"])
    """When they begin, in the zone of the contract."""

    to: Clock = Field(examples=["04:00"])
    """When they end, on the next day if that is not later."""

    days: Days = Field(default=(), examples=[["sun"]])
    """Days on which they begin, `mon` to `sun`; every day when empty."""

    reason: Reason = Field(examples=["weekly window"])
    """Why; it stands in the statement."""


class DatesConfig(Settings):
    """A time that does not count."""

    begin: When = Field(alias="from", examples=["2026-10-03"])
    """A day, at whose beginning in the zone of the contract it begins, or a moment."""

    until: When = Field(examples=["2026-10-04"])
    """The same for its end."""

    reason: Reason = Field(examples=["force majeure, letter of 5 October"])
    """Why; it stands in the statement."""


def _off(value: object) -> object:
    return None if value is False else value


class ExcludeConfig(Settings):
    """What does not count."""

    maintenance: Annotated[Duration | None, BeforeValidator(_off)] = Field(
        default=None, ge=timedelta(0), le=timedelta(days=90), examples=["72h"]
    )
    """Maintenance that was announced at least so long before, as far as it kept to its plan; `false` is off."""

    hours: tuple[HoursConfig, ...] = Field(
        default=(), examples=[[{"from": "02:00", "to": "04:00", "reason": "weekly"}]]
    )
    """Hours of the week."""

    dates: tuple[DatesConfig, ...] = Field(
        default=(), examples=[[{"from": "2026-10-03", "until": "2026-10-04", "reason": "force majeure"}]]
    )
    """Times by name."""

    counts_as: LeftOut = Field(default=LeftOut.NOTHING, examples=["nothing"])
    """What all of this counts as: `nothing`, it is taken out of the window; or `up`, it stays there as time without
    downtime."""


class CreditConfig(Settings):
    """What is owed."""

    below: Percent = Field(examples=[99.9])
    """Where the result is below this, in percent,"""

    credit: Percent = Field(examples=[10])
    """so much of the fee is owed, in percent."""


def _weights(value: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    wrong = [name for name in value if name not in _BAD]
    if wrong:
        raise ValueError(f"has `{wrong[0]}`, which is no level that can count; {words.choices(wrong[0], _BAD)}")
    return value


class ContractConfig(Settings):
    """What a provider promised, by a name of your own. Its statements are made from what was seen."""

    page: str = Field(min_length=1, max_length=80, examples=["payments"])
    """Slug of the page."""

    components: Words = Field(default=(), examples=[["API", "Checkout / *"]])
    """Components that count: names or `Group / Name`, with `*` and `?`; the page as a whole when empty."""

    objective: Percent = Field(examples=[99.9])
    """What was promised, in percent."""

    window: Length = Field(default=Term.MONTH, examples=["month"])
    """Over which time: `month` or `quarter` of the calendar, or a length up to the end of each month, such as `30d`."""

    zone: str = Field(default="UTC", examples=["Europe/Berlin"])
    """Time zone of months, hours and dates."""

    weights: Annotated[dict[str, Annotated[Decimal, Field(ge=0, le=1)]], AfterValidator(_weights)] = Field(
        default_factory=lambda: dict(USUAL_WEIGHTS), examples=[{"major_outage": 1, "partial_outage": 0.5}]
    )
    """Which levels count as down, and which part of their time: `major_outage`, `partial_outage`, `degraded`,
    `maintenance`, each 0 to 1."""

    exclude: ExcludeConfig = ExcludeConfig()
    """What does not count."""

    credits: tuple[CreditConfig, ...] = Field(default=(), max_length=20, examples=[[{"below": 99.9, "credit": 10}]])
    """What is owed where it was not kept; the higher credit, the lower the result."""

    @field_validator("zone")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        return known_zone(value)

    @field_validator("credits")
    @classmethod
    def _owe_more_for_less(cls, value: tuple[CreditConfig, ...]) -> tuple[CreditConfig, ...]:
        ordered = tuple(sorted(value, key=lambda one: one.below, reverse=True))
        owed = [one.credit for one in ordered]
        if owed != sorted(set(owed)):
            raise ValueError("must owe more, the lower the result")
        return ordered

    @model_validator(mode="after")
    def _has_dates_with_a_length(self) -> Self:
        place = zone(self.zone)
        wrong = [
            index for index, one in enumerate(self.exclude.dates) if not _named(one, place)[0] < _named(one, place)[1]
        ]
        if wrong:
            raise words.together([(("exclude", "dates", wrong[0], "until"), "must be later than `from`")])
        return self

    def contract(self, name: str) -> Contract:
        place = zone(self.zone)
        return Contract(
            name=name,
            page=self.page,
            objective=self.objective,
            weights={Status(level): weight for level, weight in self.weights.items()},
            zone=place,
            components=self.components,
            window=self.window,
            notice=self.exclude.maintenance,
            hours=tuple(WeeklyHours(one.begin, one.to, one.reason, days_of(one.days)) for one in self.exclude.hours),
            dates=tuple(NamedTime(*_named(one, place), one.reason) for one in self.exclude.dates),
            left_out=self.exclude.counts_as,
            credits=tuple(Credit(one.below, one.credit) for one in self.credits),
        )


def _named(one: DatesConfig, place: tzinfo) -> tuple[datetime, datetime]:
    begin, until = (at if at.tzinfo else at.replace(tzinfo=place) for at in (one.begin, one.until))
    return begin.astimezone(UTC), until.astimezone(UTC)


def contracts_of(given: Mapping[str, ContractConfig]) -> dict[str, Contract]:
    """What the settings say, by name."""
    return {name: one.contract(name) for name, one in given.items()}
