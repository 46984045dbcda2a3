"""`statuswire import`: a file of ours, or of another tool, into the database or into a configuration file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from statuswire.channels.console import escape
from statuswire.config import Config, wants_colour
from statuswire.desk import ordering, own, reaching
from statuswire.discovery import watched
from statuswire.elsewhere import command
from statuswire.elsewhere.command import Brought
from statuswire.elsewhere.formats import OWN
from statuswire.engine import owning
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order
from statuswire.engine.owning import PutPage, PutRoute
from statuswire.errors import ConfigError
from statuswire.options import RunOptions
from statuswire.screen import style_of


@dataclass(frozen=True, slots=True)
class Bringing:
    """What is asked: the file, its format where the user names it, and where its pages go."""

    file: Path
    format: str | None = None
    write: Path | None = None
    dry_run: bool = False
    as_json: bool = False


def bring(asked: Bringing, options: RunOptions, author: str) -> int:
    """Exit code 0, or 1 where a page could not be put. Raises ConfigError and StoreError."""
    name = command.format_named(asked.file, asked.format)
    if name == OWN:
        return _own(asked, options, author)
    if asked.write is not None:
        brought = command.bring(asked.file, name, watched.places(asked.write))
        return _finished(asked, brought, asked.write)
    loaded = reaching.load(options)
    brought = command.bring(asked.file, name, _watched(loaded, may_lack=asked.dry_run))
    orders: list[Order] = [] if asked.dry_run else [PutPage(page, is_new=True, author=author) for page in brought.pages]
    answers = [ordering.order(loaded, one) for one in orders]
    print(_told(brought, answers, as_json=asked.as_json))
    for one in answers:
        if not one.done:
            print(one.sentence, file=sys.stderr)
    return 0 if all(one.done for one in answers) else 1


def _finished(asked: Bringing, brought: Brought, file: Path) -> int:
    """Report, and extend a configuration file."""
    print(_told(brought, (), as_json=asked.as_json))
    if not asked.dry_run:
        print(command.write(file, brought.pages), file=sys.stderr if asked.as_json else sys.stdout)
    return 0


def _own(asked: Bringing, options: RunOptions, author: str) -> int:
    """Pages and routes as our own file has them, into the database; into a file they are pasted by hand."""
    if asked.write is not None:
        raise ConfigError(
            "is a configuration of ours already; its pages and routes can be pasted", where=str(asked.file)
        )
    loaded = reaching.load(options)
    orders = own.imported(asked.file, loaded, author)
    if asked.dry_run:
        would = [_would(one) for one in orders]
        print(_json({"would_put": would}) if asked.as_json else "\n".join(f"would put {one}" for one in would))
        return 0
    answers = [ordering.order(loaded, one) for one in orders]
    if asked.as_json:
        print(_json(msgspec.to_builtins(answers)))
    for one in () if asked.as_json else answers:
        print(one.sentence, file=sys.stdout if one.done else sys.stderr)
    return 0 if all(one.done for one in answers) else 1


def _would(order: Order) -> str:
    assert isinstance(order, PutPage | PutRoute)
    body = order.body
    kind = "the page" if isinstance(order, PutPage) else "the route"
    return f"{kind} {body.get('slug') or body.get('name') or body.get('url') or body.get('feed')}"


def _watched(loaded: Config, *, may_lack: bool) -> dict[str, str]:
    """Slugs and addresses of the pages of file and database; of the file alone where there may be no database yet."""
    try:
        config = reaching.ask(loaded, lambda tx: owning.load(tx, loaded).config)
    except ConfigError:
        if not may_lack:
            raise
        config = loaded
    return {one.slug: one.feed_url or one.url for one in config.targets}


def _told(brought: Brought, answers: Sequence[Obeyed], *, as_json: bool) -> str:
    text = brought.told(style_of(sys.stdout, wants_colour=wants_colour()), as_json=as_json)
    done = sum(one.done for one in answers)
    return text if as_json or not answers else f"{text}\n{done} pages put into the database"


def _json(body: object) -> str:
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())
