"""`statuswire user` and `statuswire token`: who may come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from statuswire.channels.terminal import Style, one_line
from statuswire.lookup_report import table
from statuswire.model import Account, ApiToken
from statuswire.store import Tx, queries
from statuswire.wire import timestamp

Row = dict[str, object]


def account_rows(tx: Tx) -> list[Row]:
    return [_account(one) for one in queries.accounts(tx)]


def token_rows(tx: Tx, now: datetime) -> list[Row]:
    """The newest first, those that count no more too."""
    names = {one.id: one.name for one in queries.accounts(tx)}
    return [_token(one, names, now) for one in queries.tokens(tx)]


def _account(one: Account) -> Row:
    return {
        "name": one.name,
        "role": one.role.value,
        "signs_in_by": [*_ways(one)],
        "created_at": timestamp(one.created_at),
        "seen_at": _maybe(one.seen_at),
        "disabled_at": _maybe(one.disabled_at),
    }


def _ways(one: Account) -> Iterator[str]:
    if one.has_password:
        yield "password"
    if one.subject is not None:
        yield "oidc"


def _token(one: ApiToken, names: dict[int, str], now: datetime) -> Row:
    is_over = one.expires_at is not None and one.expires_at <= now
    return {
        "id": one.id,
        "name": one.name,
        "scopes": sorted(scope.value for scope in one.scopes),
        "account": names.get(one.account_id or 0),
        "state": "revoked" if one.revoked_at is not None else "expired" if is_over else "good",
        "created_at": timestamp(one.created_at),
        "expires_at": _maybe(one.expires_at),
        "used_at": _maybe(one.used_at),
        "revoked_at": _maybe(one.revoked_at),
    }


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def render_accounts(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "there are no accounts; make the first: statuswire user add NAME --role admin"
    cells = [tuple(one_line(str(cell)) for cell in _account_cells(one)) for one in found]
    return "\n".join(table(("Name", "Role", "Signs in by", "Last signed in", "State"), cells, style))


def _account_cells(one: Row) -> tuple[object, ...]:
    ways = one["signs_in_by"]
    state = "disabled" if one["disabled_at"] else ""
    return one["name"], one["role"], _together(ways) or "nothing yet", one["seen_at"] or "never", state


def render_tokens(found: Sequence[Row], style: Style) -> str:
    if not found:
        return "there are no tokens"
    cells = [tuple(one_line(str(cell)) for cell in _token_cells(one)) for one in found]
    return "\n".join(table(("Id", "Name", "Scopes", "Of", "State", "Until", "Last used"), cells, style))


def _token_cells(one: Row) -> tuple[object, ...]:
    until = one["expires_at"] or "for good"
    return one["id"], one["name"], _together(one["scopes"]), one["account"] or "", one["state"], until, _used(one)


def _used(one: Row) -> object:
    return one["used_at"] or "never"


def _together(words: object) -> str:
    return ", ".join(words) if isinstance(words, list) else ""
