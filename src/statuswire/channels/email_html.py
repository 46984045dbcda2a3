"""The HTML of a mail: one column, one bar of colour, light or dark as its reader likes, and nothing from elsewhere.

Mail programs know little CSS: what matters stands in `style` attributes, and what only some know (the dark colours) in
a style element. Nothing is loaded, so opening a mail tells nobody.
"""

from __future__ import annotations

from html import escape
from typing import Final

from statuswire.channels import phrasing
from statuswire.channels.phrasing import Fact
from statuswire.model import Message

_STYLE: Final = """\
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  body { background: #15181d !important; color: #e6e8eb !important; }
  .words { border-color: #3a4048 !important; }
  .quiet { color: #9aa3b2 !important; }
  a { color: #86b0ff !important; }
}"""
_BODY: Final = (
    "margin:0;padding:16px;background:#ffffff;color:#1b1f24;"
    "font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
)
_WORDS: Final = "margin:0 0 16px;padding:0 0 0 12px;border-left:2px solid #d5d9df;white-space:pre-wrap"
_QUIET: Final = "margin:0 0 8px;font-size:13px;color:#5b6470"


def page(message: Message) -> str:
    """A whole document. Everything that is not ours is escaped."""
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(phrasing.headline(message))}</title>",
            f"<style>{_STYLE}</style></head>",
            f'<body style="{_BODY}">',
            f'<div style="max-width:640px;padding-left:16px;border-left:4px solid {phrasing.colour(message)}">',
            f'<h1 style="margin:0 0 12px;font-size:18px">{escape(phrasing.headline(message))}</h1>',
            *_words(phrasing.words(message)),
            *_facts(phrasing.facts(message)),
            *_link(phrasing.address(message)),
            "</div></body></html>\n",
        ]
    )


def _words(text: str) -> list[str]:
    return [f'<p class="words" style="{_WORDS}">{escape(text)}</p>'] if text else []


def _facts(found: tuple[Fact, ...]) -> list[str]:
    shown = " · ".join(f"{escape(fact.label)}: {escape(fact.value)}" for fact in found)
    return [f'<p class="quiet" style="{_QUIET}">{shown}</p>'] if shown else []


def _link(url: str) -> list[str]:
    return [f'<p style="{_QUIET}"><a href="{escape(url)}">{escape(url)}</a></p>'] if url else []
