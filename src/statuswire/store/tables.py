"""The table of tables: what a whole copy of a database consists of, whatever the engine.

In the order in which rows can be put in, so that what a foreign key names is there before. A test holds the list equal
to the schema, so that no new table or column is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Table:
    """`key` is what its rows are read by, in order: unique, and without NULL. Without one the table is small and is
    read whole. `octets` are the columns that hold bytes. `is_numbered`: the database itself gives the column `id`.
    `at_once`: how many rows may be in memory together. `where`: the rows that a copy has, all where empty."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    octets: frozenset[str] = frozenset()
    is_numbered: bool = False
    at_once: int = 500
    where: str = ""


def _table(
    name: str,
    columns: str,
    key: str = "id",
    *,
    octets: str = "",
    is_numbered: bool = False,
    at_once: int = 500,
    where: str = "",
) -> Table:
    fields = tuple(columns.split())
    return Table(name, fields, tuple(key.split()), frozenset(octets.split()), is_numbered, at_once, where)


# What is a database's own: its schema, how far it is filled, which one it is, where its service listens.
_SETTINGS = (
    "name NOT LIKE 'schema.%' AND name NOT LIKE 'archive.%' AND name NOT IN ('database.identity', 'server.address')"
)

TABLES: Final = (
    _table(
        "page",
        "id slug name name_fold url platform origin provider_id time_zone allow_private shard wished_at dropped_at",
        is_numbered=True,
    ),
    _table("page_state", "page_id ver status as_of served_at baseline_at", "page_id"),
    _table(
        "feed",
        "id page_id url role tier accept etag last_modified wire_digest state failures failing_since last_ok_at"
        " last_error due_at polls not_modified read_at as_of served_at every post",
        octets="wire_digest",
        is_numbered=True,
    ),
    _table("component", "page_id id status position body", "page_id id"),
    _table("incident", "page_id id kind phase impact is_open begun_at body", "page_id id"),
    _table("incident_alias", "page_id alias incident_id", "page_id alias incident_id"),
    _table("incident_update", "page_id incident_id key seq at body", "page_id incident_id key", at_once=200),
    _table("event_key", "key seen_at", "key"),
    _table("event", "id page_id key type incident_id at seen_at body", at_once=200),
    _table("past_event", "id page_id type incident_id at seen_at body"),
    _table(
        "past_count",
        "ended_at page_id what route channel word count",
        "ended_at page_id what route channel word",
    ),
    _table("log_head", "id last"),
    # A body may have a megabyte; elsewhere a text has 64 KiB at most.
    _table(
        "inbox",
        "id source message_id platform body headers page_slug provider received_at state attempts last_error lane"
        " claimed_by claimed_until claims ends",
        octets="body",
        is_numbered=True,
        at_once=16,
    ),
    _table("follower", "name event_id", "name"),
    _table("setting", "name value", "name", where=_SETTINGS),
    _table("story", "route key title_key opened_at is_open wake_at body", "route key"),
    _table("verdict", "event_id route kind reason at", "event_id route"),
    _table(
        "channel",
        "name kind disabled_at disabled_reason failures refusals failing_since next_at last_ok_at last_error recent",
        "name",
    ),
    _table("lane", "channel lane wakes owner epoch lease_until crashes next_at", "channel lane"),
    _table(
        "delivery",
        "id channel lane message_id thread state batch attempts next_at created_at last_error body",
        is_numbered=True,
    ),
    _table("delivery_log", "id channel message_id state attempts created_at ended_at last_error body"),
    _table("thread", "channel thread state updated_at", "channel thread"),
    _table("silence", "id until created_at ended_at body", is_numbered=True),
    _table("mark", "page subject kind at until body", "page subject kind"),
    _table("mark_log", "page subject kind ended_at body", ""),
    _table("correlation", "id began_at updated_at body"),
    _table("account", "id name role password_hash subject created_at seen_at disabled_at", is_numbered=True),
    _table("session", "digest account_id csrf created_at seen_at expires_at", "digest", octets="digest"),
    _table(
        "api_token",
        "id digest name account_id scopes created_at expires_at used_at revoked_at",
        octets="digest",
        is_numbered=True,
    ),
    _table("attempt", "subject minute count", "subject minute"),
    _table("audit", "id at actor action subject detail", is_numbered=True),
    _table("own_page", "slug body author created_at updated_at", "slug"),
    _table("own_route", "name position body author created_at updated_at", "name"),
    _table("saved_filter", "name body author created_at", "name"),
    _table("favourite", "account_id page", "account_id page"),
    _table("watching", "began_at last_at", "began_at"),
    _table("signals", "id page_id component source key state at title url seen_at lapses_at", is_numbered=True),
    # Like the inbox, a document may be large.
    _table("raw_document", "digest size body", "digest", octets="body", at_once=16),
    _table(
        "evidence",
        "id page_id digest url source received_at served_at why needed_until first_event last_event",
        is_numbered=True,
    ),
)

LEFT_OUT: Final = {
    "alembic_version": "the schema of the database itself",
    "replica": "the processes that live on one database",
    "lease": "what those processes do at this moment",
    "shared_host": "hosts that several of them ask, found anew at the start",
}
"""Tables that no copy has, and what they hold."""
