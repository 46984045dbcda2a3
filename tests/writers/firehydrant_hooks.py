"""FireHydrant's hooks of an account, alone: they tell of incidents of the organisation under ids of their own, so they
are another life than the page.

Their shape is not documented: it is what the adapter takes it to be (checked 2026-11). They carry no moment.
"""

from __future__ import annotations

import msgspec

from statuswire.platforms import firehydrant
from tests.core.histories import Provider, What

from .base import Writer, nothing
from .markup import in_order
from .sayings import no_update, short_of_words


def hook(_: Provider, what: What) -> bytes | None:
    """An incident with its latest words."""
    if isinstance(what, str) or what.is_deleted:
        return None
    newest = in_order(what)[-1]
    row = {
        "id": what.id,
        "name": what.title,
        "summary": newest.text,
        "current_milestone": what.phase.value,
        "status": what.phase.value,
        "started_at": what.created_at.isoformat(),
    }
    operation = "UPDATED" if len(what.updates) > 1 else "CREATED"
    return msgspec.json.encode({"event": {"operation": operation}, "data": {"incident": row}})


WRITER = Writer(
    platform=firehydrant.PLATFORM,
    write=nothing,
    hook=hook,
    phase=short_of_words,
    shown=no_update,
    has_maintenances=False,
    has_edits=False,
    shows_deletions=False,
    shows_components=False,
    has_dated_hooks=False,
)
