"""Which server is asked, and as whom."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from statuswire.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

SERVER = "STATUSWIRE_SERVER"
TOKEN = "STATUSWIRE_TOKEN"  # noqa: S105 - the name of a variable
CA_FILE = "STATUSWIRE_CA_FILE"
MAX_TOKEN_BYTES = 4096
_PORTS = {"http": 80, "https": 443}


class Server(msgspec.Struct, frozen=True):
    """An address taken apart. `prefix` is a path before `/api/v1`; it is shown without the token."""

    scheme: str
    host: str
    port: int
    prefix: str = ""
    token: str = ""
    ca_file: str = ""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __repr__(self) -> str:
        return f"Server({self.url})"


def server_of(
    url: str | None = None,
    token: str | None = None,
    ca_file: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Server:
    """What is given, else what STATUSWIRE_SERVER, STATUSWIRE_TOKEN and STATUSWIRE_CA_FILE say. A token of the
    environment goes only to the server of the environment. Raises ConfigError.
    """
    variables = os.environ if environ is None else environ
    address = url or variables.get(SERVER, "")
    if not address:
        raise ConfigError(f"no server is named; give its address, or set {SERVER}")
    is_theirs = url is None or url == variables.get(SERVER)
    secret = token if token is not None else variables.get(TOKEN, "") if is_theirs else ""
    return _parts(address, _checked(secret.strip()), ca_file or variables.get(CA_FILE, ""))


def server_of_command(
    url: str | None, usual: str = "", token_file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Server:
    """For a command whose address and token are given by one person in one place: the token of the environment goes to
    the address that is named, to that of the environment, or to the usual one. One in a file counts before it. Raises
    ConfigError."""
    variables = os.environ if environ is None else environ
    told = {SERVER: url or variables.get(SERVER) or usual}
    if token_file is not None:
        told[TOKEN] = token_in(token_file)
    return server_of(environ={**variables, **told})


def is_named(url: str | None, environ: Mapping[str, str] | None = None) -> bool:
    """Whether any server is meant."""
    return bool(url or (os.environ if environ is None else environ).get(SERVER))


def token_in(file: Path) -> str:
    """The token that a file holds. Raises ConfigError."""
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.read(MAX_TOKEN_BYTES).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("the file of the token cannot be read", where=str(file)) from error


def _parts(address: str, token: str, ca_file: str) -> Server:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise ConfigError("the address of the server cannot be read; right: https://status.example.com") from error
    if parts.scheme not in _PORTS or not parts.hostname or not _is_plain(address.strip()):
        raise ConfigError("the address of the server must be like https://status.example.com")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigError("the address of the server may hold no name, password, query or fragment")
    prefix = parts.path.rstrip("/").removesuffix("/api/v1")
    return Server(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], prefix, token, ca_file)


def _checked(token: str) -> str:
    if token and not _is_plain(token):
        raise ConfigError("the token holds characters that no header may have")
    return token


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
