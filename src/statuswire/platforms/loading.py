"""From bytes to text, to a JSON value or to an HTML tree, however the bytes are encoded or damaged.

Everything here returns a value or raises ParseError, whatever it is given. What stands where a document was expected
is told apart (nothing, a web page, a challenge, an error object, an inactive page), because each asks for something
else of the operator and none of them means that all is well.

msgspec 0.22 refuses NaN, Infinity, numbers out of range and lone surrogates, and raises RecursionError where the
nesting is too deep; checked 2026-11.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import lxml.html
import msgspec
from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document

MAX_BODY_BYTES: Final = 8 * 1024 * 1024
"""Bodies above this are refused before anything looks at them."""

SNIFF: Final = 16_384
"""How much of a body is looked at to tell what it is."""

FORBIDDEN_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (section 2.2) does not allow, and what no encoding can write."""

# --- size and encoding -------------------------------------------------------------------------------------------

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16-LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSETS: Final = re.compile(
    r"ascii|utf-8|utf-(?:16|32)(?:-[lb]e)?|iso8859-\d{1,2}|cp125\d|koi8-[ru]|mac-roman|shift_jis|cp932|euc_jp|iso2022_jp|"
    r"euc_kr|cp949|gb2312|gbk|gb18030|big5|tis-620"
)
"""Python's own names of the encodings a document may ask for; others (`idna`, `zlib`) are slow or not text."""

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META: Final = re.compile(rb"""<meta[^>]{0,200}?\bcharset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)


_CROWD: Final = {b"<": 410_000, b"=": 250_000, b"{": 300_000, b"[": 300_000, b",": 1_000_000, b":": 600_000}
"""A tree costs about a hundred times what its shortest nodes take as bytes, so their number is limited too."""
MARKUP_MARKS: Final = (b"<", b"=")
JSON_MARKS: Final = (b"{", b"[", b",", b":")
_CROWDABLE: Final = 512 * 1024


def checked_body(document: Document, marks: tuple[bytes, ...] = ()) -> bytes:
    """The body, after refusing one that is empty, too large, or has too many of the marks that begin a node."""
    body = document.body
    if len(body) > _CROWDABLE:
        _refuse_crowd(body, marks)
    if len(body) > MAX_BODY_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"the body has {len(body)} bytes, the limit is {MAX_BODY_BYTES}")
    if not body or (body[:1] in b" \t\r\n\x00\xef\xff\xfe" and not body.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe")):
        raise ParseError(ParseReason.EMPTY, "the body is empty")
    return body


def _refuse_crowd(body: bytes, marks: tuple[bytes, ...]) -> None:
    for mark in marks:
        count = body.count(mark) if len(body) > _CROWD[mark] else 0
        if count > _CROWD[mark]:
            raise ParseError(
                ParseReason.TOO_LARGE, f"{count} times {mark.decode()!r} in one body, limit {_CROWD[mark]}"
            )


def _known(charset: str | None) -> str | None:
    """Python's name of a declared encoding, None where it is unknown or not allowed."""
    if not charset:
        return None
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    return name if _CHARSETS.fullmatch(name) else None


def _marked(body: bytes) -> tuple[str | None, int]:
    """The encoding that a byte order mark, or the place of the NUL bytes (RFC 4627 section 3), shows."""
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return name, len(mark)
    zeros = bytes(byte == 0 for byte in body[:4])
    guessed = {
        b"\x00\x01\x00\x01": "utf-16-le",
        b"\x01\x00\x01\x00": "utf-16-be",
        b"\x00\x01\x01\x01": "utf-32-le",
        b"\x01\x01\x01\x00": "utf-32-be",
    }
    return guessed.get(zeros), 0


def decode(document: Document) -> str:
    """The body of a feed or a web page as text; what cannot be decoded becomes U+FFFD.

    A byte order mark decides, then the XML declaration, the charset of the header, that of a `<meta>`, then UTF-8.
    Raises ParseError (EMPTY, TOO_LARGE).
    """
    body = checked_body(document)
    marked, length = _marked(body)
    if marked:
        return body[length:].decode(marked, "replace")
    return body.decode(_declared(document, body[:2048]) or "utf-8", "replace")


def _declared(document: Document, head: bytes) -> str | None:
    xml, meta = _DECLARED.match(head), _META.search(head)
    for name in (xml and xml[1].decode("ascii", "replace"), document.charset, meta and meta[1].decode("ascii")):
        known = _known(name)
        if known and not known.startswith(("utf-16", "utf-32")):  # those show by their NUL bytes, else it is a lie
            return known
    return None


# --- JSON --------------------------------------------------------------------------------------------------------

_SURROGATES: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\[^u]"
)
_JSONP: Final = re.compile(r"\s*(?:/\*\*/\s*)?[A-Za-z_$][\w$.]{0,100}\s*\(\s*[{\[]")
FOREIGN: Final = (
    (b"\x1f\x8b", "gzip-compressed bytes that no Content-Encoding header announced"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed bytes that no Content-Encoding header announced"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
)
_ERROR_KEYS: Final = re.compile(
    r"errors?|messages?|code|status|status_?code|details?|title|type|instance|timestamp|path|success|ok|request_?id|"
    r"trace_?id|documentation_url",
    re.IGNORECASE,
)


def load_json(document: Document) -> object:
    """The JSON value of a body in UTF-8, 16 or 32.

    Raises ParseError: EMPTY, TOO_LARGE, TOO_DEEP, HTML, CHALLENGE, INACTIVE, ERROR_BODY (an object that holds nothing
    but an error) or NOT_JSON with what it is instead.
    """
    body = checked_body(document, JSON_MARKS)
    value = _decoded(document, _as_utf8(document, body))
    if isinstance(value, dict):
        _refuse_error_object(document, value)
    return value


def _as_utf8(document: Document, body: bytes) -> bytes:
    marked, length = _marked(body)
    if marked is None or marked == "utf-8":
        return body[length:] if length else body
    try:
        return body[length:].decode(marked).encode("utf-8")
    except UnicodeError as error:
        raise ParseError(ParseReason.NOT_JSON, f"not valid {marked.upper()}") from error


def _decoded(document: Document, body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise ParseError(ParseReason.TOO_DEEP, "JSON nested too deep") from error
    except (msgspec.MsgspecError, ValueError) as error:
        repaired = _repaired_json(document, body)
        if repaired is None:
            raise _not_json(document, error) from error
    try:
        return msgspec.json.decode(repaired)
    except RecursionError as error:
        raise ParseError(ParseReason.TOO_DEEP, "JSON nested too deep") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise _not_json(document, error) from error


_MOST_SURROGATES: Final = 100_000
"""More of them are no text that was cut inside an emoji."""


def _repaired_json(document: Document, body: bytes) -> bytes | None:
    """The body with what is known to go wrong put right: a declared 8-bit charset, a text cut inside an emoji."""
    charset = _known(document.charset)
    if charset and not charset.startswith("utf") and not _is_utf8(body):
        body = body.decode(charset, "replace").encode("utf-8")
    is_repairable = 0 < body.count(rb"\ud") + body.count(rb"\uD") <= _MOST_SURROGATES
    repaired = _SURROGATES.sub(_without_lone_surrogate, body) if is_repairable else body
    return None if repaired is document.body or repaired == document.body else repaired


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_lone_surrogate(found: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if len(found[0]) == 6 else found[0]


def _not_json(document: Document, error: Exception) -> ParseError:
    for magic, name in FOREIGN:
        if document.body.startswith(magic):
            return ParseError(ParseReason.NOT_JSON, f"not JSON but {name}")
    head = decode(document)[:SNIFF]
    instead = web_page(head)
    if instead:
        return instead
    if head.lstrip().startswith("<"):
        return ParseError(ParseReason.NOT_JSON, "not JSON but XML")
    if _JSONP.match(head):
        return ParseError(ParseReason.NOT_JSON, "not JSON but JSONP: a call with the JSON inside")
    return ParseError(ParseReason.NOT_JSON, f"not JSON: {str(error)[:200]}")


def _refuse_error_object(document: Document, value: dict[object, object]) -> None:
    is_problem = document.content_type == "application/problem+json"
    has_error = bool(value.get("error") or value.get("errors"))
    if not is_problem and not (has_error and all(_ERROR_KEYS.fullmatch(str(key)) for key in value)):
        return
    words = [entry for entry in value.values() if isinstance(entry, str)]
    shown = "; ".join(words)[:200] or "an error object"
    reason = ParseReason.INACTIVE if _INACTIVE in shown.lower() else ParseReason.ERROR_BODY
    raise ParseError(reason, f"an error instead of the document: {shown}")


# --- web pages in the place of a document ------------------------------------------------------------------------

_INACTIVE: Final = "your page is inactive"
# Atomic, because comments could be told apart in too many ways once what follows them does not match.
_WEB_PAGE: Final = re.compile(
    r"(?>\s+|<!--.{0,4000}?-->|<\?xml[^>]{0,200}>)*+"
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|div|center|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_CHALLENGE_TITLES: Final = (
    "just a moment",
    "attention required",
    "access denied",
    "cloudflare access",
    "are you a human",
    "are you a robot",
    "robot check",
    "pardon our interruption",
    "ddos-guard",
    "one moment, please",
)
_CHALLENGE_MARKS: Final = (
    "_cf_chl_opt",
    'id="captcha-bypass"',
    "/_incapsula_resource",
    "px-captcha",
    "captcha-delivery.com",
)
_CHALLENGE_SENTENCES: Final = (
    "invalid request blocked",
    "request blocked",
    "enable javascript and cookies to continue",
)
_SENTENCE_LENGTH: Final = 4_096


def web_page(head: str) -> ParseError | None:
    """What to raise where the beginning of a body shows a web page, a challenge or an inactive page; else None."""
    folded = head[:SNIFF].lower()
    if _INACTIVE in folded:
        return ParseError(ParseReason.INACTIVE, "the provider says that the page is inactive")
    title = _TITLE.search(folded)
    shown = " ".join(title[1].split()) if title else ""
    if _is_challenge(folded, shown):
        return ParseError(ParseReason.CHALLENGE, f"a challenge or block page: {shown or folded.strip()[:80]}")
    if _WEB_PAGE.match(folded):
        return ParseError(ParseReason.HTML, f"a web page: {shown or 'without a title'}")
    return None


def _is_challenge(folded: str, title: str) -> bool:
    if any(words in title for words in _CHALLENGE_TITLES) or any(mark in folded for mark in _CHALLENGE_MARKS):
        return True
    is_short = len(folded) < _SENTENCE_LENGTH and not folded.lstrip().startswith(("{", "[", "<?xml", "<rss", "<feed"))
    return is_short and any(sentence in folded for sentence in _CHALLENGE_SENTENCES)


# --- HTML --------------------------------------------------------------------------------------------------------


def load_html(document: Document) -> lxml.html.HtmlElement:
    """The root of a web page.

    Raises ParseError: EMPTY, TOO_LARGE, CHALLENGE, INACTIVE, or SHAPE where there is no markup at all.
    """
    checked_body(document, MARKUP_MARKS)
    markup = decode(document)
    instead = web_page(markup[:SNIFF])
    if instead and instead.reason is not ParseReason.HTML:
        raise instead
    if "<" not in markup[:SNIFF] or any(document.body.startswith(magic) for magic, _ in FOREIGN):
        raise ParseError(ParseReason.SHAPE, "not a web page")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_pis=True)
    body = FORBIDDEN_CHARACTERS.sub("", markup).encode("utf-8", "replace")
    try:
        root = lxml.html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ParseError(ParseReason.SHAPE, f"not a web page: {str(error)[:200]}") from error
    return root
