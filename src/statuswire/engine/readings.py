"""What a waiting hook says: load it, let its platform read it, record the outcome. The inbox decides when.

`load`, `record`, `set_aside` and `try_again` are works for the store; `parse_all` is slow enough for a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from statuswire.engine import ingest
from statuswire.engine.ingest import Recorded
from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind, Hook, Page, Snapshot, Source
from statuswire.platforms import parse, parse_hook
from statuswire.store import Tx, queries

Read = Callable[[Document, str, str], Snapshot]
"""A document, the platform its path named (empty behind a secret address), and the platform of its page."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A hook and what its platform made of it: any exception but ParseError is a bug of ours."""

    hook: Hook
    document: Document
    outcome: Snapshot | Exception


def load(tx: Tx, limit: int) -> tuple[list[Hook], dict[str, str]]:
    """The oldest hooks that wait, and the platform of each page that a secret address names."""
    hooks = queries.waiting_hooks(tx, limit)
    slugs = sorted({hook.page_slug for hook in hooks if hook.page_slug})
    pages = [page for page in (queries.page_by_slug(tx, slug) for slug in slugs) if page is not None]
    return hooks, {page.slug: page.platform for page in pages}


def parse_all(hooks: Iterable[Hook], platforms: Mapping[str, str], read: Read) -> list[Reading]:
    """Each hook as its platform reads it; `platforms` are those of the pages, by slug."""
    return [_parse(hook, platforms.get(hook.page_slug, ""), read) for hook in hooks]


def record(tx: Tx, reading: Reading, snapshot: Snapshot, now: datetime) -> tuple[Page, Recorded]:
    """Record the snapshot and be done with its hook, in one transaction."""
    page = ingest.page_for_hook(tx, reading.hook, snapshot)
    recorded = ingest.record(tx, page, snapshot, document=reading.document, source=Source.HOOK, now=now)
    queries.finish_hook(tx, reading.hook.id)
    return page, recorded


def set_aside(tx: Tx, hook: Hook, reason: str) -> None:
    """Quarantine it: kept, counted, not tried again by itself."""
    queries.quarantine_hook(tx, hook.id, reason)


def try_again(tx: Tx, hook: Hook, reason: str) -> None:
    queries.retry_hook(tx, hook.id, reason)


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


def _parse(hook: Hook, page_platform: str, read: Read) -> Reading:
    """The outermost frame of reading one hook: a bug that one body brings out must not keep the others waiting."""
    document = Document(hook.body, hook.received_at, kind=DocumentKind.HOOK, headers=hook.headers)
    try:
        return Reading(hook, document, read(document, hook.platform, page_platform))
    except Exception as error:
        return Reading(hook, document, error)
