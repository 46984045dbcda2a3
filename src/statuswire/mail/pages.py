"""Pages that only mail: they are in the store like all others, but nothing of them is polled or looked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from statuswire.catalog import Target
from statuswire.model import Page
from statuswire.platforms import email
from statuswire.store import Store, Tx, queries


def is_mail_only(target: Target) -> bool:
    """Whether the operator said that mail is all there is of this page."""
    return target.platform == email.NAME


async def add_pages(store: Store, targets: Sequence[Target]) -> list[Page]:
    """Put those that only mail into the store, in their order. Raises StoreError."""
    wanted = tuple(filter(is_mail_only, targets))
    return await asyncio.to_thread(store.write, partial(_put, targets=wanted)) if wanted else []


def _put(tx: Tx, targets: Sequence[Target]) -> list[Page]:
    return [
        queries.upsert_page(tx, slug=one.slug, name=one.name, url=one.url, platform=email.NAME, origin="config")
        for one in targets
    ]


def mail_only_pages(tx: Tx) -> list[Page]:
    """The pages in the store of which mail is all there is."""
    return [page for page in queries.pages(tx) if page.platform == email.NAME]
