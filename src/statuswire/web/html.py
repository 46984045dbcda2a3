"""HTML answers, with the headers that keep a page from doing what we did not write."""

from __future__ import annotations

from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""No script and no style but from files of ours, and no request to anybody else."""

_TYPE = b"text/html; charset=utf-8"
_OPENER = (b"cross-origin-opener-policy", b"same-origin")


def html(ask: Ask, status: int, text: str, headers: Headers = (), *, csp: str = CSP) -> Answer:
    """A page. What is in `headers` stands beside ours; `csp` is for pages that others may embed.

    Forms of a page without any referrer are sent with `Origin: null` (Fetch, "append a request Origin header", checked
    2026-11), which the guard cannot tell from somebody else's; with `same-origin` nobody else learns more. Browsers
    heed the opener policy with https and on loopback only, and complain of it elsewhere.
    """
    is_alone = "frame-ancestors 'none'" in csp
    ours: list[tuple[bytes, bytes]] = [
        (b"content-security-policy", csp.encode()),
        (b"cross-origin-resource-policy", b"same-origin" if is_alone else b"cross-origin"),
        (b"referrer-policy", b"same-origin"),
    ]
    if is_alone:
        ours.append((b"x-frame-options", b"DENY"))
    if ask.peer.is_https or ask.parts.settings.is_loopback:
        ours.append(_OPENER)
    return Answer(status, text.encode("utf-8", "replace"), _TYPE, (*ours, *headers))


def see_other(place: str, headers: Headers = ()) -> Answer:
    """303: go on there by GET. `place` is a path of ours, or an address that was checked."""
    return Answer(303, b"", _TYPE, ((b"location", place.encode("ascii", "replace")), *headers))
