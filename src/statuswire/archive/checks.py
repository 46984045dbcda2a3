"""What may be copied from where to where, in sentences that say what to do otherwise."""

from __future__ import annotations

import secrets
from datetime import datetime

from statuswire.archive import marks
from statuswire.errors import ConfigError
from statuswire.store import Tx, copying, queries, schema

IDENTITY = queries.IDENTITY_SETTING
"""The setting by which what is kept beside a database (in Redis) knows which one it belongs to."""


def check_schema(tx: Tx, tables: frozenset[str], name: str) -> None:
    """Whether it is a database of ours with exactly the schema that this version knows. Raises ConfigError."""
    if "alembic_version" not in tables or "log_head" not in tables:
        raise ConfigError(f"{name} is no statuswire database: it {'holds other tables' if tables else 'is empty'}")
    revision = schema.revision_of(tx)
    if revision not in schema.REVISIONS:
        needs = queries.setting(tx, "schema.needs")
        raise ConfigError(
            f"{name} has schema {revision}, and this version knows {schema.HEAD}: "
            f"do it with statuswire {needs or 'of that schema'} or newer"
        )
    if revision != schema.HEAD:
        raise ConfigError(
            f"{name} has schema {revision}, and this version copies {schema.HEAD}: "
            "run `statuswire db upgrade` on it first"
        )


def check_whole(tx: Tx, name: str) -> None:
    """Raises ConfigError for a database that is only partly filled."""
    if marks.source_of(tx) is not None:
        raise ConfigError(f"{name} is not filled yet: run the same `statuswire migrate` again, and it goes on")


def check_alone(tx: Tx, name: str, now: datetime, *, is_forced: bool) -> None:
    """Raises ConfigError where processes live on the database, which would write meanwhile."""
    living = copying.living(tx, now)
    if living and not is_forced:
        names = ", ".join(one.id for one in living)
        raise ConfigError(
            f"{name} is in use by {names}: stop these first, or add --force and accept that what they write meanwhile"
            " may be missing"
        )


def check_fresh(tx: Tx, name: str) -> None:
    """Raises ConfigError where the database holds anything."""
    holding = copying.filled(tx)
    if holding:
        more = f" and {len(holding) - 3} more tables" if len(holding) > 3 else ""
        raise ConfigError(f"{name} is not empty: it has rows in {', '.join(holding[:3])}{more}; name an empty database")


def name_anew(tx: Tx) -> None:
    """A copy is another database: what is kept beside the old one is not its own."""
    queries.set_setting(tx, IDENTITY, secrets.token_hex(16))
