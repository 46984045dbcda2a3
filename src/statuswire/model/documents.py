"""What arrives: bytes by poll or push, before anybody has read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    POLL = "poll"
    HOOK = "hook"


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as received and inflated, with lower-cased header names and the time of receipt."""

    body: bytes
    received_at: datetime
    url: str = ""
    kind: DocumentKind = DocumentKind.POLL
    headers: Mapping[str, str] = field(default_factory=dict)
    time_zone: str | None = None
    """IANA name of the page's zone where it is known from elsewhere; for times that carry none."""

    @property
    def content_type(self) -> str:
        """Media type, lower case, without parameters; empty when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower() or None
        return None

    @property
    def served_at(self) -> datetime:
        """When the origin made this body: `Date` minus `Age` (RFC 9111 section 5.1), else the time of receipt.

        Never later than the receipt: a clock that runs ahead must not make a body look newer than it is.
        """
        sent = _http_date(self.headers.get("date", ""))
        if sent is None:
            return self.received_at
        age = self.headers.get("age", "0").strip()
        seconds = min(int(age), 366 * 86_400) if age.isdecimal() and len(age) < 12 else 0
        return min(sent - timedelta(seconds=seconds), self.received_at)


def _http_date(text: str) -> datetime | None:
    """The moment of a `Date` header in UTC; None where it is none, or lies beyond what a datetime can hold."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Hook:
    """A believed webhook body waiting in the inbox to be read.

    `source` names where it came in (`statuspage`, `incident-io`, `generic`, `webhook`, `test`), `hint` what the path
    said of the page: a slug (`page_slug`, from a secret address) or a provider's name (`/webhook/generic/{provider}`).
    `message_id` is the sender's own where it sends one, else a random one. `claims` is the number of the claim
    under which it is read, where several processes may.
    """

    source: str
    message_id: str
    platform: str
    body: bytes
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    page_slug: str = ""
    provider: str = ""
    id: int = 0
    attempts: int = 0
    ends: int = 0
    claims: int = 0
