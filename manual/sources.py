"""What the code says in the tables of the reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from manual.tables import Cells, Known, Table
from statuswire import config, metrics
from statuswire.channels import CHANNELS
from statuswire.channels.base import ChannelSettings
from statuswire.described import descriptions
from statuswire.durations import spell_duration
from statuswire.model import EventType, FeedState, Impact, Kind, Phase, Role, Source, Status
from statuswire.web.api.application import description
from statuswire.web.table import ROWS

API_VIEW = "api.mount:answer"
BESIDE_THE_TABLE = ("/webhook", "/hooks/", "/signals/", "/test", "/control")
"""How paths begin that are not in `web/table.py`: doors of hooks and signals, and orders."""


# --- settings ----------------------------------------------------------------------------------------------------


def settings_of(kind: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every plain setting with its default: `server.port`, 8000."""
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings_of(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, field.default


def settings(known: Known) -> list[Cells]:
    """Name, default, variable. Defaults that are worked out stand in words of ours."""
    return [
        _setting(name, default, known.get(name, ("", "none", "")))
        for name, default in sorted(settings_of(config.Config), key=lambda one: _place(one[0], known))
    ]


def _setting(name: str, default: object, old: Cells) -> Cells:
    variable = f"`STATUSWIRE_{name.upper().replace('.', '__')}`"
    beside = old[2].partition(" or ")[2]
    return (f"`{name}`", spelt(default) or old[1], f"{variable} or {beside}" if beside else variable)


def _place(name: str, known: Known) -> tuple[int, int]:
    """Settings stand where they stand; a new one behind the last of its group."""
    names = list(known)
    if name in known:
        return names.index(name), 0
    group = [place for place, one in enumerate(names) if one.partition(".")[0] == name.partition(".")[0]]
    return max(group, default=len(names)), 1


def spelt(default: object) -> str:
    """A default as one writes it; empty where the code has none that could be written."""
    default = default.get_secret_value() if isinstance(default, SecretStr) else default
    if isinstance(default, timedelta):
        return f"`{spell_duration(default)}`"
    if isinstance(default, bool | int | float):
        return f"`{str(default).lower()}`"
    if isinstance(default, str):
        return f"`{default}`" if default else "empty"
    return ""


# --- channels ----------------------------------------------------------------------------------------------------


def channel_settings(kind: type[ChannelSettings], left_out: Collection[str] = ()) -> list[Cells]:
    """Name, default, and the meaning in the words of the code."""
    return [
        (f"`{name}`", _channel_default(kind.model_fields[name]), " ".join(words.split()))
        for name, words in descriptions(kind).items()
        if name not in left_out
    ]


def _channel_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    found = field.get_default(call_default_factory=True)
    return "–" if found in ("", (), {}, None, SecretStr("")) else spelt(found) or f"`{found}`"


def _channel_table(title: str, rows: list[Cells]) -> Table:
    return Table("reference/channels.md", title, "| setting | default | meaning |", lambda _: rows)


def channel_tables() -> Iterator[Table]:
    """One for what all have in common, and one for each kind that has settings of its own."""
    yield _channel_table("Settings of every channel", channel_settings(ChannelSettings))
    for kind, channel in CHANNELS.items():
        own = channel_settings(channel.settings, left_out=ChannelSettings.model_fields)
        if own:
            yield _channel_table(kind, own)


# --- HTTP, events, metrics ---------------------------------------------------------------------------------------


def calls(known: Known) -> list[Cells]:
    """Method, path, who may, and what the API's own description says that it does."""
    paths = description()["paths"]
    return [
        (row.method, f"`{row.pattern}`", row.need.value, _words(known, f"{row.method} {row.pattern}", summary))
        for row in ROWS
        if row.view == API_VIEW
        for summary in [paths.get(row.pattern, {}).get(row.method.lower(), {}).get("summary", "")]
    ]


def paths(known: Known) -> list[Cells]:
    """Method, path, and what is answered; those that are not in the table of the code behind the others."""
    rows = [row for row in ROWS if row.view != API_VIEW]
    beside = [cells for cells in known.values() if cells[1].strip("`").startswith(BESIDE_THE_TABLE)]
    found = [(row.method, f"`{row.pattern}`", _words(known, f"{row.method} {row.pattern}", "")) for row in rows]
    return [*found, *beside]


def _words(known: Known, key: str, otherwise: str) -> str:
    """The last cell as somebody wrote it, else the words of the code, as the table has them."""
    return known[key][-1] if key in known else otherwise[:1].lower() + otherwise[1:].removesuffix(".")


def event_types(known: Known) -> list[Cells]:
    return [(f"`{kind.value}`", _words(known, kind.value, "")) for kind in EventType]


def metric_rows(known: Known) -> list[Cells]:
    """Name, kind and labels of every metric, in the order of the module that has them all."""
    listed = re.findall(r"^\| (statuswire_\w+) \| ([^|]+) \| ([^|]*)\|$", metrics.__doc__ or "", re.MULTILINE)
    return [
        (
            f"`{name}`",
            kind,
            ", ".join(f"`{label}`" for label in labels.replace(",", " ").split()),
            _words(known, name, ""),
        )
        for name, kind, labels in listed
    ]


def closed_sets(known: Known) -> list[Cells]:
    """The words of the model. A set that is not listed here keeps its row."""
    sets = {"status": Status, "phase": Phase, "impact": Impact, "kind": Kind, "source": Source, "role": Role}
    sets["feed state"] = FeedState
    return [
        (name, ", ".join(f"`{one.value}`" for one in sets[name])) if name in sets else cells
        for name, cells in known.items()
    ]


def tables() -> Iterator[Table]:
    """Every table of docs/ that follows the code."""
    plain: tuple[tuple[str, str, str, Callable[[Known], list[Cells]]], ...] = (
        ("reference/configuration.md", "Settings", "| setting | default | variable |", settings),
        ("reference/api.md", "", "| method | path | for | does |", calls),
        ("reference/http.md", "", "| method | path | answers |", paths),
        ("reference/events.md", "Types", "| type | told when |", event_types),
        ("reference/metrics.md", "", "| metric | kind | labels | counts |", metric_rows),
        ("glossary.md", "The closed sets", "| set | words |", closed_sets),
    )
    yield from (Table(*one) for one in plain)
    yield from channel_tables()
