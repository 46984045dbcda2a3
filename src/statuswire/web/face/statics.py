"""Style sheet, script and icon: files of ours, under addresses that change with their content.

So a browser may keep them for a year, and never has an old one after an upgrade.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from statuswire.web import problems
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.doors import NOT_FOUND

_TYPES = {
    "app.css": b"text/css; charset=utf-8",
    "pages.css": b"text/css; charset=utf-8",
    "app.js": b"text/javascript; charset=utf-8",
    "theme.js": b"text/javascript; charset=utf-8",
    "icon.svg": b"image/svg+xml",
    "widget.css": b"text/css; charset=utf-8",
}
_KEPT: Headers = ((b"cache-control", b"public, max-age=31536000, immutable"),)


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    digest: str
    content_type: bytes


@cache
def _file(name: str) -> File:
    body = resources.files("statuswire.web.face").joinpath("static", name).read_bytes()
    return File(body, hashlib.sha256(body).hexdigest()[:12], _TYPES[name])


def address(name: str) -> str:
    """Where a browser finds the file. Raises KeyError for one that is not ours."""
    return f"/static/{_file(name).digest}/{name}"


async def static(ask: Ask) -> Answer:
    """One file; an address of another version is answered with what there is now, but not kept."""
    name = ask.params["file"]
    if name not in _TYPES:
        return problems.answer(NOT_FOUND)
    found = _file(name)
    is_current = ask.params["digest"] == found.digest
    return Answer(200, found.body, found.content_type, _KEPT if is_current else ())
