"""How the small commands print what they found."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import msgspec

from statuswire.catalog import Provider
from statuswire.channels.console import escape
from statuswire.channels.terminal import Style, one_line
from statuswire.config import Config, wants_colour
from statuswire.config.spelled import without_password
from statuswire.platforms import PLATFORMS
from statuswire.screen import style_of
from statuswire.tables import table


def style() -> Style:
    return style_of(sys.stdout, wants_colour=wants_colour())


def as_json(body: Mapping[str, object] | Sequence[object]) -> str:
    return escape(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())


def catalog_table(found: Sequence[Provider], style: Style) -> str:
    if not found:
        return "nothing in the catalog is like that; a page may be given by its address"
    rows = [(one.slug, one.name, platform_word(one), one.category, one.feed_url or one.page_url) for one in found]
    return "\n".join(table(("Slug", "Name", "Platform", "Category", "Address"), rows, style))


def platform_word(one: Provider) -> str:
    """The platform; `?` behind one told by weak evidence, `experimental` where its format is partly guessed."""
    if not one.platform:
        return "unknown"
    known = PLATFORMS.get(one.platform)
    return one.platform + ("?" if one.is_weak else "") + (" experimental" if known and known.is_experimental else "")


def provider_lines(one: Provider) -> str:
    told = {
        "slug": one.slug,
        "name": one.name,
        "page": one.page_url,
        "platform": platform_word(one),
        "feed": one.feed_url,
        "page id": one.page_id,
        "category": one.category,
        "site": one.homepage,
        "also": ", ".join(one.aliases),
        "seen": one.seen or "not verified yet",
    }
    return "\n".join(f"{name:9} {one_line(value)}" for name, value in told.items() if value)


def catalog_json(found: Sequence[Provider]) -> str:
    return as_json(msgspec.to_builtins(found))


def config_json(config: Config) -> str:
    """The settings as they are after all layers; secrets are masked."""
    return as_json({**config.model_dump(mode="json", by_alias=True), "database": without_password(config.database)})
