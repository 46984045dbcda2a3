"""How commands have something done: by the service that runs, which alone may write; where none runs, by themselves."""

from __future__ import annotations

import asyncio
from contextlib import closing

from statuswire.config import Config
from statuswire.desk.reaching import ask
from statuswire.engine.clock import Clock
from statuswire.engine.obeyed import Obeyed
from statuswire.engine.orders import Order, encode, obey, obeyed_of
from statuswire.errors import FetchError, StoreError, StoreReason
from statuswire.net.http import HttpClient
from statuswire.signing import control_token
from statuswire.store import Tx, open_store, queries
from statuswire.store.engines import existing, is_postgres
from statuswire.store.lock import lock_holders
from statuswire.store.place import beside

DEADLINE_S = 10.0
CONTROL = "/control"


def order(loaded: Config, one: Order) -> Obeyed:
    """Have it done. Raises ConfigError, StoreError, and StoreError(LOCKED) where the service cannot be reached.

    Where several processes share the database, the command is one more of them.
    """
    holders = () if is_postgres(loaded.database) else lock_holders(beside(existing(loaded.database), ".lock"))
    if holders:
        return _through_service(loaded, one, holders[0])
    with closing(open_store(loaded.database)) as store:
        return store.write(lambda tx: obey(tx, one, Clock().now(), loaded))


def _through_service(loaded: Config, one: Order, pid: int) -> Obeyed:
    address, token = ask(loaded, _way)
    if not address or not token:
        raise StoreError(StoreReason.LOCKED, f"process {pid} holds the database and does not listen")
    try:
        return asyncio.run(_post(address, token, one))
    except FetchError as error:
        raise StoreError(StoreReason.LOCKED, f"process {pid} holds the database, but {error}") from error


def _way(tx: Tx) -> tuple[str, str]:
    """Where the service listens, and what shows it that we may order."""
    secret = queries.setting(tx, queries.SECRET_SETTING)
    address = queries.setting(tx, queries.ADDRESS_SETTING)
    return address or "", control_token(bytes.fromhex(secret)) if secret else ""


async def _post(address: str, token: str, one: Order) -> Obeyed:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with HttpClient(user_agent="statuswire command") as client:
        response = await client.request(
            "POST", address + CONTROL, headers=headers, body=encode(one), allow_private=True, deadline=DEADLINE_S
        )
    obeyed = obeyed_of(response.body) if response.status == 200 else None
    if obeyed is None:
        raise StoreError(StoreReason.LOCKED, f"the service answered {response.status} at {address}")
    return obeyed
