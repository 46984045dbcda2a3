"""Where mail is taken in, for pages that only mail. Everything is off until a port, a socket, a host or a folder is
given."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from statuswire.config import secrets
from statuswire.config.authorities import certificates_of
from statuswire.config.base import Settings
from statuswire.config.types import Duration

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62})*", re.IGNORECASE)
_LONGEST_SOCKET = 100
"""Bytes that a path of a Unix socket may have everywhere (Linux allows 107, macOS 103)."""


def is_here(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Listener(Settings):
    host: str = Field(default="127.0.0.1", min_length=1, examples=["127.0.0.1"])
    """Loopback address to listen on."""

    port: int | None = Field(default=None, ge=0, le=65_535, examples=[2525])
    """TCP port; 0 takes a free one, none is off."""

    @field_validator("host")
    @classmethod
    def _is_loopback(cls, value: str) -> str:
        if not is_here(value):
            raise ValueError("must be a loopback address: your mail server hands mail over from this machine")
        return value


class SmtpConfig(_Listener):
    """A mail server for secret addresses only."""


class LmtpConfig(_Listener):
    """The same for a mail server that delivers by LMTP (RFC 2033)."""

    socket: str = Field(default="", examples=["/run/statuswire/lmtp.sock"])
    """Path of a Unix socket to listen on."""

    @field_validator("socket")
    @classmethod
    def _can_be_a_socket(cls, value: str) -> str:
        if value and (not Path(value).is_absolute() or len(value.encode()) > _LONGEST_SOCKET):
            raise ValueError(f"must be an absolute path of at most {_LONGEST_SOCKET} bytes")
        return value


class ImapConfig(Settings):
    """A mailbox that is looked at by IMAP, read only."""

    host: str = Field(default="", examples=["imap.example.com"])
    """Name of the IMAP server; empty is off."""

    port: int = Field(default=993, ge=1, le=65_535, examples=[993])
    """TCP port of the IMAP server."""

    tls: bool = Field(default=True, examples=[True])
    """Whether TLS is spoken from the beginning; only a server on loopback may do without."""

    user: str = Field(default="", max_length=200, examples=["statuswire"])
    """Name of the user."""

    password_env: str = Field(default="", examples=["IMAP_PASSWORD"])
    """Variable that holds the password."""

    password_file: str = Field(default="", examples=["/run/secrets/imap"])
    """File that holds the password."""

    ca_file: str = Field(default="", examples=["/etc/statuswire/internal-ca.pem"])
    """File of certificates (PEM): only a server that one of them vouches for is believed."""

    folders: dict[str, str] = Field(default_factory=lambda: {"INBOX": ""}, examples=[{"INBOX": "", "Acme": "acme"}])
    """Folders to look at. One with the slug of a page has only mail of that page; in the others the secret address of
    each mail tells its page."""

    _password: str = PrivateAttr(default="")
    _certificates: str = PrivateAttr(default="")

    @field_validator("user", "host")
    @classmethod
    def _fits_a_command(cls, value: str) -> str:
        if not value.isprintable() or not value.isascii():
            raise ValueError("may hold printable ASCII only")
        return value

    @field_validator("folders")
    @classmethod
    def _are_names(cls, value: dict[str, str]) -> dict[str, str]:
        if not value or not all(name and name.isascii() and name.isprintable() for name in value):
            raise ValueError("needs names of folders in printable ASCII, as the server spells them")
        return value

    @model_validator(mode="after")
    def _can_be_opened(self, info: ValidationInfo) -> Self:
        if not self.host:
            return self
        if not self.user:
            raise ValueError("needs a `user`")
        if bool(self.password_env) == bool(self.password_file):
            raise ValueError("needs one of `password_env` and `password_file`")
        if not self.tls and not is_here(self.host):
            raise ValueError("needs `tls: true`; only a server on loopback may do without")
        self._password = secrets.password(self.password_env, self.password_file, info)
        self._certificates = certificates_of(self.ca_file, info)
        return self

    @property
    def certificates(self) -> str:
        """Those of `ca_file`, in PEM; empty without one."""
        return self._certificates

    def password(self) -> str:
        """The password itself; for logging in only."""
        return self._password


class MailConfig(Settings):
    """Mail as a source. Each page has a secret address: `<mailbox>+<token>@<domain>`."""

    domain: str = Field(default="localhost", examples=["status.example.com"])
    """Domain of the secret addresses: one whose mail reaches us."""

    mailbox: str = Field(default="hook", pattern=r"^[A-Za-z0-9._-]{1,30}$", examples=["hook"])
    """What stands before the `+` of the secret addresses."""

    authserv_id: str = Field(default="", examples=["mx.example.com"])
    """Name under which your own mail server writes Authentication-Results (RFC 8601); then its result counts instead of
    a check of our own."""

    require_dkim: bool = Field(default=False, examples=[True])
    """Whether mail must be signed by its sender's domain to be more than a sign that a page has news."""

    interval: Duration = Field(
        default=timedelta(seconds=30), ge=timedelta(seconds=1), le=timedelta(days=1), examples=["30s"]
    )
    """Time between two looks at the Maildir and the IMAP folders."""

    smtp: SmtpConfig = SmtpConfig()
    """A mail server of our own, on loopback."""

    lmtp: LmtpConfig = LmtpConfig()
    """Local delivery from a mail server."""

    imap: ImapConfig = ImapConfig()
    """A mailbox on another machine."""

    maildir: str = Field(default="", examples=["/var/mail/statuswire"])
    """A Maildir that somebody else delivers to."""

    @field_validator("domain")
    @classmethod
    def _is_a_domain(cls, value: str) -> str:
        if not _DOMAIN.fullmatch(value):
            raise ValueError("is not a domain")
        return value.lower()

    @property
    def is_on(self) -> bool:
        """Whether mail can come in at all."""
        return any(
            (self.smtp.port is not None, self.lmtp.port is not None, self.lmtp.socket, self.imap.host, self.maildir)
        )

    def address(self, token: str) -> str:
        """The secret address of a page."""
        return f"{self.mailbox}+{token}@{self.domain}"
