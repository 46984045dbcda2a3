"""One document, decoded at most once, for all the platforms that are asked whether it is theirs."""

from __future__ import annotations

from functools import cached_property

import lxml.html

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms.feeds import FeedDocument, is_feed, read_feed
from statuswire.platforms.reading import as_mapping, decode, load_html, load_json

_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""Byte order marks, the zero bytes of UTF-16, and blanks."""

LARGEST_PAGE_BYTES = 2 * 1024 * 1024
"""Real pages have up to half of one MiB; a tree in memory takes up to fifty times the room of its markup."""


class Sight:
    """What can be seen of a document: each view is made when first asked for, and says nothing where it does not fit.

    Never raises.
    """

    def __init__(self, document: Document) -> None:
        self.document = document

    @property
    def is_markup(self) -> bool:
        """XML or HTML, by the first character."""
        return self.document.body[:512].lstrip(_BLANK).startswith(b"<")

    @cached_property
    def json(self) -> object:
        """The JSON value; None where it is none."""
        if self.is_markup:
            return None
        try:
            return load_json(self.document)
        except ParseError:
            return None

    @cached_property
    def fields(self) -> dict[str, object]:
        """The fields of the JSON object; empty where it is none."""
        return as_mapping(self.json)

    @cached_property
    def feed(self) -> FeedDocument | None:
        """The feed, of whatever format; None where it is none."""
        try:
            return read_feed(self.document) if is_feed(self.document) else None
        except ParseError:
            return None

    @cached_property
    def page(self) -> str:
        """The source of a web page; empty where it is none."""
        if not self._is_page:
            return ""
        try:
            return decode(self.document)
        except ParseError:
            return ""

    @cached_property
    def tree(self) -> lxml.html.HtmlElement | None:
        """The root of a web page; None where it is none, a block page, or larger than any real page."""
        if not self._is_page or len(self.document.body) > LARGEST_PAGE_BYTES:
            return None
        try:
            return load_html(self.document)
        except ParseError:
            return None

    @property
    def _is_page(self) -> bool:
        return self.is_markup and not is_feed(self.document)
