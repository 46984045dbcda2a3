"""How a private page is opened: request headers, cookies, user and password, or a bearer token.

What a page has here is sent to the origin (scheme, host, port) of its own address and to the `hosts` listed, and
nowhere else; `net/fetch.py` looks the origin up for every single request, redirects included. `ca_file` says who may
vouch for such a page. Passwords and tokens are
only named (`..._env`, `..._file`), so that the configuration can be shown and kept with other files; headers and
cookies, which need not be secret, may be written out and are masked wherever settings are shown.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, ValidationInfo, field_validator, model_validator

from statuswire.config import secrets, words
from statuswire.config.authorities import certificates_of
from statuswire.config.base import Settings
from statuswire.config.layers import KeyPath

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_COOKIE_VALUE = re.compile(r"[!#-:<-~]*")
"""Printable ASCII without blanks, quotation marks and semicolons."""

_MAX_VALUE = 4096
_PORTS = {"http": 80, "https": 443}

_CONNECTION = frozenset({"connection", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})
_CONTENT = frozenset({"accept", "accept-encoding", "content-length", "content-type", "range"})
_IDENTITY = frozenset({"if-modified-since", "if-none-match", "proxy-authorization", "user-agent"})
_OURS = _CONNECTION | _CONTENT | _IDENTITY
"""Headers (lower case) that a request of ours has anyway, or that would change what an answer is."""


class BasicAuth(Settings):
    """User and password of a private page."""

    user: str = Field(min_length=1, max_length=200, pattern=r"^[^:\x00-\x1f]+$", examples=["statuswire"])
    """Name of the user."""

    password_env: str = Field(default="", examples=["PAGE_PASSWORD"])
    """Variable that holds the password."""

    password_file: str = Field(default="", examples=["/run/secrets/page"])
    """File that holds the password."""

    _password: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _read_password(self, info: ValidationInfo) -> Self:
        self._password = _one_secret("password", self.password_env, self.password_file, info)
        return self

    @property
    def header(self) -> str:
        """The value of the Authorization header (RFC 7617, in UTF-8)."""
        return "Basic " + b64encode(f"{self.user}:{self._password}".encode()).decode()


class PageAccess(Settings):
    """The settings of a page that is not public."""

    headers: dict[str, SecretStr] = Field(default_factory=dict, repr=False, examples=[{"X-Api-Key_env": "PAGE_KEY"}])
    """Headers to send to this page. `<name>_env: NAME` and `<name>_file: /path` take one from a variable or a file."""

    cookies: dict[str, SecretStr] = Field(default_factory=dict, repr=False, examples=[{"session_env": "PAGE_SESSION"}])
    """Cookies to send to this page, written as the headers are."""

    basic_auth: BasicAuth | None = Field(default=None, examples=[{"user": "ops", "password_env": "PAGE_PASSWORD"}])
    """User and password of this page."""

    bearer_env: str = Field(default="", examples=["PAGE_TOKEN"])
    """Variable that holds a bearer token for this page."""

    bearer_file: str = Field(default="", examples=["/run/secrets/page"])
    """File that holds a bearer token for this page."""

    hosts: tuple[str, ...] = Field(default=(), examples=[["api.example.com"]])
    """Other hosts that may be sent the same: `api.example.com`, or `https://api.example.com:8443`."""

    ca_file: str = Field(default="", examples=["/etc/statuswire/internal-ca.pem"])
    """File of certificates (PEM): only a server that one of them vouches for is believed to be this page's."""

    _bearer: str = PrivateAttr(default="")
    _certificates: str = PrivateAttr(default="")

    @field_validator("headers", "cookies", mode="before")
    @classmethod
    def _spell_out(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, Mapping):
            return value
        spelled: dict[str, object] = {}
        wrong: list[tuple[KeyPath, str]] = []
        for key, entry in value.items():
            try:
                spelled |= _named(str(key), entry, info)
            except ValueError as error:
                wrong.append(((str(key),), str(error)))
        if wrong:
            raise words.together(wrong)
        return spelled

    @field_validator("headers", "cookies")
    @classmethod
    def _can_be_sent(cls, value: dict[str, SecretStr], info: ValidationInfo) -> dict[str, SecretStr]:
        is_cookie = info.field_name == "cookies"
        wrong: list[tuple[KeyPath, str]] = [
            ((name,), sentence)
            for name, secret in value.items()
            if (sentence := _unsendable(name, secret.get_secret_value(), is_cookie=is_cookie))
        ]
        if wrong:
            raise words.together(wrong)
        return value

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong: list[tuple[KeyPath, str]] = [
            ((index,), "is not a host; right: api.example.com, or https://api.example.com:8443")
            for index, host in enumerate(value)
            if not _origin(_as_address(host)) or urlsplit(_as_address(host)).path.strip("/")
        ]
        if wrong:
            raise words.together(wrong)
        return value

    @model_validator(mode="after")
    def _is_one_way_in(self, info: ValidationInfo) -> Self:
        if self.bearer_env or self.bearer_file:
            self._bearer = _one_secret("bearer", self.bearer_env, self.bearer_file, info)
        names = {name.lower() for name in self.headers}
        ways = (self.basic_auth is not None) + bool(self.bearer_env or self.bearer_file) + ("authorization" in names)
        if ways > 1:
            raise ValueError("may have one of `basic_auth`, a bearer token and an Authorization header")
        if self.cookies and "cookie" in names:
            raise ValueError("may have `cookies` or a Cookie header, not both")
        if self.hosts and not self.is_private:
            raise ValueError("lists `hosts`, but has no headers, cookies, password or token to send there")
        return self

    @model_validator(mode="after")
    def _read_certificates(self, info: ValidationInfo) -> Self:
        self._certificates = certificates_of(self.ca_file, info)
        return self

    @property
    def certificates(self) -> str:
        """Those of `ca_file`, in PEM; empty without one."""
        return self._certificates

    @property
    def is_private(self) -> bool:
        """Whether anything is to be sent to this page."""
        return bool(self.headers or self.cookies or self.basic_auth or self.bearer_env or self.bearer_file)

    def sent_headers(self) -> dict[str, str]:
        """The request headers with the secrets themselves; for the client only."""
        sent = {name: secret.get_secret_value() for name, secret in self.headers.items()}
        if self.cookies:
            pairs = (f"{name}={secret.get_secret_value()}" for name, secret in self.cookies.items())
            sent["Cookie"] = "; ".join(pairs)
        if self.basic_auth is not None:
            sent["Authorization"] = self.basic_auth.header
        if self._bearer:
            sent["Authorization"] = f"Bearer {self._bearer}"
        return sent

    def sent_to(self, page_url: str) -> dict[str, dict[str, str]]:
        """`sent_headers` by origin: that of the page's address and those of `hosts`."""
        if not self.is_private:
            return {}
        sent = self.sent_headers()
        return dict.fromkeys(self.origins(page_url), sent)

    def origins(self, page_url: str) -> tuple[str, ...]:
        """Where the secrets may go: `https://status.example.com:443` ..."""
        return tuple(dict.fromkeys(_origin(url) for url in (page_url, *map(_as_address, self.hosts))))


ACCESS_KEYS = frozenset(PageAccess.model_fields)


def same_origin(one: str, other: str) -> bool:
    return _origin(one) == _origin(other)


def clashes(pages: Iterable[tuple[int, Mapping[str, Mapping[str, str]]]]) -> list[tuple[KeyPath, str]]:
    """Pages, by position and `sent_to`, that would send different secrets to one host: only one of them could work."""
    first: dict[str, tuple[int, Mapping[str, str]]] = {}
    found: list[tuple[KeyPath, str]] = []
    for index, sent_to in pages:
        for origin, sent in sent_to.items():
            other, known = first.setdefault(origin, (index, sent))
            if known != sent:
                sentence = f"sends other headers, cookies, password or token to {origin} than pages[{other}]"
                found.append(((index,), sentence))
    return found


def _one_secret(what: str, variable: str, file: str, info: ValidationInfo) -> str:
    """The secret that one of two keys names. Without a context (a page is only looked at for its slug) none is read."""
    if bool(variable) == bool(file):
        raise ValueError(f"needs one of `{what}_env` and `{what}_file`")
    if info.context is None:
        return ""
    key = f"{what}_env" if variable else f"{what}_file"
    try:
        value = secrets.from_variable(variable, info.context["environ"]) if variable else secrets.from_file(file)
        if sentence := _unsendable("Authorization", value, is_cookie=False) if what == "bearer" else _empty(value):
            raise ValueError(sentence)
    except ValueError as error:
        raise words.together([((key,), str(error))]) from error
    return value


def _empty(value: str) -> str:
    return "" if value else "names a secret that is empty"


def _named(key: str, entry: object, info: ValidationInfo) -> dict[str, object]:
    """`{name: value}` of `name: value`, `name_env: VARIABLE` or `name_file: /path`."""
    name, _, source = key.rpartition("_")
    if source not in ("env", "file") or not name:
        return {key: str(entry) if isinstance(entry, int) and not isinstance(entry, bool) else entry}
    if info.context is None:
        return {name: "-"}
    if source == "env":
        return {name: secrets.from_variable(str(entry), info.context["environ"])}
    return {name: secrets.from_file(str(entry))}


def _unsendable(name: str, value: str, *, is_cookie: bool) -> str:
    """Why this cannot be a header or a cookie, never with the value; empty where it can."""
    if not _TOKEN.fullmatch(name):
        return "is not a name that can be sent"
    if not is_cookie and name.lower() in _OURS:
        return "is a header that statuswire sets itself"
    if not value or len(value) > _MAX_VALUE:
        return f"needs a value of 1 to {_MAX_VALUE} characters"
    if is_cookie and not _COOKIE_VALUE.fullmatch(value):
        return "has a value with blanks, quotation marks, semicolons or other than ASCII characters"
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        return "has a value with other than printable ASCII characters, or with blanks around it"
    return ""


def _as_address(host: str) -> str:
    return host if "://" in host else f"https://{host}"


def _origin(url: str) -> str:
    """`https://status.example.com:443`; empty for what is no address of http or https."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host or " " in url or parts.username is not None:
        return ""
    name = f"[{host}]" if ":" in host else host.rstrip(".")
    return f"{parts.scheme}://{name}:{port or _PORTS[parts.scheme]}"
