"""What status pages, monitors and incident tools usually call things in JSON, and the first value under such a name.

Of several names that an object has, the one that stands first here counts. Texts are empty where nothing is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from statuswire.platforms.reading import ident, moment, text, title

Fields = Mapping[str, object]

# --- names -------------------------------------------------------------------------------------------------------

EVENT_KEYS = ("event_type", "event", "type", "event_name", "action")
CONTAINER_KEYS = ("data", "payload", "body", "object", "resource", "attributes", "event", "event_data", "result")
INCIDENT_KEYS = (
    "incident",
    "incidents",
    "outage",
    "issue",
    "status_report",
    "maintenance",
    "maintenances",
    "scheduled_maintenance",
    "notice",
    "alert",
)
ID_KEYS = ("incident_id", "incidentId", "id", "uuid", "guid", "key", "number", "reference")
UPDATE_ID_KEYS = ("id", "update_id", "uuid", "guid")
TITLE_KEYS = ("name", "title", "incident_name", "incident_title", "headline", "subject", "summary")
STATUS_KEYS = ("status", "state", "phase", "incident_status", "current_status", "stage")
IMPACT_KEYS = ("impact", "severity", "impact_override", "current_worst_impact", "level", "priority")
URL_KEYS = ("url", "link", "permalink", "shortlink", "html_url", "incident_url", "web_url", "href")
TEXT_KEYS = ("message", "body", "description", "text", "content", "details", "comment", "latest_message")
UPDATE_KEYS = (
    "incident_updates",
    "updates",
    "status_updates",
    "history",
    "timeline",
    "messages",
    "posts",
    "latest_update",
    "last_update",
    "update",
)
COMPONENT_KEYS = (
    "components",
    "affected_components",
    "impacted_components",
    "affected_services",
    "services",
    "affected",
    "component",
    "affected_component",
    "service",
)
UPDATED_KEYS = (
    "updated_at",
    "updatedAt",
    "last_update_at",
    "timestamp",
    "time",
    "date",
    "occurred_at",
    "published_at",
)
CREATED_KEYS = ("created_at", "createdAt", "created", "opened_at")
STARTED_KEYS = ("started_at", "startedAt", "start_time", "starts_at", "start_at", "began_at")
RESOLVED_KEYS = ("resolved_at", "resolvedAt", "ended_at", "end_time", "closed_at")
SHOWN_KEYS = ("display_at", *UPDATED_KEYS, *CREATED_KEYS)
LABEL_KEYS = ("label", "name", "value", "status", "state", "title", "key")

# --- values ------------------------------------------------------------------------------------------------------


def first_id(fields: Fields, keys: tuple[str, ...] = ID_KEYS) -> str:
    return next((found for key in keys if (found := ident(fields.get(key)))), "")


def first_title(fields: Fields) -> str:
    return next((found for key in TITLE_KEYS if (found := title(fields.get(key)))), "")


def first_text(fields: Fields) -> str:
    return next((found for key in TEXT_KEYS if (found := text(fields.get(key)).strip())), "")


def first_line(fields: Fields) -> str:
    """The first line of the text, as a title."""
    return title(first_text(fields).partition("\n")[0], 200)


def status_word(fields: Fields) -> str:
    """The sender's word for a phase or a level."""
    return word_under(fields, STATUS_KEYS)


def word_under(fields: Fields, keys: tuple[str, ...]) -> str:
    """The first word under one of the keys: a text, or the label of an object."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, dict):
            value = next((value[label] for label in LABEL_KEYS if isinstance(value.get(label), str)), None)
        if isinstance(value, str) and (word := title(value, 200)):
            return word
    return ""


def first_moment(fields: Fields, keys: tuple[str, ...]) -> datetime | None:
    return next((found for key in keys if (found := moment(fields.get(key)))), None)


def first_url(fields: Fields) -> str:
    """The first web address; what is none under such a name is passed over."""
    links = (text(fields.get(key)).strip() for key in URL_KEYS)
    return next((link for link in links if link.startswith(("https://", "http://"))), "")
