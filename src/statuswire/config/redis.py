"""Where Redis or Valkey is, which is optional: hints, live events and shared limits between replicas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import Field, PrivateAttr, ValidationInfo, field_serializer, field_validator, model_validator

from statuswire.config import secrets
from statuswire.config.authorities import certificates_of
from statuswire.config.base import Settings

PORT = 6379
_EXAMPLES = "redis://host:6379/0, rediss://host or unix:///run/redis.sock"


@dataclass(frozen=True, slots=True)
class RedisPlace:
    """Where it is and how to get in; either `path`, of a Unix socket, or `host`. `certificates` (PEM) are of the
    authorities to believe instead of those that the machine trusts."""

    host: str = ""
    port: int = PORT
    path: str = ""
    database: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    certificates: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """The scheme of its address."""
        return "unix" if self.path else "rediss" if self.is_tls else "redis"

    def __str__(self) -> str:
        """Without user and password."""
        return f"{self.kind}://{self.path or f'{self.host}:{self.port}'}"


class RedisConfig(Settings):
    """Redis or Valkey between replicas; off without a `url`."""

    url: str = Field(default="", repr=False, examples=["redis://cache.example.com:6379/0"])
    """`redis://`, `rediss://` (TLS) or `unix://` address; empty is off. STATUSWIRE_REDIS sets it too."""

    prefix: str = Field(default="statuswire", pattern=r"^[A-Za-z0-9_.-]{1,64}$", examples=["statuswire"])
    """What names of keys and channels begin with, before the identity of the database."""

    ca_file: str = Field(default="", examples=["/etc/statuswire/internal-ca.pem"])
    """File of certificates (PEM): only a server that one of them vouches for is believed."""

    password_env: str = Field(default="", examples=["REDIS_PASSWORD"])
    """Variable that holds the password."""

    password_file: str = Field(default="", examples=["/run/secrets/redis"])
    """File that holds the password."""

    _password: str = PrivateAttr(default="")
    _certificates: str = PrivateAttr(default="")

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value:
            _place(value)
        return value

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Self:
        if not self.url:
            return self
        named = bool(self.password_env) + bool(self.password_file)
        if named + bool(_place(self.url).password) > 1:
            raise ValueError("may have one of `password_env`, `password_file` and a password in its `url`")
        if self.ca_file and not _place(self.url).is_tls:
            raise ValueError("has a `ca_file`, but its address is without TLS; right: rediss://...")
        self._password = secrets.password(self.password_env, self.password_file, info) if named else ""
        self._certificates = certificates_of(self.ca_file, info)
        return self

    @field_serializer("url")
    def _without_password(self, value: str) -> str:
        """As it is shown."""
        return str(_place(value)) if value else ""

    def place(self) -> RedisPlace | None:
        """Where it is, with the password itself; None where there is none."""
        if not self.url:
            return None
        known = _place(self.url)
        return RedisPlace(
            host=known.host,
            port=known.port,
            path=known.path,
            database=known.database,
            user=known.user,
            password=self._password or known.password,
            is_tls=known.is_tls,
            certificates=self._certificates,
        )


def _place(url: str) -> RedisPlace:
    """Raises ValueError, never with the address itself, which may hold a password."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ValueError(f"is not an address; right: {_EXAMPLES}") from error
    if parts.scheme not in ("redis", "rediss", "unix") or parts.fragment:
        raise ValueError(f"is not an address of Redis; right: {_EXAMPLES}")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(asked) - {"db"}:
        raise ValueError(f"asks for more than `db` behind its `?`; right: {_EXAMPLES}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "unix":
        return RedisPlace(path=_socket(parts), database=_number(asked, ""), user=user, password=password)
    if not host or not re.fullmatch(r"[A-Za-z0-9_.:%-]+", host):
        raise ValueError(f"names no host; right: {_EXAMPLES}")
    database, is_tls = _number(asked, parts.path.strip("/")), parts.scheme == "rediss"
    return RedisPlace(host, port or PORT, database=database, user=user, password=password, is_tls=is_tls)


def _socket(parts: SplitResult) -> str:
    path = unquote(parts.path)
    if parts.hostname or not path.startswith("/") or path == "/" or "\x00" in path:
        raise ValueError("names no socket by its absolute path; right: unix:///run/redis.sock")
    return path


def _number(asked: Mapping[str, str], written: str) -> int:
    text = asked.get("db", written) or "0"
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError("names no database by its number; right: redis://host:6379/0")
    return int(text)
