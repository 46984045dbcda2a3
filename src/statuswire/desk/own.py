"""`statuswire page`, `route`, `export` and `import`: what is watched and told, and what of it is not from the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from statuswire.channels.terminal import Style, one_line
from statuswire.config import Config, layers, own
from statuswire.engine import owning
from statuswire.engine.orders import Order
from statuswire.engine.owning import PutPage, PutRoute
from statuswire.errors import ConfigError
from statuswire.model import Own
from statuswire.store import Tx, queries
from statuswire.tables import table
from statuswire.wire import timestamp

Row = dict[str, object]


# --- what there is -----------------------------------------------------------------------------------------------


def page_rows(tx: Tx, file: Config) -> list[Row]:
    """Those of the file first; then those of the database, each with why it does not count where it does not."""
    merged = owning.load(tx, file)
    left_out = _left_out(merged, "page")
    kept = {one.name: one for one in queries.own_pages(tx)}
    targets = {target.slug: target for target in merged.config.targets}
    of_file: list[Row] = [{"slug": one.slug, "url": one.url, **_OF_FILE} for one in file.targets]
    own_ones: list[Row] = [
        {"slug": slug, "url": targets[slug].url if slug in targets else "", **_said(one, left_out)}
        for slug, one in kept.items()
    ]
    return [*of_file, *own_ones]


def route_rows(tx: Tx, file: Config) -> list[Row]:
    """In the order in which they count; those that do not count come last."""
    merged = owning.load(tx, file)
    left_out = _left_out(merged, "route")
    kept = {one.name: one for one in queries.own_routes(tx)}
    counting: list[Row] = [
        {
            "name": one.name,
            "channels": list(one.channels),
            **(_said(kept[one.name], left_out) if one.name in kept and one.name not in left_out else _OF_FILE),
        }
        for one in merged.config.told()
    ]
    rest: list[Row] = [{"name": name, "channels": [], **_said(kept[name], left_out)} for name in left_out]
    return [*counting, *rest]


_OF_FILE: Row = {"from": "file", "left_out": "", "author": "", "updated_at": None}


def _said(one: Own, left_out: Mapping[str, str]) -> Row:
    why = left_out.get(one.name, "")
    return {"from": "database", "left_out": why, "author": one.author, "updated_at": timestamp(one.updated_at)}


def _left_out(merged: own.Merged, kind: str) -> dict[str, str]:
    return {one.name: one.sentence for one in merged.left_out if one.kind == kind}


def render_pages(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "no page is watched; add one: statuswire page add WHAT"
    return _render(found, ("Page", "Address", "From", "By", ""), ("slug", "url", "from", "author", "left_out"), style)


def render_routes(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "nothing is told anywhere: there are neither routes nor channels"
    keys = ("name", "channels", "from", "author", "left_out")
    return _render(found, ("Route", "Channels", "From", "By", ""), keys, style)


def _render(found: Sequence[Row], titles: Sequence[str], keys: Sequence[str], style: Style) -> str:
    cells = [tuple(one_line(_cell(one[key])) for key in keys) for one in found]
    return "\n".join(table(tuple(titles), cells, style))


def _cell(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


# --- out and in --------------------------------------------------------------------------------------------------


def exported(tx: Tx) -> dict[str, list[Row]]:
    """What the database holds, as the file would; only what there is."""
    found = {"pages": queries.own_pages(tx), "routes": queries.own_routes(tx)}
    return {key: [dict(one.body) for one in some] for key, some in found.items() if some}


def as_yaml(body: Mapping[str, object]) -> str:
    """To be pasted into the file."""
    if not body:
        return "# the database holds no pages and no routes\n"
    return yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=120)


def imported(path: Path, file: Config, author: str) -> list[Order]:
    """The orders that put everything of a file into the database. Raises ConfigError with all that is wrong."""
    read = layers.read(path)
    found = list(_orders(read, file, author))
    mistakes = [*read.mistakes, *(one for one in found if isinstance(one, tuple))]
    if mistakes:
        first, *others = sorted(mistakes)
        rest = "".join(f"\n{place}: {sentence}" for place, sentence in others)
        raise ConfigError(first[1] + rest, where=str(first[0]))
    return [one for one in found if not isinstance(one, tuple)]


def _orders(read: layers.Layers, file: Config, author: str) -> Iterator[Order | layers.Mistake]:
    for key, value in read.values.items():
        if key not in ("pages", "routes"):
            yield read.place((key,)), f"`{key}` can only be set in the configuration file; here: pages, routes"
        elif not isinstance(value, list):
            yield read.place((key,)), f"`{key}` must be a list"
        else:
            for index, entry in enumerate(value):
                yield from _order(read, (key, index), entry, file, author)


def _order(
    read: layers.Layers, path: tuple[str, int], entry: object, file: Config, author: str
) -> Iterator[Order | layers.Mistake]:
    kind, index = path
    try:
        body = own.page_of_word(entry) if kind == "pages" and isinstance(entry, str) else entry
    except ConfigError as error:
        yield read.place(path), f"`{kind}[{index}]` {error}"
        return
    if not isinstance(body, Mapping):
        yield read.place(path), f"`{kind}[{index}]` must be a mapping"
        return
    said = {str(key): value for key, value in body.items()}
    one = own.read_page(said, file) if kind == "pages" else own.read_route(said, file)
    if isinstance(one, tuple):
        for fault in one:
            dot = "." if fault.field else ""
            yield read.place((*path, fault.field)), f"`{kind}[{index}]{dot}{fault.field}` {fault.sentence}"
    else:
        yield PutPage(said, author=author) if kind == "pages" else PutRoute(said, author=author)
