"""Who may come in: `auth: none`, or whether one has to sign in, how, by which names, and behind which proxies."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema

from statuswire.config import secrets, words
from statuswire.config.base import Settings
from statuswire.config.layers import KeyPath
from statuswire.config.lists import Words
from statuswire.model import AccountRole

_OPEN = "none"
_SCOPES = ("openid", "profile", "email")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*", re.IGNORECASE)
_CLAIM = re.compile(r"[^\s.]+(?:\.[^\s.]+)*")


class OidcConfig(Settings):
    """Sign-in at an OpenID provider. Everything is off until an issuer is given."""

    issuer: str = Field(default="", examples=["https://login.example.com/realms/main"])
    """Address of the provider, below which `/.well-known/openid-configuration` is; empty is off."""

    client_id: str = Field(default="", max_length=500, examples=["statuswire"])
    """What the provider calls statuswire."""

    client_secret: SecretStr = Field(default=SecretStr(""), repr=False, examples=["..."])
    """The secret that goes with it; better from a variable or a file."""

    client_secret_env: str = Field(default="", examples=["OIDC_SECRET"])
    """Variable that holds the secret."""

    client_secret_file: str = Field(default="", examples=["/run/secrets/oidc"])
    """File that holds the secret."""

    scopes: Words = Field(default_factory=lambda: _SCOPES, examples=[["openid", "profile", "email"]])
    """What is asked of the provider; `openid` is always among it."""

    roles_claim: str = Field(default="", examples=["realm_access.roles"])
    """The claim that tells roles, with dots where it stands inside another one."""

    roles: dict[str, AccountRole] = Field(default_factory=dict, examples=[{"sre": "operator", "platform": "admin"}])
    """Roles by what stands in that claim: `viewer`, `operator` or `admin`; the highest counts."""

    default_role: Literal["none", "viewer", "operator", "admin"] = Field(default="none", examples=["viewer"])
    """Role of whom the claim gives none, or of newcomers without a claim; with `none` they may not come in."""

    allow_private: bool = Field(default=False, examples=[True])
    """Whether the provider may be on a loopback or private address, and without TLS."""

    _secret: str = PrivateAttr(default="")

    @field_validator("issuer")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value:
            return ""
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("is not the address of a provider; right: https://login.example.com")
        return value

    @field_validator("roles_claim")
    @classmethod
    def _is_a_claim(cls, value: str) -> str:
        if value and not _CLAIM.fullmatch(value):
            raise ValueError("is not the name of a claim; right: realm_access.roles")
        return value

    @model_validator(mode="after")
    def _is_whole(self, info: ValidationInfo) -> Self:
        if not self.issuer:
            if self.client_id:
                raise ValueError("has a `client_id`, but no `issuer`")
            return self
        if not self.client_id:
            raise ValueError("needs a `client_id`")
        if self.issuer.startswith("http:") and not self.allow_private:
            raise ValueError("needs an issuer with https, or `allow_private: true`")
        if self.roles and not self.roles_claim:
            raise ValueError("has `roles`, but no `roles_claim` that would tell them")
        if not self.roles and self.default_role == _OPEN:
            raise ValueError("lets nobody in: give it `roles_claim` and `roles`, or a `default_role`")
        self._secret = self._read_secret(info)
        return self

    def _read_secret(self, info: ValidationInfo) -> str:
        given = [bool(self.client_secret.get_secret_value()), bool(self.client_secret_env)]
        if sum([*given, bool(self.client_secret_file)]) > 1:
            raise ValueError("may have one of `client_secret`, `client_secret_env` and `client_secret_file`")
        try:
            if self.client_secret_env:
                return secrets.from_variable(self.client_secret_env, (info.context or {}).get("environ", {}))
            if self.client_secret_file:
                return secrets.from_file(self.client_secret_file)
        except ValueError as error:
            key = "client_secret_env" if self.client_secret_env else "client_secret_file"
            raise words.together([((key,), str(error))]) from error
        return self.client_secret.get_secret_value()

    def revealed(self) -> str:
        """The secret itself; for the sign-in only. Empty for a public client, which PKCE alone protects."""
        return self._secret


class AuthConfig(Settings):
    """Who may come in."""

    required: bool | None = Field(default=None, examples=[True])
    """Whether one has to sign in; unless given, wherever the service listens beyond loopback, or a proxy speaks for
    others."""

    public: bool = Field(default=False, examples=[True])
    """Whether anybody may see the state of pages without signing in."""

    sign_in: Literal["both", "password", "oidc"] = Field(default="both", examples=["oidc"])
    """How people sign in: with a password of statuswire's, at the provider, or either."""

    hosts: Words = Field(default_factory=tuple, examples=[["status.example.com"]])
    """Names by which the service may be called, beside those of loopback. Without any, beyond loopback, every name
    is answered."""

    proxies: Words = Field(default_factory=tuple, examples=[["10.0.0.0/8"]])
    """Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""

    oidc: OidcConfig = OidcConfig()
    """Sign-in at an OpenID provider."""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: object) -> object:
        """`auth: none` is open to everybody who can reach the service."""
        if not isinstance(value, str):
            return value
        if value.strip().lower() != _OPEN:
            raise ValueError("is `none` or a mapping; right: auth: {required: true}")
        return {"required": False}

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong: list[tuple[KeyPath, str]] = [
            ((index,), "is not the name of a host; right: status.example.com, without scheme and port")
            for index, host in enumerate(value)
            if not (_HOST.fullmatch(host) or _is_address(host))
        ]
        if wrong:
            raise words.together(wrong)
        return tuple(host.lower() for host in value)

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong: list[tuple[KeyPath, str]] = [
            ((index,), "is neither an address nor a network; right: 10.0.0.7 or 10.0.0.0/8")
            for index, text in enumerate(value)
            if _network(text) is None
        ]
        if wrong:
            raise words.together(wrong)
        return value

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        if self.sign_in == "oidc" and not self.oidc.issuer:
            raise ValueError("says `sign_in: oidc`, but has no `oidc.issuer`")
        return self

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Those of `proxies`."""
        return tuple(network for text in self.proxies if (network := _network(text)) is not None)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Published as what a file may hold: the word or a mapping."""
        mapping = super().__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [{"const": _OPEN, "description": "Open to everybody."}, mapping]}


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
