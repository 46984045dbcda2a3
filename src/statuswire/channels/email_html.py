"""The HTML of a mail: one column, one bar of colour, light or dark as its reader likes, and nothing from elsewhere.

Mail programs know little CSS: what matters stands in `style` attributes, and what only some know (the dark colours) in
a style element. The bar is the edge of a table's only cell, and lines end with `<br>`, because Outlook on Windows knows
neither borders of blocks nor `pre-wrap` (caniemail.com, checked 2026-11). Nothing is loaded, so opening a mail tells
nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from statuswire.channels import phrasing, wording
from statuswire.channels.phrasing import Fact
from statuswire.model import Event, Message, Status

DARK: Final[dict[Status, str]] = {
    Status.OPERATIONAL: "#7FA893",
    Status.DEGRADED: "#F0B23E",
    Status.PARTIAL_OUTAGE: "#FF9B57",
    Status.MAJOR_OUTAGE: "#FF6B61",
    Status.MAINTENANCE: "#86B0FF",
    Status.UNKNOWN: "#9AA3B2",
}
"""The colours of levels on a dark ground; those on a light one are `phrasing.COLOURS`."""

GROUND: Final = "#ffffff"
DARK_GROUND: Final = "#15181d"

_STATES: Final = "\n".join(f"  .{level} {{ color: {colour} !important; }}" for level, colour in DARK.items())
_STYLE: Final = f"""\
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
@media (prefers-color-scheme: dark) {{
  .ground {{ background: {DARK_GROUND} !important; color: #e6e8eb !important; }}
  .words {{ border-color: #3a4048 !important; }}
  .quiet {{ color: #9aa3b2 !important; }}
  a {{ color: #86b0ff !important; }}
{_STATES}
"""
_FONT: Final = "font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_BODY: Final = f"margin:0;padding:16px;background:{GROUND};color:#1b1f24;{_FONT}"
_TABLE: Final = "width:100%;max-width:640px;table-layout:fixed;border-collapse:collapse"
_CELL: Final = f"padding:0 0 0 16px;{_FONT};overflow-wrap:break-word;word-break:break-word"
_WORDS: Final = (
    "margin:0 0 16px;padding:0 0 0 12px;border-left:2px solid #d5d9df;white-space:pre-wrap;"
    "unicode-bidi:plaintext;text-align:start"
)
_ROW: Final = "margin:0 0 8px"
_QUIET: Final = "margin:0 0 8px;font-size:13px;color:#5b6470"
_FACT: Final = "display:inline-block"
_LINK: Final = "color:#2F5FB3"


def page(message: Message) -> str:
    """A whole document. Everything that is not ours is escaped."""
    level = phrasing.level(message)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="supported-color-schemes" content="light dark">',
            f"<title>{escape(phrasing.headline(message))}</title>",
            f"<style>{_STYLE}  .bar {{ border-color: {DARK[level]} !important; }}\n}}</style></head>",
            f'<body class="ground" style="{_BODY}">',
            f'<table role="presentation" style="{_TABLE}"><tr>',
            f'<td class="bar" style="border-left:4px solid {phrasing.COLOURS[level]};{_CELL}">',
            f'<h1 style="margin:0 0 12px;font-size:18px;line-height:1.35">{_headline(message, level)}</h1>',
            *(_rows(message.events) if phrasing.is_list(message) else _words(phrasing.words(message))),
            *_facts(phrasing.facts(message)),
            *_link("" if phrasing.is_list(message) else phrasing.address(message)),
            "</td></tr></table></body></html>\n",
        ]
    )


def _headline(message: Message, level: Status) -> str:
    """The state has its colour; a line of the operator's own making has none."""
    line = phrasing.headline(message)
    return escape(line) if message.wording is not None else _coloured(line, level)


def _coloured(line: str, level: Status) -> str:
    """A line of ours, its first words in the colour of the level."""
    state, between, rest = line.partition(" - ")
    if not between:
        return escape(line)
    return f'<span class="{level}" style="color:{phrasing.COLOURS[level]}">{escape(state)}</span> - {escape(rest)}'


def _rows(events: Sequence[Event]) -> list[str]:
    """Several events, a paragraph each, which leads to where it is told; then how many more there are."""
    shown = [*reversed(events)][: phrasing.LISTED]
    lines = phrasing.lines(events)
    rows = [_row(event, line) for event, line in zip(shown, lines, strict=False)]
    return rows + [f'<p class="quiet" style="{_QUIET}">{escape(line)}</p>' for line in lines[len(shown) :]]


def _row(event: Event, line: str) -> str:
    text = _coloured(line, wording.level(event) or Status.UNKNOWN)
    url = escape(phrasing.address_of(event))
    more = f'<br><a href="{url}" style="font-size:13px;{_LINK}">{url}</a>' if url else ""
    return f'<p style="{_ROW}">{text}{more}</p>'


def _words(text: str) -> list[str]:
    """In lines that each run in their own direction."""
    lines = "<br>".join(escape(line) for line in text.split("\n"))
    return [f'<p class="words" dir="auto" style="{_WORDS}">{lines}</p>'] if text else []


def _facts(found: tuple[Fact, ...]) -> list[str]:
    """A line breaks between facts, not within one."""
    shown = " · ".join(f'<span style="{_FACT}">{escape(fact.label)}: {escape(fact.value)}</span>' for fact in found)
    return [f'<p class="quiet" style="{_QUIET}">{shown}</p>'] if shown else []


def _link(url: str) -> list[str]:
    link = f'<a href="{escape(url)}" style="{_LINK}">{escape(url)}</a>'
    return [f'<p style="{_QUIET}">{link}</p>'] if url else []
