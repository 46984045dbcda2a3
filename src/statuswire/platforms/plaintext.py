"""HTML to plain text, in linear time, without ever raising; and control characters out of any text.

Update bodies are short and their markup is plain, so most never meet an HTML parser: two substitutions do. What the
substitutions cannot be sure of (comments, scripts, quoted angle brackets) goes through libxml2's HTML parser.
"""

from __future__ import annotations

import html
import re
from typing import Final

import lxml.html
from lxml import etree

LONGEST_MARKUP: Final = 1024 * 1024
"""More than this of one field is not read."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

_BLOCKS: Final = (
    "br|p|div|li|ul|ol|dl|dt|dd|tr|table|thead|tbody|h[1-6]|hr|pre|blockquote|section|article|header|footer|address|figure|"
    "figcaption|details|summary"
)
# No pattern here can run past the next "<", so that each character is looked at a bounded number of times.
_ATTRIBUTES: Final = r"""[^<>"']*(?:"[^"<>]*"[^<>"']*|'[^'<>]*'[^<>"']*)*"""
_LINE_END: Final = re.compile(rf"</?(?:{_BLOCKS})(?:[\s/]{_ATTRIBUTES})?>", re.IGNORECASE)
_CELL: Final = re.compile(rf"<t[dh](?:[\s/]{_ATTRIBUTES})?>", re.IGNORECASE)
_TAG: Final = re.compile(rf"</?[A-Za-z]{_ATTRIBUTES}>")
_DOUBTFUL: Final = re.compile(r"<(?:!|\?|/?[A-Za-z])")
_HIDDEN: Final = re.compile(r"<(?:script|style|template|noscript|svg|math|head)\b", re.IGNORECASE)
_LOOKS_MARKED: Final = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]*)?/?>|&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});"
)
_LONG_REFERENCE: Final = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")


def clean(text: str) -> str:
    """The text without control characters (line ends become `\\n`, tabs stay) and without lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable() or text.replace("\n", "").isprintable():  # many times quicker than the search
        return text
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """The text on one line, without characters that turn the writing direction; for titles and names."""
    folded = " ".join(clean(text).split())
    return folded if folded.isascii() else _DIRECTIONS.sub("", folded)


def unescape(text: str) -> str:
    """HTML character references decoded once; numbers beyond Unicode become U+FFFD."""
    if "&#" in text:
        text = _LONG_REFERENCE.sub("\ufffd", text)
    return html.unescape(text)


def html_text(markup: str) -> str:
    """The words of a piece of HTML: `br`, `p`, `li`, `div` and their like end a line, a cell of a table begins with a
    blank, tags, scripts and styles go, character references are decoded, white space is folded, empty lines dropped.

    Line ends of the source count only where nothing in the markup ends a line: then it was plain text.
    """
    markup = markup[:LONGEST_MARKUP]
    if "<" in markup:
        markup = _without_tags(markup)
    if "&" in markup:
        markup = unescape(markup)
    return _folded(clean(markup))


def _without_tags(markup: str) -> str:
    if "<!" in markup or _HIDDEN.search(markup):
        return _parsed_text(markup)
    lines, count = _LINE_END.subn("\x00", markup)
    if count:
        lines = lines.replace("\n", " ").replace("\r", " ").replace("\x00", "\n")
    if "<" not in lines:
        return lines
    if "<t" in lines or "<T" in lines:
        lines = _CELL.sub(" ", lines)
    words = _TAG.sub("", lines)
    return _parsed_text(markup) if "<" in words and _DOUBTFUL.search(words) else words


def _folded(text: str) -> str:
    if "\n" not in text:
        return _folded_line(text)
    return "\n".join(filter(None, map(_folded_line, text.split("\n"))))


def _folded_line(line: str) -> str:
    """White space folded; a printable text has none but blanks."""
    return line.strip() if "  " not in line and line.isprintable() else " ".join(line.split())


# --- the careful way ---------------------------------------------------------------------------------------------

_BLOCK_TAGS: Final = frozenset(_BLOCKS.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|"))
_CELL_TAGS: Final = frozenset(("td", "th"))
_SILENT_TAGS: Final = frozenset(("script", "style", "template", "noscript", "svg", "math", "head", "title"))


def _parsed_text(markup: str) -> str:
    """As `_without_tags`, by a real parser. Ampersands are escaped first: the caller decodes references, once."""
    body = clean(markup).replace("&", "&amp;").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.fragment_fromstring(body, create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, TypeError):
        return re.sub(r"<[^<>]*>", " ", markup)
    return "".join(_walk(root))


def _walk(root: etree._Element) -> list[str]:
    words: list[str] = []
    silent: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if silent is not None:
            silent = None if event == "end" and element is silent else silent
            if silent is not None:
                continue
        elif event == "start" and tag in _SILENT_TAGS:
            silent = element
            continue
        if tag in _BLOCK_TAGS:
            words.append("\n")
        elif tag in _CELL_TAGS and event == "start":
            words.append(" ")
        fragment = element.text if event == "start" else element.tail
        if fragment:
            words.append(" ".join(f"|{fragment}|".split())[1:-1])
    return words


# --- text of which nobody says what it is ------------------------------------------------------------------------


def has_markup(text: str) -> bool:
    """Whether a text holds a tag or a character reference, so that it was meant as HTML."""
    return ("<" in text or "&" in text) and _LOOKS_MARKED.search(text) is not None


def plain(body: str) -> tuple[str, str]:
    """A text that may or may not be HTML, as (plain text, raw); `raw` is empty where it would be the same.

    Texts without a tag or a character reference keep their lines: nobody meant them to be folded.
    """
    if not has_markup(body):
        return clean(body).strip(), ""
    text = html_text(body)
    return text, "" if text == body else clean(body[:LONGEST_MARKUP])
