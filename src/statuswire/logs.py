"""Logging set up once: key=value lines, or one JSON object a line, on standard error. No control character passes."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import msgspec

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SECRET_PATH = re.compile(r"/(hooks|signals)/[A-Za-z0-9_-]{16,}")
_SECRET_MAIL = re.compile(r"\+[a-z2-7]{32}(?=@)", re.IGNORECASE)
_TOKEN = re.compile(r"sw_[A-Za-z0-9_-]{20,}")
_SESSION = re.compile(r"(statuswire_(?:session|oidc)=)[^\s;,\"']+")
_NOISY = ("asyncio", "uvicorn.access")


def set_up(level: str, form: str, stream: TextIO | None = None) -> None:
    """`level` is a word of `log.level`, `form` is `text` or `json`."""
    chosen = logging.StreamHandler(stream or sys.stderr)
    chosen.setFormatter(_JsonFormatter() if form == "json" else _TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [chosen]
    root.setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def clean(text: str) -> str:
    """Nothing in it can move the cursor or start a line of its own; no secret address, API token or cookie is shown."""
    shown = _SECRET_MAIL.sub("+...", _SECRET_PATH.sub(r"/\1/...", _CONTROL.sub(_escaped, text)))
    return _SESSION.sub(r"\1...", _TOKEN.sub("sw_...", shown))


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


class _TextFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s level=%(levelname)s logger=%(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n    ".join(clean(line) for line in lines)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        body = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        if record.exc_info:
            body["traceback"] = clean(self.formatException(record.exc_info))
        return msgspec.json.encode(body).decode()
