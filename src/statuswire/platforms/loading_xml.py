"""From bytes to an XML tree, by a parser that loads nothing, declares nothing and gives up early.

libxml2 2.14 (lxml 6.1) stops at 256 levels and at amplified entities; with `resolve_entities=False` it would return a
document with its entities unresolved, so one that declares any is refused as a whole; checked 2026-11.
"""

from __future__ import annotations

import html.entities
import re
from typing import Final

from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document
from statuswire.platforms.loading import (
    FORBIDDEN_CHARACTERS,
    FOREIGN,
    MARKUP_MARKS,
    SNIFF,
    checked_body,
    decode,
    web_page,
)


def _parser(*, recover: bool, encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


_STRICT: Final = _parser(recover=False, encoding=None)
_STRICT_UTF8: Final = _parser(recover=False, encoding="utf-8")

_REFERENCE: Final = re.compile(r"&#(?:0*(\d+)|[xX]0*([0-9a-fA-F]+));")
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_PROLOG_PARTS: Final = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
"""What may stand before the root: comments, processing instructions, and the DOCTYPE."""

_FIRST_TAG: Final = re.compile(r"<([A-Za-z_][\w.:-]{0,100})")
_CDATA: Final = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_AMPERSAND: Final = re.compile(
    r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)?"
)
_LIMITS: Final = ((r"Excessive depth", ParseReason.TOO_DEEP), (r"amplification", ParseReason.FORBIDDEN_XML))


def load_xml(document: Document) -> etree._Element:
    """The root of an XML document; comments and processing instructions are gone.

    A document that is not well-formed is repaired as far as no content gets lost by it (encoding, control characters,
    HTML entities), and read as far as possible only if it is complete to its last tag: a feed cut off in the middle
    must not become a shorter feed. Raises ParseError: EMPTY, TOO_LARGE, TOO_DEEP, FORBIDDEN_XML (a DOCTYPE that
    declares anything), HTML, CHALLENGE, INACTIVE, ERROR_BODY or NOT_XML.
    """
    body = checked_body(document, MARKUP_MARKS)
    try:
        root = etree.fromstring(body.lstrip(b" \t\r\n"), _STRICT)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        root = _repaired_xml(document, error)
    else:
        if root.getroottree().docinfo.internalDTD is not None:
            _refuse_declarations(decode(document))
    return _checked_root(document, root)


def _repaired_xml(document: Document, error: Exception) -> etree._Element:
    _refuse_limits(error)
    markup = decode(document)
    instead = web_page(markup[:SNIFF])
    if instead:
        raise instead from error
    if not markup.lstrip().startswith("<"):
        raise ParseError(ParseReason.NOT_XML, _not_xml(document, error)) from error
    _refuse_declarations(markup)
    declaration = _DECLARATION.match(markup)
    markup = FORBIDDEN_CHARACTERS.sub("", markup[declaration.end() :] if declaration else markup).strip()
    if "&#" in markup:
        markup = _REFERENCE.sub(_allowed_reference, markup)
    try:
        return etree.fromstring(markup.encode("utf-8"), _STRICT_UTF8)
    except (etree.XMLSyntaxError, ValueError) as again:
        _refuse_limits(again)
        return _recovered(_complete(markup, again), again)


def _allowed_reference(found: re.Match[str]) -> str:
    """The reference, or nothing where it names a character that XML forbids (libxml2 would let surrogates through)."""
    decimal, hexadecimal = found.groups()
    digits = decimal or hexadecimal
    point = int(digits, 10 if decimal else 16) if len(digits) <= 7 else 0x110000
    is_allowed = point < 0x110000 and (point >= 32 or point in (9, 10, 13)) and not _is_forbidden(chr(point))
    return f"&#{point};" if is_allowed else ""


def _is_forbidden(character: str) -> bool:
    return FORBIDDEN_CHARACTERS.match(character) is not None


def _not_xml(document: Document, error: Exception) -> str:
    for magic, name in FOREIGN:
        if document.body.startswith(magic):
            return f"not XML but {name}"
    return f"not XML: {str(error)[:200]}"


def _refuse_limits(error: Exception) -> None:
    for words, reason in _LIMITS:
        if words in str(error):
            raise ParseError(reason, str(error)[:200]) from error


def _refuse_declarations(markup: str) -> None:
    """Refuse an internal subset: entities, but also what else could be declared in it; a bare DOCTYPE is harmless."""
    place = markup.find("<")
    while place >= 0 and markup.startswith(("<!", "<?"), place):
        opening, closing = next(pair for pair in _PROLOG_PARTS if markup.startswith(pair[0], place))
        end = markup.find(closing, place + len(opening))
        if closing == ">" and "[" in markup[place : end if end >= 0 else len(markup)]:
            raise ParseError(ParseReason.FORBIDDEN_XML, "the document declares entities or a DTD of its own")
        place = markup.find("<", end + len(closing)) if end >= 0 else -1


def _complete(markup: str, error: Exception) -> str:
    """The document up to the end tag of its root; ParseError where that is missing."""
    first = _FIRST_TAG.search(markup)
    end = markup.rfind(f"</{first[1]}") if first else -1
    close = markup.find(">", end)
    if end < 0 or close < 0:
        raise ParseError(ParseReason.NOT_XML, f"the document is cut off: {str(error)[:160]}") from error
    return markup[: close + 1]


def _recovered(markup: str, error: Exception) -> etree._Element:
    """The tree of a document that is complete but not well-formed; what libxml2 would leave out is refused."""
    parser = _parser(recover=True, encoding="utf-8")
    try:
        root = etree.fromstring(_with_entities(markup).encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as again:
        raise ParseError(ParseReason.NOT_XML, f"not XML: {str(again)[:200]}") from again
    for entry in parser.error_log:
        _refuse_limits(ValueError(entry.message))
    if root is None or not _is_readable(root):
        raise ParseError(ParseReason.NOT_XML, f"not XML: {str(error)[:200]}") from error
    return root


def _is_readable(root: etree._Element) -> bool:
    """Whether every text of a recovered tree can be read: libxml2 may have kept bytes that are no UTF-8."""
    try:
        etree.tostring(root, encoding="unicode")
    except (UnicodeDecodeError, etree.LxmlError):
        return False
    return True


def _with_entities(markup: str) -> str:
    """HTML's named entities and lonely ampersands put right, outside of CDATA sections."""
    last = markup.rfind("]]>") + 3  # a section that never ends would make the search start anew at every opening
    pieces = _CDATA.split(markup[:last] if last > 2 else "")
    pieces[::2] = [_AMPERSAND.sub(_named_entity, piece) for piece in pieces[::2]]
    return "".join(pieces) + _AMPERSAND.sub(_named_entity, markup[last:] if last > 2 else markup)


def _named_entity(found: re.Match[str]) -> str:
    """What HTML means by `&nbsp;`; an ampersand that means nothing becomes a literal one."""
    name = found[1]
    meant = html.entities.html5.get(name) if name else None
    return meant if meant else f"&amp;{name or ''}"


def _checked_root(document: Document, root: etree._Element) -> etree._Element:
    tag = root.tag if isinstance(root.tag, str) else ""
    name = tag.rpartition("}")[2].lower()
    if name == "html":
        raise web_page(decode(document)[:SNIFF]) or ParseError(ParseReason.HTML, "a web page")
    if name == "error":
        shown = " ".join(" ".join(str(piece) for piece in root.itertext()).split())[:200]
        raise ParseError(ParseReason.ERROR_BODY, f"an error instead of the document: {shown}")
    return root
