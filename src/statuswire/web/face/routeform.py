"""A route as a form: its fields, what the file would hold of them, and what is wrong with each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from statuswire.config import Config, spell_duration
from statuswire.config.own import Fault, read_route
from statuswire.config.quiet import DAYS, QuietConfig, quiet_of
from statuswire.config.routes import RouteConfig
from statuswire.described import descriptions
from statuswire.web.face.filterform import FilterForm, read_form
from statuswire.web.filters import NAMES, words_of

Values = Mapping[str, tuple[str, ...]]
Body = dict[str, object]

PLAIN: Final = ("name", "template", "hold", "settle", "flap", "mode", "during_maintenance")
SWITCHES: Final = ("gate", "group", "gather")
DIGESTS: Final[Mapping[str, str]] = {
    "": "as usual",
    "off": "off",
    "hourly": "every hour",
    "every": "every so many hours",
    "daily": "once a day, at",
}
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "quiet_hours": {"from": "quiet_from", "to": "quiet_to", "zone": "quiet_zone", "loud": "quiet_loud"},
    "escalate": {"after": "escalate_after"},
}
"""Settings that hold others: the field of the form for each of these."""


_USUAL: Final = re.compile(r"\S+\s+unless given[.;] ?")
_BEGIN: Final = re.compile(r"(?:^|(?<=\. ))[a-z]")


@dataclass(frozen=True, slots=True)
class RouteForm:
    """`values` are what was written, by field; `faults` sentences by setting, empty for the whole. `before` is the name
    of the route that is changed, empty for a new one."""

    values: Values = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    before: str = ""

    def __getitem__(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def fault(self, name: str) -> str:
        return self.faults.get(name, "")

    @property
    def filter(self) -> FilterForm:
        pairs = ((name, word) for name in NAMES for word in self.values.get(name, ()))
        return replace(read_form(pairs), faults={name: self.faults[name] for name in NAMES if name in self.faults})

    @property
    def body(self) -> Body:
        return dict(_body(self.values))


def of_form(lists: Mapping[str, Iterable[str]]) -> RouteForm:
    """What was posted, without what was left empty."""
    filled = {name: tuple(word.strip() for word in some if word.strip()) for name, some in lists.items()}
    before = next(iter(filled.pop("before", ())), "")
    return RouteForm({name: some for name, some in filled.items() if some and name != "csrf"}, before=before)


def checked(form: RouteForm, config: Config) -> RouteForm:
    """With what is wrong. `config` is what the file says."""
    read = read_route(form.body, config)
    return form if isinstance(read, RouteConfig) else with_faults(form, read)


def with_faults(form: RouteForm, faults: Iterable[Fault]) -> RouteForm:
    found: dict[str, str] = {}
    for one in faults:
        found.setdefault(one.field.partition(".")[0].partition("[")[0], f"{one.sentence}.")
    return replace(form, faults=found)


# --- to and from what the file would hold --------------------------------------------------------------------------


def _body(values: Values) -> Iterator[tuple[str, object]]:
    pairs = ((name, word) for name in NAMES for word in values.get(name, ()))
    yield from ((name, list(some)) for name, some in words_of(pairs).items())
    for name in PLAIN:
        if name in values:
            yield name, values[name][0]
    for name in SWITCHES:
        if name in values:
            yield name, values[name][0] == "yes"
    if "channel" in values:
        yield "channel", list(values["channel"])
    if (digest := _digest(values)) is not None:
        yield "digest", digest
    for name, fields in GROUPS.items():
        held: Body = {key: values[place][0] for key, place in fields.items() if place in values}
        if name == "escalate" and "escalate_channel" in values:
            held["channel"] = list(values["escalate_channel"])
        if name == "quiet_hours" and "quiet_days" in values and held:
            held["days"] = list(values["quiet_days"])
        if held:
            yield name, held


def _digest(values: Values) -> object:
    kind = next(iter(values.get("digest", ())), "")
    zone = {"zone": values["digest_zone"][0]} if "digest_zone" in values else {}
    at = values.get("digest_at", ("",))[0]
    if kind == "every":
        return {"every": values.get("digest_every", ("",))[0], **zone}
    if kind == "daily":
        return {"at": at, **zone} if at else "daily"
    return {"off": False, "hourly": "hourly"}.get(kind)


def of_body(name: str, body: Mapping[str, object]) -> RouteForm:
    """The form of a route that is kept."""
    values: dict[str, tuple[str, ...]] = {}
    for key in (*NAMES, "channel"):
        values[key] = _listed(body.get(key))
    for key in PLAIN:
        values[key] = _listed(body.get(key))
    for key in SWITCHES:
        values[key] = {True: ("yes",), False: ("no",)}.get(body.get(key), ())  # type: ignore[call-overload]  # None too
    values |= _digest_values(body.get("digest"))
    for key, fields in GROUPS.items():
        held = body.get(key)
        if isinstance(held, Mapping):
            values |= {place: _listed(held.get(part)) for part, place in fields.items()}
            values |= {"escalate_channel" if key == "escalate" else "quiet_days": _listed(held.get(_LISTS[key]))}
    return RouteForm({key: some for key, some in values.items() if some}, before=name)


_LISTS: Final = {"escalate": "channel", "quiet_hours": "days"}


def _digest_values(digest: object) -> dict[str, tuple[str, ...]]:
    if digest is False:
        return {"digest": ("off",)}
    if isinstance(digest, str):
        return {"digest": (digest,)}
    if not isinstance(digest, Mapping):
        return {}
    kind = "every" if digest.get("every") else "daily"
    parts = {f"digest_{key}": _listed(digest.get(key)) for key in ("every", "at", "zone")}
    return {"digest": (kind,), **parts}


def _listed(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


# --- what the fields say of themselves -----------------------------------------------------------------------------


def hints() -> dict[str, str]:
    """What each setting does, in the words of the settings; what it is unless given stands in its field."""
    return {name: _sentences(words) for name, words in descriptions(RouteConfig).items()}


def _sentences(description: str) -> str:
    said = _USUAL.sub("", description.replace("`", "")).strip()
    return _BEGIN.sub(lambda found: found[0].upper(), said)


def usual(config: Config) -> dict[str, str]:
    """What counts where a route says nothing, by setting."""
    quiet = quiet_of(config.quiet, QuietConfig())
    lengths = {name: spell_duration(getattr(quiet, name)) for name in ("hold", "settle", "flap")}
    switches = {"gate": quiet.has_gate, "group": quiet.groups_titles, "gather": quiet.gathers}
    said = {
        "mode": quiet.mode.value.replace("_", "-"),
        "during_maintenance": "silence" if quiet.is_quiet_in_maintenance else "tell",
        "digest": "off" if quiet.digest is None else "on",
    }
    return lengths | {name: "yes" if is_on else "no" for name, is_on in switches.items()} | said


__all__ = ["DAYS", "DIGESTS", "RouteForm", "checked", "hints", "of_body", "of_form", "usual", "with_faults"]
