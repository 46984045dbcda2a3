"""The rows of the catalog: those that come with statuswire, and the user's own beside the database.

A provider is a row of data; `COLUMNS` are those of the file, aliases separated by blanks. `platform` is empty where it
has to be found by looking; `weak` says that it is told by weak evidence only. `feed_url` is set only where the page is
read through one feed instead of its platform's own addresses. `seen` is the day on which `catalog verify` last found
the row true. Compiled from public lists and the vendors' own pages, checked 2026-11.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from statuswire.errors import ConfigError

COLUMNS = (
    "slug",
    "name",
    "page_url",
    "platform",
    "feed_url",
    "page_id",
    "category",
    "homepage",
    "aliases",
    "lists",
    "weak",
    "seen",
)
REQUIRED = ("slug", "name", "page_url")

OWN_FILE = Path("statuswire-catalog.csv")
"""Additions and corrections of the user's, in the folder where statuswire runs: the same columns, of which only
`REQUIRED` must be there. A row with a known slug takes that row's place."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class Provider:
    """One row of the catalog.

    `lists` is how many public lists name it, which says how well known it is; `is_weak`: the platform is told by weak
    evidence; `seen` the day on which the row was last confirmed. `hosts` are those of the status page and of the
    provider's site, without `www.`.
    """

    slug: str
    name: str
    page_url: str
    platform: str
    feed_url: str
    page_id: str
    category: str
    homepage: str
    aliases: tuple[str, ...]
    lists: int
    is_weak: bool
    seen: str
    hosts: tuple[str, ...]


@cache
def providers() -> tuple[Provider, ...]:
    """All rows, sorted by slug, the user's own first where both have one. Read once, when first asked for.

    Raises ConfigError for a mistake in the user's own file.
    """
    rows = {one.slug: one for one in shipped()} | {one.slug: one for one in own()}
    return tuple(sorted(rows.values(), key=lambda one: one.slug))


def shipped() -> tuple[Provider, ...]:
    text = files("statuswire").joinpath("catalog.csv").read_text(encoding="utf-8")
    return tuple(_provider(row) for row in csv.DictReader(text.splitlines()))


def own(path: Path = OWN_FILE) -> tuple[Provider, ...]:
    """The user's own rows; none where there is no such file. Raises ConfigError."""
    return read_file(path) if path.is_file() else ()


def read_file(path: Path) -> tuple[Provider, ...]:
    """The rows of a file. Raises ConfigError with every mistake and its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(path)) from error
    return read_rows(text, str(path))


def read_rows(text: str, where: str) -> tuple[Provider, ...]:
    """Rows from CSV with a header. Raises ConfigError with every mistake and its line."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    found: dict[str, Provider] = {}
    mistakes: list[str] = []
    try:
        mistakes += _header_mistakes(reader.fieldnames)
        for row in reader if not mistakes else ():
            wrong = _mistakes(row)
            if row.get("slug") in found:
                wrong.append(f"the slug `{row['slug']}` stands twice")
            mistakes += (f"line {reader.line_num}: {one}" for one in wrong)
            if not wrong:
                found[row["slug"]] = _provider({**dict.fromkeys(COLUMNS, ""), **row})
    except csv.Error as error:
        mistakes.append(f"line {reader.line_num}: {error}")
    if mistakes:
        raise ConfigError("; ".join(mistakes), where=where)
    return tuple(found.values())


def write_rows(rows: Iterable[Provider]) -> str:
    """The rows as CSV, sorted by slug."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(one) for one in sorted(rows, key=lambda one: one.slug))
    return out.getvalue()


def _cells(one: Provider) -> tuple[str, ...]:
    return (
        one.slug,
        one.name,
        one.page_url,
        one.platform,
        one.feed_url,
        one.page_id,
        one.category,
        one.homepage,
        " ".join(one.aliases),
        str(one.lists),
        "weak" if one.is_weak else "",
        one.seen,
    )


def _header_mistakes(names: Iterable[str] | None) -> list[str]:
    have = tuple(names or ())
    missing = [name for name in REQUIRED if name not in have]
    unknown = [name for name in have if name not in COLUMNS]
    told = [f"line 1: the column `{name}` is missing" for name in missing]
    return told + [f"line 1: `{name}` is no column; there are {', '.join(COLUMNS)}" for name in unknown]


def _mistakes(row: dict[str, str]) -> list[str]:
    """What is wrong with one row."""
    told = [f"`{name}` is empty" for name in REQUIRED if not row.get(name)]
    if None in row.values() or None in row:
        told.append("it has not as many cells as the header")
    if row.get("slug") and not _SLUG.fullmatch(row["slug"]):
        told.append(f"the slug `{row['slug']}` has other characters than a-z, 0-9 and -")
    told += (
        f"`{name}` must begin with https:// or http://: {row[name]!r}"
        for name in ("page_url", "feed_url", "homepage")
        if row.get(name) and not _is_web(row[name])
    )
    if row.get("lists") and not row["lists"].isdecimal():
        told.append(f"`lists` is no number: {row['lists']!r}")
    if row.get("weak") not in (None, "", "weak"):
        told.append(f"`weak` is either empty or `weak`, not {row['weak']!r}")
    if row.get("seen") and not _is_day(row["seen"]):
        told.append(f"`seen` is no day such as 2026-05-04: {row['seen']!r}")
    return told


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _provider(row: dict[str, str]) -> Provider:
    return Provider(
        row["slug"],
        row["name"],
        row["page_url"],
        row["platform"],
        row["feed_url"],
        row["page_id"],
        row["category"],
        row["homepage"],
        tuple(row["aliases"].split()),
        int(row["lists"] or 0),
        row["weak"] == "weak",
        row["seen"],
        tuple(host_of(url) for url in (row["page_url"], row["homepage"]) if url),
    )


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
