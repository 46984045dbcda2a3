"""A feed as Atom (RFC 4287, checked 2026-11), written by lxml."""

from __future__ import annotations

from lxml import etree

from statuswire.web.out.feed import Feed
from statuswire.web.out.story import Story
from statuswire.web.out.xmltext import for_xml
from statuswire.wire import timestamp

CONTENT_TYPE = b"application/atom+xml; charset=utf-8"

_ATOM = "http://www.w3.org/2005/Atom"


def write(feed: Feed) -> bytes:
    root = etree.fromstring(f'<feed xmlns="{_ATOM}"/>')
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", timestamp(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _add(root, "generator", "statuswire", version=feed.version)
    for story in feed.stories:
        _entry(_add(root, "entry"), story)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(entry: etree._Element, story: Story) -> None:
    _add(entry, "id", story.id)
    _add(entry, "title", story.title)
    _add(entry, "published", timestamp(story.published))
    _add(entry, "updated", timestamp(story.updated))
    author = _add(entry, "author")
    _add(author, "name", story.author)
    if story.author_url:
        _add(author, "uri", story.author_url)
    _add(entry, "link", rel="alternate", type="text/html", href=story.url)
    if story.via:
        _add(entry, "link", rel="via", type="text/html", href=story.via)
    for tag in story.tags:
        _add(entry, "category", term=tag)
    _add(entry, "content", story.html, type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    given = {key: for_xml(value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", given)
    if text:
        element.text = for_xml(text)
    return element
