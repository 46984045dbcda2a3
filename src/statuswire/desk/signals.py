"""`statuswire signals`: what our own monitoring said beside what providers admitted, and where it is said to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from statuswire.channels.terminal import Style, one_line
from statuswire.channels.wording import duration
from statuswire.config import Config
from statuswire.engine.lists import NO_LABELS, meant_pages
from statuswire.engine.signals import Beside, load_beside
from statuswire.errors import ConfigError
from statuswire.model import Filter
from statuswire.signing import signal_token
from statuswire.store import Tx, queries
from statuswire.tables import table
from statuswire.web.saying import signal_body, state_of

Row = dict[str, object]


def load(tx: Tx, slugs: Sequence[str], length: timedelta, now: datetime, limit: int) -> list[Beside]:
    """The latest begun first, of the pages that the slugs mean, or of all. Raises StoreError."""
    pages = meant_pages(tx, Filter(pages=tuple(slugs)), NO_LABELS)
    return load_beside(tx, now - length, now, pages)[:limit]


def rows(found: Sequence[Beside]) -> list[Row]:
    """As `--json` prints them."""
    return [signal_body(one) for one in found]


def render(found: Sequence[Beside], now: datetime, style: Style) -> str:
    if not found:
        return "no signal fired in that time"
    cells = [tuple(one_line(cell) for cell in _cells(one, now)) for one in found]
    return "\n".join(table(("Began", "Page", "State", "For", "By", "Admitted", "What"), cells, style))


def _cells(one: Beside, now: datetime) -> tuple[str, ...]:
    signal = one.signal
    where = f"{one.page.slug}: {signal.component}" if signal.component else one.page.slug
    length = duration((signal.ended_at or now) - signal.began_at)
    began = f"{signal.began_at:%Y-%m-%d %H:%M}"
    return began, where, state_of(signal), length, signal.source.value, _admitted(one), signal.title


def _admitted(one: Beside) -> str:
    """How much later than the signal the provider said so."""
    body = signal_body(one)["admitted"]
    if not isinstance(body, dict):
        return "-"
    ahead = timedelta(seconds=body["ahead_s"])
    return f"{duration(ahead)} later" if ahead > timedelta(0) else f"{duration(-ahead)} before"


def addresses(tx: Tx, loaded: Config, slug: str) -> list[Row]:
    """Where signals of a page are sent, or of every page where none is named, after that of all pages.

    Raises ConfigError for an unknown page, and where no service has ever run on the database.
    """
    secret = queries.setting(tx, queries.SECRET_SETTING)
    if not secret:
        raise ConfigError("no service has run with this database yet: `statuswire run` makes the addresses")
    base = queries.setting(tx, queries.ADDRESS_SETTING) or ""
    known = [page.slug for page in queries.pages(tx)]
    if slug and slug not in known:
        raise ConfigError(f"no page `{slug}` is watched; known are {', '.join(known) or 'none'}")
    slugs = [slug] if slug else [*([""] if loaded.signals.shared else []), *known]
    paths = {one: f"/signals/{signal_token(bytes.fromhex(secret), one)}" for one in slugs}
    return [{"page": one, "path": path, "url": base + path} for one, path in paths.items()]


def render_addresses(found: Sequence[Row], style: Style) -> str:
    cells = [(str(one["page"]) or "(all pages)", str(one["url"])) for one in found]
    return "\n".join(table(("Page", "Address"), cells, style)) if cells else "no page is watched"
