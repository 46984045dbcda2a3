"""What a waiting hook says: load it, let its platform read it, record the outcome. The inbox decides when.

`load`, `claim`, `find_pages`, `record`, `ask`, `set_aside` and `try_again` are works for the store; `parse_all` and
`parse_again` are slow enough for a worker thread. What ends a hook needs its claim, where several processes read: who
has lost it raises ClaimLost, on which nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine import confirmations, ingest
from statuswire.engine.confirmations import Confirmation
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.zones import Zones
from statuswire.errors import ParseError, StatuswireError
from statuswire.model import Document, DocumentKind, Hook, Page, Snapshot, Source
from statuswire.platforms.parsing import parse, parse_hook
from statuswire.store import Tx, queries
from statuswire.store.queries import Claim

Read = Callable[[Document, str, str], Snapshot]
"""A document, the platform its path named (empty behind a secret address), and the platform of its page."""


class ClaimLost(StatuswireError):
    """Another process reads this hook now, or has read it: what came of it here is dropped."""

    reason = "claim_lost"

    def __init__(self, hook_id: int) -> None:
        super().__init__(f"hook {hook_id} is another reader's")


@dataclass(frozen=True, slots=True)
class Reading:
    """A hook and what its platform made of it: any exception but ParseError is a bug of ours. A Confirmation is what
    the sender wants before it tells anything. `platform` is the one that the path named, else that of the page."""

    hook: Hook
    document: Document
    outcome: Snapshot | Confirmation | Exception
    platform: str = ""


def load(tx: Tx, limit: int) -> tuple[list[Hook], dict[str, Page]]:
    """The oldest hooks that wait, and by slug the pages that secret addresses name."""
    hooks = queries.waiting_hooks(tx, limit)
    return hooks, _pages_of(tx, hooks)


def claim(tx: Tx, asked: Claim, limit: int) -> tuple[list[Hook], dict[str, Page]]:
    """The same of hooks that are ours to read until the claim ends, by the database's clock where it has one."""
    shift = (tx.now() or asked.now) - asked.now
    ours = Claim(asked.owner, asked.now + shift, asked.until + shift, asked.far + shift)
    hooks = queries.claim_hooks(tx, ours, limit)
    return hooks, _pages_of(tx, hooks)


def _pages_of(tx: Tx, hooks: Iterable[Hook]) -> dict[str, Page]:
    slugs = sorted({hook.page_slug for hook in hooks if hook.page_slug})
    pages = [page for page in (queries.page_by_slug(tx, slug) for slug in slugs) if page is not None]
    return {page.slug: page for page in pages}


def parse_all(hooks: Iterable[Hook], pages: Mapping[str, Page], read: Read, zones: Zones) -> list[Reading]:
    """Each hook as its platform reads it, in the zone of the page that its address names."""
    return [_parse(hook, pages.get(hook.page_slug), read, zones) for hook in hooks]


def find_pages(tx: Tx, read: Iterable[Reading], *, has_zones: bool) -> dict[int, Page]:
    """The pages in the store that hooks turned out to speak of, by the hook's id; only where no address named one, and
    where any page has a zone."""
    if not (has_zones or queries.has_zones(tx)):
        return {}
    found = {
        one.hook.id: ingest.known_page(tx, one.hook, one.outcome)
        for one in read
        if isinstance(one.outcome, Snapshot) and not one.hook.page_slug
    }
    return {id_: page for id_, page in found.items() if page is not None}


def parse_again(all_read: Iterable[Reading], pages: Mapping[int, Page], read: Read, zones: Zones) -> list[Reading]:
    """The same readings; those of pages whose zone is known once more, now that the page is."""
    return [
        _parse(one.hook, page, read, zones) if page is not None and zones.of(page) else one
        for one, page in ((one, pages.get(one.hook.id)) for one in all_read)
    ]


def record(
    tx: Tx, reading: Reading, snapshot: Snapshot, now: datetime, keep: Keep = keep_nothing
) -> tuple[Page, Recorded]:
    """Record the snapshot and be done with its hook, in one transaction. Nothing is recorded of a page that was
    dropped; if it was hooks that made it, they make it again."""
    _finish(tx, reading.hook)
    page = ingest.page_for_hook(tx, reading.hook, snapshot)
    if page.dropped_at is not None:
        if page.origin != "hook":
            return page, ingest.Recorded()
        queries.take_up_pages(tx, [page.slug])
    recorded = ingest.record(
        tx, page, snapshot, document=reading.document, source=Source.HOOK, now=now, is_fresh=True, keep=keep
    )
    return page, recorded


def ask(tx: Tx, hook: Hook, asked: Confirmation) -> None:
    """Keep a confirmation for the operator and be done with its hook, in one transaction."""
    _finish(tx, hook)
    confirmations.keep(tx, asked)


def set_aside(tx: Tx, hook: Hook, reason: str) -> None:
    """Quarantine it: kept, counted, not tried again by itself."""
    if not queries.quarantine_hook(tx, hook.id, reason, hook.claims):
        raise ClaimLost(hook.id)


def try_again(tx: Tx, hook: Hook, reason: str) -> None:
    if not queries.retry_hook(tx, hook.id, reason, hook.claims):
        raise ClaimLost(hook.id)


def _finish(tx: Tx, hook: Hook) -> None:
    """First of all: from here to the commit the hook is ours."""
    if not queries.finish_hook(tx, hook.id, hook.claims):
        raise ClaimLost(hook.id)


def read_body(document: Document, platform: str, page_platform: str) -> Snapshot:
    """What a hook's body says. Raises ParseError.

    Behind a secret address the path names no platform: the page's own comes first, then whatever claims the body.
    """
    if platform:
        return parse_hook(document, platform)
    try:
        return parse_hook(document, page_platform)
    except ParseError as error:
        first_error = error
    try:
        return parse(document)
    except ParseError as error:
        raise error from first_error


def _parse(hook: Hook, page: Page | None, read: Read, zones: Zones) -> Reading:
    """The outermost frame of reading one hook: a bug that one body brings out must not keep the others waiting."""
    document = Document(hook.body, hook.received_at, kind=DocumentKind.HOOK, headers=hook.headers)
    asked = confirmations.asked_by(hook)
    if asked is not None:
        return Reading(hook, document, asked)
    document = document if page is None else zones.placed(document, page)
    page_platform = page.platform if page is not None and hook.page_slug else ""
    platform = hook.platform or page_platform
    try:
        return Reading(hook, document, read(document, hook.platform, page_platform), platform)
    except Exception as error:
        return Reading(hook, document, error, platform)
