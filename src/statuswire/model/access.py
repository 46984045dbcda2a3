"""Who asks, and what they may: roles, the scopes of tokens, accounts, and whoever stands behind a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountRole(StrEnum):
    """Each may what the one before it may: `viewer` sees, `operator` silences, acknowledges and adds, `admin` rules
    over accounts and tokens."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def includes(self, other: AccountRole) -> bool:
        ranks = list(AccountRole)
        return ranks.index(other) <= ranks.index(self)


class Scope(StrEnum):
    """What a token is good for: `read` as a viewer, `write` as an operator, `admin` as an admin, `metrics` for
    `/metrics` and `/probe` alone."""

    METRICS = "metrics"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A person. `subject` is `issuer sub` of OpenID Connect, None for one who never came from there."""

    id: int
    name: str
    role: AccountRole
    created_at: datetime
    subject: str | None = None
    seen_at: datetime | None = None
    disabled_at: datetime | None = None
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that has signed in. `csrf` is what its forms must carry, `expires_at` its end whatever happens."""

    account: Account
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of a program, without the token: only its digest is kept. `account_id` None: made by command."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    account_id: int | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class PrincipalKind(StrEnum):
    """`nobody` has not said who they are; `machine` is whoever sits at the machine while nobody has to."""

    NOBODY = "nobody"
    MACHINE = "machine"
    ACCOUNT = "account"
    TOKEN = "token"  # noqa: S105  (a word, not a password)


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever stands behind a request. `role` None: may see only what is open to all. `scopes` is empty but for tokens.
    `csrf` is what a form of theirs must carry; empty where no browser shows a cookie. `account_id` 0: no account."""

    kind: PrincipalKind
    name: str = ""
    role: AccountRole | None = None
    scopes: frozenset[Scope] = frozenset()
    account_id: int = 0
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the audit log: who did what (`silence.add`) to what. `detail` has the new values, never a secret."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]
