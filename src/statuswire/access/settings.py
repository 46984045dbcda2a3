"""What the operator decided about who may come in, as the web application and the sign-in need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from statuswire.model import AccountRole

Network = IPv4Network | IPv6Network

FIRST_ACCOUNT = "statuswire user add NAME --role admin"
"""What lets somebody in where nobody can sign in yet."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """An OpenID provider. `roles` are the roles by the values of `roles_claim` (`realm_access.roles`). `default_role`
    is that of whom no value fits, and of newcomers where there are no `roles`; None: they may not come in."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    roles_claim: str = ""
    roles: Mapping[str, AccountRole] = field(default_factory=dict)
    default_role: AccountRole | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """`is_required`: whether one has to sign in; None: not where the service listens on loopback alone, unless a proxy
    speaks for somebody elsewhere. `hosts` are the names by which it may be called, beside those of loopback; beyond
    loopback and without any it may be any. `proxies` are those whose X-Forwarded-For and -Proto are believed."""

    is_required: bool | None = None
    has_passwords: bool = True
    oidc: OidcSettings | None = None
    hosts: frozenset[str] = frozenset()
    proxies: tuple[Network, ...] = ()
