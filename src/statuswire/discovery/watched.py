"""What a configuration file watches already."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from statuswire.catalog import Target
from statuswire.config import PageConfig, layers


def targets(path: Path) -> tuple[Target, ...]:
    """The pages that a file names itself, as far as they can be read. No file, no pages. Raises ConfigError."""
    pages = layers.read(path).values.get("pages") if path.exists() else None
    found = (_target(page) for page in (pages if isinstance(pages, list) else ()))
    return tuple(one for one in found if one is not None)


def places(path: Path) -> dict[str, str]:
    """The slugs that a file watches, with the addresses. Raises ConfigError."""
    return {one.slug: one.feed_url or one.url for one in targets(path)}


def _target(page: object) -> Target | None:
    try:
        return PageConfig.model_validate(page).target()
    except ValidationError:
        return None
