"""The store on PostgreSQL 14 to 18, for several processes at once. Loaded only where a database's URL asks for it."""

from __future__ import annotations

from statuswire.store.postgres.address import Address, address_of
from statuswire.store.postgres.connecting import PostgresOptions
from statuswire.store.postgres.opening import looking, open_postgres
from statuswire.store.postgres.plain import PostgresPlace

__all__ = ["Address", "PostgresOptions", "PostgresPlace", "address_of", "looking", "open_postgres"]
