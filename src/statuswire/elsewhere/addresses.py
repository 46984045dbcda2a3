"""A CSV of addresses, with or without a header; a list with one address or name in a line is one too."""

from __future__ import annotations

import csv
import io
import re

from statuswire.elsewhere.listed import Listed
from statuswire.errors import ConfigError

_URL = (
    "url",
    "page",
    "page_url",
    "status_page",
    "status_page_url",
    "status page",
    "status_url",
    "address",
    "link",
    "website",
)
_NAME = ("name", "service", "title", "vendor", "provider", "display_name", "monitor")
_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)


def read(text: str) -> list[Listed]:
    """Raises ConfigError for what is no CSV."""
    body = "".join(line for line in text.removeprefix("\ufeff").splitlines(keepends=True) if not line.startswith("#"))
    try:
        found = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(body), _delimiter(body))]
    except csv.Error as error:
        raise ConfigError("is no CSV") from error
    rows = [row for row in found if any(row)]
    head = [cell.lower() for cell in rows[0]] if rows else []
    url, name = _column(head, _URL), _column(head, _NAME)
    if url is None and name is None:
        return [_guessed(row) for row in rows]
    return [Listed(_cell(row, name), _cell(row, url)) for row in rows[1:]]


def _delimiter(body: str) -> type[csv.Dialect]:
    first = body.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Dialect


def _column(head: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((head.index(word) for word in wanted if word in head), None)


def _cell(row: list[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _guessed(row: list[str]) -> Listed:
    """The first cell that is an address, and the first that is none as its name."""
    url = next((cell for cell in row if _ADDRESS.fullmatch(cell)), "")
    name = next((cell for cell in row if cell and cell != url), "")
    return Listed(name, url)
