"""`/badge/{page}.svg`: the state of a page, or of a component, as a flat badge for README files and wikis.

The state is told by word, shape and colour; what is unknown is hatched with a dashed edge. Widths are those of the
fonts that badges are set in (Verdana and DejaVu Sans, which agree), so nothing need be measured.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from urllib.parse import parse_qsl

from statuswire.channels import wording
from statuswire.core.selection import matches
from statuswire.engine.shown import PageShown, load_shown
from statuswire.model import Status
from statuswire.store import Tx
from statuswire.web import paths
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.out.giving import give
from statuswire.web.out.xmltext import for_xml
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal, RefusedRequest

CONTENT_TYPE = b"image/svg+xml; charset=utf-8"
LONGEST_LABEL = 60
NOT_FOUND = "Not found"

_HEADERS: Headers = (
    (b"content-security-policy", b"default-src 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_COLOURS: dict[Status, str] = {
    Status.OPERATIONAL: "#4B6B58",
    Status.DEGRADED: "#9E6300",
    Status.PARTIAL_OUTAGE: "#C2500A",
    Status.MAJOR_OUTAGE: "#B3261E",
    Status.MAINTENANCE: "#2F5FB3",
    Status.UNKNOWN: "#6B7280",
}
_QUERY = frozenset({"component", "label"})


async def badge(ask: Ask) -> Answer:
    """Not found is a badge too, with 404: where it stands in a page, a reader sees what is wrong."""
    asked = _asked(ask.query)
    slug = paths.text_of(ask.params["page"])
    found = await read_store(
        ask.parts, partial(_load, slug=slug, component=asked.get("component", ""), now=ask.parts.clock.now())
    )
    name, level = found or (slug, None)
    label = (asked.get("label") or name)[:LONGEST_LABEL]
    body = draw(label, wording.STATUS_WORDS[level] if level else NOT_FOUND, level or Status.UNKNOWN)
    return give(ask, body.encode("utf-8", "replace"), CONTENT_TYPE, headers=_HEADERS, status=200 if level else 404)


def _asked(query: bytes) -> dict[str, str]:
    """Raises RefusedRequest."""
    try:
        found = dict(parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=4))
    except ValueError as error:
        raise RefusedRequest(Refusal("bad_parameter", "The query string cannot be read.")) from error
    unknown = sorted(found.keys() - _QUERY)
    if unknown:
        known = tuple(sorted(_QUERY))
        raise RefusedRequest(Refusal("bad_parameter", f"There is no parameter {unknown[0][:40]!r}.", known=known))
    return found


def _load(tx: Tx, slug: str, component: str, now: datetime) -> tuple[str, Status] | None:
    """What the badge is called, and the state; None for what is not known."""
    shown = next(iter(load_shown(tx, slug, now)), None)
    if shown is None:
        return None
    return _of_component(shown, component) if component else (shown.page.name, shown.look.level)


def _of_component(shown: PageShown, pattern: str) -> tuple[str, Status] | None:
    """The worst of the components that the pattern means (names or `Group / Name`, with `*`)."""
    meant = [one for one in shown.components if matches(one.group, one.name, pattern, one.id)]
    level = wording.worst(shown.level_of(one) for one in meant)
    if level is None:
        return None
    return meant[0].name if len(meant) == 1 else f"{shown.page.name}: {pattern}", level


# --- drawing -----------------------------------------------------------------------------------------------------

_SIZE = 11
_HEIGHT = 20
_PAD = 6
_MARK = 12
_GAP = 4


def draw(label: str, word: str, level: Status) -> str:
    """The badge: the label on grey, then the shape and the word of the state on its colour."""
    label = for_xml(label)
    label_width, word_width = width_of(label), width_of(word)
    left = label_width + 2 * _PAD
    right = _MARK + _GAP + word_width + 2 * _PAD
    total = left + right
    spoken = escape(f"{label}: {word}")
    ground = f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{_COLOURS[level]}"/>'
    if level is Status.UNKNOWN:
        ground += (
            f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="url(#h)"/>'
            f'<rect x="{left + 1}" y="1" width="{right - 2}" height="{_HEIGHT - 2}" rx="2" fill="none" stroke="#fff" '
            'stroke-width="1" stroke-dasharray="3 2"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" role="img" aria-label="{spoken}">'
        f"<title>{spoken}</title>"
        f'<clipPath id="r"><rect width="{total}" height="{_HEIGHT}" rx="3"/></clipPath>'
        '<pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0v6" stroke="#4B5563" stroke-width="5"/></pattern>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="#3F4650"/>{ground}</g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="{_SIZE}">'
        f"{_words(label, _PAD, label_width)}{_words(word, left + _PAD + _MARK + _GAP, word_width)}</g>"
        f'<g color="#fff" transform="translate({left + _PAD} 4)">{_SHAPES[level]}</g></svg>'
    )


def _words(text: str, x: int, width: int) -> str:
    """Fitted into its room, whatever font there is."""
    return f'<text x="{x}" y="14" textLength="{width}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'


def width_of(text: str) -> int:
    """In pixels, at least one."""
    return max(round(sum(_ADVANCES.get(one, _usual(one)) for one in text) * _SIZE / 1000), 1)


def _usual(letter: str) -> int:
    """Letters of other scripts: those from U+1100 on are mostly as wide as they are high."""
    return 1000 if ord(letter) >= 0x1100 else 650


_ADVANCES = {
    letter: advance
    for advance, letters in {
        275: "'", 278: "ijl", 295: "IJ", 318: " ,.", 337: "/:;\\|", 352: "f", 361: "-", 390: "()[]", 392: "t", 401: "!",
        411: "r", 460: '"', 500: "*_`", 521: "s", 525: "z", 531: "?", 550: "c", 557: "L", 575: "F", 579: "k",
        592: "vxy", 603: "P", 611: "TY", 612: "ao", 615: "e", 632: "E", 634: "hnu", 635: "Sbdgpq", 636: "$0123456789{}",
        656: "K", 684: "AV", 685: "XZ", 686: "B", 695: "R", 698: "C", 732: "U", 748: "N", 752: "H", 770: "D", 775: "G",
        780: "&", 787: "OQ", 818: "w", 838: "#+<=>^~", 863: "M", 950: "%", 974: "m", 989: "W", 1000: "@",
    }.items()
    for letter in letters
}  # fmt: skip
"""Advance widths in thousandths of the size, read from DejaVu Sans 2.37."""

_LINE = 'fill="none" stroke="currentColor"'

_SHAPES: dict[Status, str] = {
    Status.OPERATIONAL: f'<circle cx="6" cy="6" r="3.4" {_LINE} stroke-width="1.6"/>',
    Status.DEGRADED: '<path d="M6 .8 11.6 11H.4z" fill="currentColor"/>',
    Status.PARTIAL_OUTAGE: (
        f'<path d="M1.8 1.8h8.4v8.4H1.8z" {_LINE} stroke-width="1.4"/>'
        '<path d="M1.2 1.2H6v9.6H1.2z" fill="currentColor"/>'
    ),
    Status.MAJOR_OUTAGE: '<path d="M1 1h10v10H1z" fill="currentColor"/>',
    Status.MAINTENANCE: (
        f'<circle cx="6" cy="6" r="5.2" {_LINE} stroke-width="1.2"/>'
        f'<path d="M3.7 8.3 6.4 5.6" {_LINE} stroke-width="1.5" stroke-linecap="round"/>'
        '<path d="M8.2 3.2 7 4.4l.6.6 1.2-1.2a1.75 1.75 0 1 1-.6-.6z" fill="currentColor"/>'
    ),
    Status.UNKNOWN: f'<circle cx="6" cy="6" r="4.8" {_LINE} stroke-width="1.3" stroke-dasharray="2.3 1.5"/>',
}
"""Told apart without colour, in a square of 12: the shapes of the dashboard."""
