"""Our own side: what our monitoring said, and what it has to do with what the provider says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from statuswire.engine.signals import Beside, load_beside, load_page_signals
from statuswire.model import Page
from statuswire.store import Tx, queries, rows
from statuswire.web.api import shapes
from statuswire.web.api.asked import ByPage, Nothing, SignalsAsked, filter_of
from statuswire.web.api.pages import Slug
from statuswire.web.api.replies import Asking, Key, cursor_of, key_of, part, read, reply_but
from statuswire.web.api.selecting import page_of, pages_of
from statuswire.web.api.then import EARLIEST
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store
from statuswire.web.saying import signal_body, state_of
from statuswire.web.shapes import Body
from statuswire.wire import timestamp

router = APIRouter(tags=["signals"])

USUAL: Final = timedelta(days=30)


@router.get("/signals", response_model=shapes.Signals, summary="What our own monitoring said")
async def list_signals(ask: Asking, asked: Annotated[SignalsAsked, Query()]) -> Response:
    """The latest begun first, with the incident that admitted each. Of the last 30 days unless `since` is given."""
    return await read(ask, lambda tx: _signals(tx, ask, asked))


@router.get("/signals/addresses", response_model=shapes.SignalAddresses, summary="The addresses for signals")
async def signal_addresses(ask: Asking, asked: Annotated[ByPage, Query()]) -> Response:
    """Of every page, after that of all pages where there is one. Each is believed: treat it as a password."""
    return await read(ask, lambda tx: _addresses(tx, ask, asked))


@router.get("/pages/{slug}/signals", response_model=shapes.PageSignals, summary="Us or them")
async def page_signals(ask: Asking, slug: Slug, asked: Annotated[Nothing, Query()]) -> Response:
    """The signals of a page in the last seven days, and whose fault it seems to be now, with the reasons."""
    found = await read_store(ask.parts, lambda tx: _of_page(tx, ask, page_of(tx, slug)))
    return reply_but(ask, found, "since")


def _of_page(tx: Tx, ask: Ask, page: Page) -> Body:
    found = load_page_signals(tx, page, ask.parts.clock.now())
    return {
        "page": page.slug,
        "verdict": found.verdict.blame.value,
        "reasons": [{"ground": one.ground.value, "sentence": one.sentence} for one in found.verdict.reasons],
        "since": timestamp(found.since),
        "items": [signal_body(Beside(page, one, found.paired.admitted.get(one.id))) for one in reversed(found.signals)],
    }


def _signals(tx: Tx, ask: Ask, asked: SignalsAsked) -> Body:
    now = ask.parts.clock.now()
    chosen = pages_of(tx, filter_of(asked), ask.parts.rules())
    since = max(asked.since or now - USUAL, EARLIEST)
    found = [one for one in load_beside(tx, since, now, chosen) if _is_asked(one, asked)]
    began, number = key_of(asked.after, tuple[Key, Key], (0, 0))
    beyond = [one for one in found if asked.after is None or _key(one) < (began, number)]
    following = cursor_of(*_key(beyond[asked.limit - 1])) if len(beyond) > asked.limit else None
    return part((signal_body(one) for one in beyond[: asked.limit]), following)


def _is_asked(one: Beside, asked: SignalsAsked) -> bool:
    signal = one.signal
    is_meant = not asked.sender or signal.source in asked.sender
    is_so = not asked.state or state_of(signal) in asked.state
    return is_meant and is_so and (asked.until is None or signal.began_at < asked.until)


def _key(one: Beside) -> tuple[int, int]:
    return rows.micros(one.signal.began_at), one.signal.id


# --- addresses ---------------------------------------------------------------------------------------------------


def _addresses(tx: Tx, ask: Ask, asked: ByPage) -> Body:
    chosen = pages_of(tx, filter_of(asked), ask.parts.rules())
    after = key_of(asked.after, tuple[Key], (0,))[0]
    base = queries.setting(tx, queries.ADDRESS_SETTING) or ""
    pages = [page for page in (queries.pages(tx) if chosen is None else chosen) if page.id > after]
    following = cursor_of(pages[asked.limit - 1].id) if len(pages) > asked.limit else None
    has_shared = asked.after is None and chosen is None and ask.parts.config().signals.shared
    slugs = [*([""] if has_shared else []), *(page.slug for page in pages[: asked.limit])]
    return part(_address_bodies(ask, slugs, base), following)


def _address_bodies(ask: Ask, slugs: list[str], base: str) -> Iterator[Body]:
    for slug in slugs:
        path = f"/signals/{ask.parts.addresses.signal_token(slug)}"
        yield {"page": slug, "path": path, "url": base + path}
