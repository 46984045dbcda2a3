"""Where a PostgreSQL database is: its URL, and what may be said of it without its password."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict

from statuswire.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is what libpq understands, `name` what may be shown: host, port and database."""

    url: str = field(repr=False)
    name: str


def address_of(url: str) -> Address:
    """Raises ConfigError for what libpq does not understand."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise _not_an_address() from error
    host, port, name = (parts.get(key) for key in ("host", "port", "dbname"))
    if port and not all(one.isdecimal() for one in str(port).split(",")):
        raise _not_an_address()
    place = f"{host or 'the local socket'}{f':{port}' if port else ''}"
    return Address(url, f"{name or parts.get('user') or 'the default database'} on {place}")


def _not_an_address() -> ConfigError:
    """Without what libpq says, which may quote what follows the scheme, and so a password."""
    return ConfigError(
        "not an address of PostgreSQL: it is postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters in"
        " percent form",
        where="database",
    )
