"""The log of changes, as those write it who change something: one row, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from statuswire.model import Principal
from statuswire.store import Tx, queries


def note(
    tx: Tx, at: datetime, who: Principal, action: str, subject: str, detail: Mapping[str, object] | None = None
) -> None:
    """`action` is `page.add`, `route.change` and the like, `subject` what was changed (`page/acme`). `detail` has the
    new values, as JSON can hold them, and never a secret."""
    queries.note_change(tx, at, actor_of(who), action, subject, detail)


def actor_of(who: Principal) -> str:
    """How somebody is named in the log; orders that are given for them have it as their author."""
    return who.name or who.kind.value
