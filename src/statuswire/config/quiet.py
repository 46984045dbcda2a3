"""How quietly something is told: for one route, or for all of them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from statuswire.config.base import Settings
from statuswire.config.lists import Impacts, Words, impacts
from statuswire.config.types import Duration, known_zone, zone
from statuswire.model import Digest, Escalation, Mode, Quiet, QuietHours

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_LONGEST: Final = timedelta(days=7)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def _time(value: object) -> object:
    """`22:00`. A bare 22:00 is the number 1320 for readers of YAML 1.1, which know numbers of base 60."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return time(value // 60, value % 60)
    if isinstance(value, time):
        return value
    try:
        hours, minutes = str(value).split(":")
        return time(int(hours), int(minutes))
    except ValueError as error:
        raise ValueError('is not a time of day; right: "22:00"') from error


Clock = Annotated[
    time,
    BeforeValidator(_time),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"}),
]


def _days(value: tuple[str, ...]) -> tuple[str, ...]:
    for day in value:
        if day.lower()[:3] not in DAYS:
            raise ValueError(f"has `{day}`, which is no day; right: {', '.join(DAYS)}")
    return value


Days = Annotated[Words, AfterValidator(_days)]


def days_of(some: tuple[str, ...]) -> frozenset[int]:
    """Their numbers; 0 is Monday."""
    return frozenset(DAYS.index(day.lower()[:3]) for day in some)


class DigestConfig(Settings):
    """Told together."""

    every: Duration | None = Field(default=None, ge=_HOUR, lt=_DAY, examples=["4h"])
    """So many hours apart, counted from midnight; from one hour on."""

    at: Clock | None = Field(default=None, examples=["09:00"])
    """Once a day at this time."""

    zone: str = Field(default="UTC", examples=["Europe/Vienna"])
    """Time zone of `at`, and of midnight."""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: object) -> object:
        known: dict[object, object] = {"hourly": {"every": "1h"}, "daily": {"at": "09:00"}}
        if isinstance(value, str):
            if value not in known:
                raise ValueError('must be `hourly`, `daily`, `{every: 4h}` or `{at: "09:00", zone: Europe/Vienna}`')
            return known[value]
        return value

    @field_validator("zone")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        return known_zone(value)

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if (self.every is None) == (self.at is None):
            raise ValueError('needs either `every` or `at`; right: {every: 4h} or {at: "09:00"}')
        return self

    def digest(self) -> Digest:
        return Digest(self.every or _DAY, self.at or time(), zone(self.zone))


class QuietHoursConfig(Settings):
    """Hours in which only what is loud is told."""

    begin: Clock = Field(alias="from", examples=["22:00"])
    """When they begin."""

    to: Clock = Field(examples=["07:00"])
    """When they end, on the next day if that is earlier."""

    zone: str = Field(default="UTC", examples=["Europe/Vienna"])
    """Time zone of both."""

    days: Days = Field(default=(), examples=[["mon", "tue"]])
    """Days on which they begin, `mon` to `sun`; every day when empty."""

    loud: Impacts = Field(default=(">=critical",), examples=[">=critical"])
    """Impacts that are told all the same."""

    @field_validator("zone")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        return known_zone(value)

    @model_validator(mode="after")
    def _have_a_length(self) -> Self:
        if self.begin == self.to:
            raise ValueError("begins and ends at the same time")
        return self

    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.begin, self.to, zone(self.zone), days_of(self.days), impacts(self.loud))


class EscalationConfig(Settings):
    """Who is told too, when it lasts."""

    after: Duration = Field(ge=timedelta(minutes=1), le=_LONGEST, examples=["30m"])
    """How long something must be open and not acknowledged."""

    channel: Words = Field(min_length=1, examples=["pager"])
    """Channels that are told then."""


def _off(value: object) -> object:
    """`false` is the word for doing without."""
    return None if value is False else value


class QuietConfig(Settings):
    """How quietly something is told. What a route does not say is as `quiet` says, and what that does not say has a
    good default."""

    hold: Duration | None = Field(default=None, ge=timedelta(0), le=_DAY, examples=["3m"])
    """The beginning of an incident is told only if it still goes on after this long. `0s` unless given."""

    settle: Duration | None = Field(default=None, ge=timedelta(0), le=_DAY, examples=["3m"])
    """The same for changes of components, pages and feeds. `3m` unless given."""

    flap: Duration | None = Field(default=None, ge=timedelta(0), le=_DAY, examples=["10m"])
    """What comes back within this long after its end is the same story, told only if it lasts. `10m` unless given."""

    gate: bool | None = Field(default=None, examples=[True])
    """Whether an incident that names nearly all components counts only for those that are not well themselves. `true`
    unless given."""

    group: bool | None = Field(default=None, examples=[True])
    """Whether incidents of one title on one page within a day share a thread. `true` unless given."""

    gather: bool | None = Field(default=None, examples=[True])
    """Whether what one document tells of an incident at once is one message. `true` unless given; programs are told
    each event by itself."""

    mode: Literal["all", "first-and-last"] | None = Field(default=None, examples=["first-and-last"])
    """`all` updates, or the `first-and-last` message of each story. `all` unless given."""

    digest: Annotated[DigestConfig | None, BeforeValidator(_off)] = Field(default=None, examples=["hourly"])
    """Told together: `hourly`, `daily`, `{every: 4h}` or `{at: "09:00", zone: Europe/Vienna}`; `false` is off."""

    quiet_hours: Annotated[QuietHoursConfig | None, BeforeValidator(_off)] = Field(
        default=None, examples=[{"from": "22:00", "to": "07:00", "zone": "Europe/Vienna"}]
    )
    """Hours whose messages are told together at their end, but for what is loud; `false` is off."""

    escalate: Annotated[EscalationConfig | None, BeforeValidator(_off)] = Field(
        default=None, examples=[{"after": "30m", "channel": "pager"}]
    )
    """Whom else to tell of what is still open and not acknowledged after a time; `false` is off."""

    during_maintenance: Literal["tell", "silence"] | None = Field(default=None, examples=["silence"])
    """Whether changes of components under a running maintenance are told. `silence` unless given."""

    def said(self) -> dict[str, Any]:
        """What is given here, by the names of the keys."""
        names = set(QuietConfig.model_fields) & self.model_fields_set
        return {name: getattr(self, name) for name in names}


def quiet_of(defaults: QuietConfig, own: QuietConfig) -> Quiet:
    """How quietly a route tells: its own words, then those for all routes, then the built-in ones."""
    said = {**defaults.said(), **own.said()}
    usual = Quiet()
    digest, hours, escalate = said.get("digest"), said.get("quiet_hours"), said.get("escalate")
    return Quiet(
        hold=_or(said.get("hold"), usual.hold),
        settle=_or(said.get("settle"), usual.settle),
        flap=_or(said.get("flap"), usual.flap),
        has_gate=_or(said.get("gate"), usual.has_gate),
        groups_titles=_or(said.get("group"), usual.groups_titles),
        gathers=_or(said.get("gather"), usual.gathers),
        mode=Mode.FIRST_AND_LAST if said.get("mode") == "first-and-last" else Mode.ALL,
        digest=digest.digest() if digest else None,
        quiet_hours=hours.quiet_hours() if hours else None,
        escalation=Escalation(escalate.after, escalate.channel) if escalate else None,
        is_quiet_in_maintenance=said.get("during_maintenance") != "tell",
    )


def _or(value: Any, usual: Any) -> Any:
    return usual if value is None else value
