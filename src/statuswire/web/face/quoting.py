"""The provider's words as HTML that does nothing: the only text in the dashboard that is not escaped by the templates.

Markup is passed through nh3 with a short list of what may stay. Its work grows with the square of the nesting (244 KiB
of nested `<div>` take ten seconds), so what is long or deep is shown as plain text instead.
"""

from __future__ import annotations

import re
from html import escape

import nh3
from markupsafe import Markup

MAX_CHARS = 32 * 1024
MAX_DEPTH = 40
_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "code", "em", "i", "li", "ol", "p", "pre", "small", "strong", "u", "ul"}
)
_SCHEMES = frozenset({"http", "https", "mailto"})
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_BARE = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]]")
_NEVER_DEEP = frozenset({"br", "hr", "img", "input", "li", "link", "meta", "p", "wbr"})
"""Tags that hold nothing, or that end by themselves where the next of their kind begins."""
_REL = "noopener noreferrer nofollow"


def quoted(text: str, raw: str = "") -> Markup:
    """`raw`, the provider's own markup, cleaned; else `text` as it is, its lines kept and its web addresses linked."""
    if raw and len(raw) <= MAX_CHARS and _TAG.search(raw) and depth(raw) <= MAX_DEPTH:
        cleaned = nh3.clean(raw, tags=set(_TAGS), attributes={"a": {"href"}}, url_schemes=set(_SCHEMES), link_rel=_REL)
        if cleaned.strip():
            return Markup(cleaned)  # noqa: S704  (cleaned by nh3)
    return Markup("<p>{}</p>").format(_lines(text))


def _lines(text: str) -> Markup:
    """Escaped text with line breaks and links."""
    shown, end = [], 0
    for found in _BARE.finditer(text):
        address = escape(found[0])
        shown += [escape(text[end : found.start()]), f'<a href="{address}" rel="{_REL}">{address}</a>']
        end = found.end()
    shown.append(escape(text[end:]))
    return Markup("".join(shown).replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S704  (escaped above)


def depth(markup: str) -> int:
    """How deep tags may be nested, at most; in one pass. An end tag closes one level whatever it names."""
    now = deepest = 0
    for end, name in _TAG.findall(markup):
        if name.lower() in _NEVER_DEEP:
            continue
        now = max(now - 1, 0) if end else now + 1
        deepest = max(deepest, now)
    return deepest
