"""How the small commands print what they found."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from statuswire.catalog import Provider
from statuswire.channels.console import escape
from statuswire.channels.terminal import Style
from statuswire.config import Config, spell_duration, wants_colour
from statuswire.lookup_report import table
from statuswire.screen import style_of

_PASSWORD = re.compile(r"(?<=://)[^/@\s]*@")


def style() -> Style:
    return style_of(sys.stdout, wants_colour=wants_colour())


def as_json(body: Mapping[str, object] | Sequence[object]) -> str:
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())


def catalog_table(found: Sequence[Provider], style: Style) -> str:
    if not found:
        return "nothing in the catalog is like that; a page may be given by its address"
    rows = [(one.slug, one.name, one.platform, one.feed_url or one.page_url) for one in found]
    return "\n".join(table(("Slug", "Name", "Platform", "Address"), rows, style))


def catalog_json(found: Sequence[Provider]) -> str:
    return as_json(msgspec.to_builtins(found))


def config_json(config: Config) -> str:
    """The settings as they are after all layers; secrets are masked."""
    return as_json({**config.model_dump(mode="json"), "database": _PASSWORD.sub("", config.database)})


def config_lines(config: Config, path: Path | None) -> str:
    pages = ", ".join(target.slug for target in config.targets) or "none"
    return "\n".join(
        (
            f"{path or 'the built-in configuration'}: good",
            f"  database  {_PASSWORD.sub('', config.database)}",
            f"  server    {config.server.host}:{config.server.port}",
            f"  poll      every {spell_duration(config.poll.interval)}, "
            f"every {spell_duration(config.poll.while_open)} while something is open",
            f"  pages     {len(config.targets)}: {pages}",
            f"  hooks     signed: {', '.join(config.hooks.secrets) or 'none'}",
        )
    )
