"""Confirmations that providers ask for by mail: kept for the operator, who alone may follow the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from statuswire.store import Tx, queries

SETTING = "mail_confirmations"
MOST = 20


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A provider asks whether `slug` is to be mailed. `link` is what would confirm it, empty where none was found."""

    slug: str
    sender: str
    subject: str
    link: str
    at: datetime


def keep(tx: Tx, asked: Confirmation) -> None:
    """Keep it in place of an earlier one for the same page and sender; the newest twenty stay."""
    others = [one for one in confirmations(tx) if (one.slug, one.sender) != (asked.slug, asked.sender)]
    queries.set_setting(tx, SETTING, msgspec.json.encode([*others, asked][-MOST:]).decode())


def confirmations(tx: Tx) -> Sequence[Confirmation]:
    """What was asked, oldest first."""
    kept = queries.setting(tx, SETTING)
    return msgspec.json.decode(kept, type=list[Confirmation]) if kept else []
