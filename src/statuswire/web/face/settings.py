"""What is set and how statuswire is: settings in force, channels, addresses, accounts and tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from statuswire.config import Config, MailConfig
from statuswire.config.spelled import where, without_password
from statuswire.errors import StatuswireError
from statuswire.model import Account, AccountRole, ApiToken, AuditEntry, Scope
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import said
from statuswire.web.face.frame import Context, may, show
from statuswire.web.face.history import form_of
from statuswire.web.needs import Need
from statuswire.web.problems import Refusal, RefusedRequest

PATH: Final = "/settings"
TEST_S: Final = 60.0
MOST_ADDRESSES: Final = 200
LAST_CHANGES: Final = 10

_ELSEWHERE: Final = frozenset({"pages", "channels", "routes", "silences", "templates"})
"""Parts of the configuration that have a place of their own."""


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test went, of the channel of that name."""

    channel: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the page has to say beside what there is: how a test went, a token that is shown this once, and what is
    wrong with a form (`account.name`) with what was written into it."""

    tested: Tested | None = None
    token: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def fault(self, name: str) -> str:
        return self.faults.get(name, "")


@dataclass(frozen=True, slots=True)
class People:
    """What only admins see."""

    accounts: tuple[Account, ...]
    tokens: tuple[ApiToken, ...]
    changes: tuple[AuditEntry, ...]

    def owner(self, one: ApiToken) -> str:
        return next((account.name for account in self.accounts if account.id == one.account_id), "")


async def settings(ask: Ask) -> Answer:
    return await shown(ask, Spoken())


async def shown(ask: Ask, spoken: Spoken, *, status: int = 200) -> Answer:
    """The page. Raises StoreError and TimeoutError."""
    answer = await show(ask, "settings.html", lambda tx: _load(ask, tx, spoken), title="Settings", current="settings")
    return replace(answer, status=status)


def _load(ask: Ask, tx: Tx, spoken: Spoken) -> Context:
    parts, config = ask.parts, ask.parts.config()
    return {
        "said": said(ask),
        "spoken": spoken,
        "channels": [(name, one.kind, where(one.settings)) for name, one in config.channels.items()],
        "sections": sections(config),
        "store": parts.store.status(),
        "counts": queries.stats(tx),
        "mode": parts.facts().mode,
        "started_at": parts.started_at,
        "address": queries.setting(tx, queries.ADDRESS_SETTING) or "",
        "filters": [(one, form_of(one)) for one in queries.saved_filters(tx)],
        "addresses": _addresses(ask, tx, config.mail) if may(ask, Need.OPERATE) else (),
        "people": _people(tx) if may(ask, Need.RULE) else None,
        "words_of": words_of_change,
        "roles": list(AccountRole),
        "scopes": list(Scope),
    }


def _addresses(ask: Ask, tx: Tx, mail: MailConfig) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Where providers may send their hooks, and their mail where that is taken, by page."""
    base = (queries.setting(tx, queries.ADDRESS_SETTING) or "").rstrip("/")
    tokens = ((page.slug, ask.parts.addresses.token(page.slug)) for page in queries.pages(tx)[:MOST_ADDRESSES])
    return tuple(
        (slug, (f"{base}/hooks/{token}", *([mail.address(token)] if mail.is_on else ()))) for slug, token in tokens
    )


def _people(tx: Tx) -> People:
    changes = queries.audit_list(tx, limit=LAST_CHANGES)
    return People(tuple(queries.accounts(tx)), tuple(queries.tokens(tx)), tuple(changes))


# --- what is set -------------------------------------------------------------------------------------------------


def sections(config: Config) -> list[tuple[str, list[tuple[str, str]]]]:
    """The settings in force by section, each with its value as text; secrets are masked."""
    said_of: dict[str, Any] = config.model_dump(mode="json", by_alias=True, exclude=set(_ELSEWHERE))
    said_of["database"] = without_password(config.database)
    plain = [(name, _text(value)) for name, value in said_of.items() if not isinstance(value, Mapping)]
    nested = [(name, list(_flat(value))) for name, value in said_of.items() if isinstance(value, Mapping)]
    return [("general", plain), *((name, rows) for name, rows in nested if rows)]


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, one in value.items():
        if isinstance(one, Mapping) and one:
            yield from _flat(one, f"{before}{name}.")
        else:
            yield f"{before}{name}", _text(one)


def _text(value: object) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def words_of_change(one: AuditEntry) -> list[str]:
    """The new values of a change as words, without those that are empty: `until 2026-12-01T00:00:00Z`."""
    return [f"{name} {value}"[:200] for name, value in _flat(one.detail) if value and name not in ("id", "name")]


# --- channels ----------------------------------------------------------------------------------------------------


async def test(ask: Ask) -> Answer:
    """Send a sample to a channel, and say how that went."""
    name = ask.params["name"]
    if name not in ask.parts.config().channels:
        raise RefusedRequest(Refusal("unknown_address", "There is no such channel."))
    try:
        async with asyncio.timeout(TEST_S):
            body = await ask.parts.tools.send_test(name)
        tested = Tested(name, str(body["outcome"]), str(body["reason"]))
    except TimeoutError:
        tested = Tested(name, "no answer", f"nothing came within {TEST_S:g} seconds")
    except StatuswireError as error:
        tested = Tested(name, "not sent", str(error))
    return await shown(ask, Spoken(tested))
