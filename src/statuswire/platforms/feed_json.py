"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1, checked 2026-11)."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem
from statuswire.platforms.feed_parts import (
    MARKUP_LIMIT,
    Entry,
    FeedDocument,
    absolute,
    derived_id,
    newest,
    real_html,
)
from statuswire.platforms.parts import Part, load_parts
from statuswire.platforms.reading import as_mapping, flag, ident, item_parts, moment, require_mapping, text, title
from statuswire.platforms.remembering import remembered


def read_json_feed(document: Document) -> FeedDocument:
    root = require_mapping(load_parts(document), "feed")
    version = text(root.get("version"))
    if "//jsonfeed.org/version/" not in version:
        raise ParseError(ParseReason.SHAPE, f"JSON, but no JSON Feed: its keys are {', '.join(list(root)[:8])[:200]}")
    problems: list[Problem] = []
    if flag(root.get("expired")):
        problems.append(Problem("feed.expired", "the feed says that it will not be updated any more"))
    link = absolute(text(root.get("home_page_url")), document.url)
    listed = newest(list(item_parts(root.get("items"), "items", problems)), lambda item: _age(item[1]), problems)
    entries = tuple(_json_entries(listed, link or document.url, problems, document.time_zone))
    return FeedDocument(
        format="jsonfeed",
        title=title(root.get("title")),
        link=link,
        self_link=absolute(text(root.get("feed_url")), document.url),
        description=text(root.get("description")),
        entries=entries,
        problems=tuple(problems),
    )


def _age(item: Part | dict[str, object]) -> datetime | None:
    fields = as_mapping(item)
    return moment(fields.get("date_modified")) or moment(fields.get("date_published"))


def _json_entries(
    listed: Sequence[tuple[int, Part | dict[str, object]]], base: str, problems: list[Problem], zone: str | None
) -> Iterator[Entry]:
    for place, item in listed:
        entry = _json_entry(item, f"items[{place}]", problems, base, zone)
        if entry.id:
            yield entry
        else:
            problems.append(Problem(f"items[{place}]", "neither id, link, title nor content"))


@remembered
def _json_entry(item: dict[str, object], where: str, problems: list[Problem], base: str, zone: str | None) -> Entry:
    link = absolute(text(item.get("url")), base) or absolute(text(item.get("external_url")), base)
    name = title(item.get("title"))
    content = real_html(text(item.get("content_html"), MARKUP_LIMIT))
    words = text(item.get("content_text")) or text(item.get("summary"))
    markup = content or html.escape(words, quote=False)
    published = _json_moment(item, "date_published", where, problems, zone)
    tags = item.get("tags")
    own_id = ident(item.get("id"))
    return Entry(
        id=own_id or link or derived_id(name, published, markup),
        link=link,
        title=name,
        html=markup,
        published=published,
        updated=_json_moment(item, "date_modified", where, problems, zone),
        has_own_id=bool(own_id),
        categories=tuple(filter(None, map(title, tags))) if isinstance(tags, list) else (),
        extra={key[1:]: text(value) for key, value in item.items() if key[:1] == "_" and not as_mapping(value)},
    )


def _json_moment(
    item: dict[str, object], key: str, where: str, problems: list[Problem], zone: str | None
) -> datetime | None:
    written = item.get(key)
    at = moment(written, zone)
    if at is None and written not in (None, ""):
        problems.append(Problem(f"{where}.{key}", f"unreadable date {text(written)[:60]!r}"))
    return at
