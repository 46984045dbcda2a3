"""What the doctor says of one thing that it looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.channels.console_report import spell

Fact = str | int | float | bool | Sequence[str] | None


class Grade(StrEnum):
    """`note` is worth knowing, `act` needs somebody."""

    OK = "ok"
    NOTE = "note"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` says what to do and is empty where nothing is.

    `facts` are what the sentence was made of, for programs: times as in events, spans in seconds (`..._s`), shares
    between 0 and 1.
    """

    subject: str
    grade: Grade
    sentence: str
    advice: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


def ago(moment: datetime | None, now: datetime) -> str:
    """`14 minutes ago`, or `never`; a moment that has not come yet is `0 seconds ago`."""
    if moment is None:
        return "never"
    return f"{spell(max(now - moment, timedelta(0)))} ago"


def counted(count: int, noun: str) -> str:
    """`1 poll`, `2 polls`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
