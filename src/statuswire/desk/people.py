"""`statuswire user` and `statuswire token`: who may come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from statuswire.access.settings import FIRST_ACCOUNT
from statuswire.channels.terminal import Style, one_line
from statuswire.store import Tx, queries
from statuswire.tables import minute, table
from statuswire.web import people
from statuswire.web.shapes import Body


def account_rows(tx: Tx) -> list[Body]:
    return [people.account_body(one) for one in queries.accounts(tx)]


def token_rows(tx: Tx, now: datetime) -> list[Body]:
    """The newest first, those that count no more too."""
    names = {one.id: one.name for one in queries.accounts(tx)}
    return [people.token_body(one, names, now) for one in queries.tokens(tx)]


def render_accounts(found: Sequence[Body], style: Style) -> str:
    if not found:
        return f"there are no accounts; make the first: {FIRST_ACCOUNT}"
    cells = [tuple(one_line(str(cell)) for cell in _account_cells(one)) for one in found]
    return "\n".join(table(("Name", "Role", "Signs in by", "Last signed in", "State"), cells, style))


def _account_cells(one: Body) -> tuple[object, ...]:
    ways = one["signs_in_by"]
    state = "disabled" if one["disabled_at"] else ""
    return one["name"], one["role"], _together(ways) or "nothing yet", minute(one["seen_at"], "never"), state


def render_tokens(found: Sequence[Body], style: Style) -> str:
    if not found:
        return "there are no tokens"
    cells = [tuple(one_line(str(cell)) for cell in _token_cells(one)) for one in found]
    return "\n".join(table(("Id", "Name", "Scopes", "Of", "State", "Until", "Last used"), cells, style))


def _token_cells(one: Body) -> tuple[object, ...]:
    until = minute(one["expires_at"], "for good")
    return one["id"], one["name"], _together(one["scopes"]), one["account"] or "", one["state"], until, _used(one)


def _used(one: Body) -> str:
    return minute(one["used_at"], "never")


def _together(words: object) -> str:
    return ", ".join(words) if isinstance(words, list) else ""
