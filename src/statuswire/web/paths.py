"""Where the dashboard shows what: paths for links, also in feeds, mail and the API."""

from __future__ import annotations

import base64
import binascii
import re

_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_CODED = "~"


def page_path(slug: str) -> str:
    return f"/pages/{segment(slug)}"


def incident_path(slug: str, id_: str) -> str:
    return f"{page_path(slug)}/incidents/{segment(id_)}"


def contract_path(name: str) -> str:
    return f"/reports/sla/{segment(name)}"


def segment(text: str) -> str:
    """Any text as one segment of a path: itself, or `~` and its base64.

    Ids of providers hold slashes and worse, and servers decode `%2F` before anybody has split the path.
    """
    if _PLAIN.fullmatch(text):
        return text
    return _CODED + base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def text_of(one: str) -> str:
    """The text of a segment; a segment that `segment` never made stands for itself."""
    if not one.startswith(_CODED):
        return one
    try:
        coded = one[1:] + "=" * (-len(one[1:]) % 4)
        return base64.b64decode(coded, altchars=b"-_", validate=True).decode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError):
        return one
