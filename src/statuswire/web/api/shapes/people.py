"""Accounts, tokens and the log of changes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from statuswire.model import AccountRole, PrincipalKind, Scope
from statuswire.web.api.shapes.base import Author, Listed, Shape, Stamp
from statuswire.web.api.shapes.owning import Obeyed


class TokenMade(Obeyed):
    token: str = Field(examples=["sw_0f2Kq8uW5nGmZr1cYbXeTtVhJ7dLs9A3pQiNo6RwUkMgEC4SHy"])
    """To be sent as `Authorization: Bearer sw_...`. It is shown this once."""


class Account(Shape):
    name: Author
    role: AccountRole
    signs_in_by: list[Literal["password", "oidc"]] = Field(examples=[["password"]])
    created_at: Stamp
    seen_at: Stamp | None
    """When they last signed in."""
    disabled_at: Stamp | None = Field(examples=[None])


class Accounts(Listed[Account]):
    pass


class Token(Shape):
    """The token itself is not kept."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["prometheus"])
    scopes: list[Scope] = Field(examples=[["metrics"]])
    account: str | None = Field(examples=["ann"])
    """Whose it is: it may no more than they may."""
    state: Literal["good", "expired", "revoked"]
    created_at: Stamp
    expires_at: Stamp | None
    used_at: Stamp | None
    revoked_at: Stamp | None = Field(examples=[None])


class Tokens(Listed[Token]):
    pass


class AuditEntry(Shape):
    id: int = Field(examples=[41])
    at: Stamp
    actor: Author
    action: str = Field(examples=["silence.add"])
    subject: str = Field(examples=["silence/3"])
    detail: dict[str, JsonValue] = Field(examples=[{"reason": "not used"}])
    """The new values, never a secret."""


class Audit(Listed[AuditEntry]):
    pass


class Me(Shape):
    kind: PrincipalKind
    name: Author
    role: AccountRole | None
    """Null: may see only what is open to all."""
    scopes: list[Scope] = Field(examples=[[]])
    """Those of a token."""
