"""`statuswire import` from other tools: read, match, tell, and hand over the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from statuswire.channels.console import escape
from statuswire.channels.terminal import Style
from statuswire.config import adding
from statuswire.config.adding import Added, Entry
from statuswire.elsewhere import matching, report
from statuswire.elsewhere.formats import FORMATS, OWN, format_of
from statuswire.elsewhere.listed import Taken
from statuswire.errors import ConfigError

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file lists, by which format (its title)."""

    taken: tuple[Taken, ...]
    title: str

    @property
    def pages(self) -> list[dict[str, object]]:
        return [one.page for one in self.taken if one.page]

    def told(self, style: Style, *, as_json: bool) -> str:
        if as_json:
            return escape(
                msgspec.json.format(msgspec.json.encode(report.as_body(self.taken, self.title)), indent=2).decode()
            )
        return "\n".join(report.lines(self.taken, self.title, style))


def format_named(path: Path, name: str | None) -> str:
    """The format that the user names, or that the file has. Raises ConfigError."""
    if name is not None and name not in (*FORMATS, OWN):
        raise ConfigError(f"`{name}` is not a format; right: {', '.join((*FORMATS, OWN))}", where="--from")
    return name or format_of(path, _text(path))


def bring(path: Path, name: str, watched: Mapping[str, str]) -> Brought:
    """What becomes of the entries of a file. Raises ConfigError."""
    known = FORMATS[name]
    try:
        listed = known.read(_text(path))
    except ConfigError as error:
        raise ConfigError(str(error), where=str(path)) from error
    return Brought(tuple(matching.take(listed, watched)), known.title)


def write(path: Path, pages: Sequence[dict[str, object]]) -> str:
    """Add the pages to a configuration file, and say so. Raises ConfigError."""
    if pages:
        adding.write(path, [Added(_entry(page)) for page in pages])
    return f"{path}: {len(pages)} pages added"


def _entry(page: dict[str, object]) -> Entry:
    return str(page["slug"]) if list(page) == ["slug"] else page


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    if len(body) > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES // 1024**2} MiB", where=str(path))
    return body.decode("utf-8-sig", errors="replace")
