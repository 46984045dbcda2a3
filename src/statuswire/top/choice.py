"""What the reader wants to see: words to find, and which states. Pure.

github          the words stand in a name, slug, title or component
tag:payments    pages with this tag; `category:` likewise
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from statuswire.client.shapes import Page, PageName, Status
from statuswire.top.picture import Picture, is_unread, narrowed
from statuswire.top.stories import Story


class Which(StrEnum):
    """Which pages, in the order in which a key goes through them."""

    ALL = "all pages"
    BAD = "what is not fine"
    BLIND = "what cannot be read"


@dataclass(frozen=True, slots=True)
class Choice:
    text: str = ""
    which: Which = Which.ALL

    @property
    def is_everything(self) -> bool:
        return not self.text.strip() and self.which is Which.ALL

    def following(self) -> Which:
        """The next in order, after the last one the first."""
        order = tuple(Which)
        return order[(order.index(self.which) + 1) % len(order)]

    def of(self, whole: Picture) -> Picture:
        """What of everything is meant. A story is, where it or its page is found, one of several pages where one of its
        stories is."""
        if self.is_everything:
            return whole
        by_slug = {page.slug: page for page in whole.pages}
        pages = [page for page in whole.pages if self._is_kind(page) and self._finds(page)]

        def some(stories: tuple[Story, ...]) -> list[Story]:
            if self.which is Which.BLIND:
                return []
            return [
                line
                for line in stories
                if any(self._finds(by_slug.get(one.page.slug, one.page), one) for one in line.each)
            ]

        return narrowed(whole, pages, some(whole.stories), some(whole.planned))

    def _is_kind(self, page: Page) -> bool:
        if self.which is Which.BLIND:
            return page.stale or is_unread(page)
        return self.which is Which.ALL or page.state is not Status.OPERATIONAL

    def _finds(self, page: PageName, story: Story | None = None) -> bool:
        return all(_is_met(word, page, story) for word in self.text.casefold().split())


def _is_met(word: str, page: PageName, story: Story | None) -> bool:
    tags = page.tags if isinstance(page, Page) else ()
    category = (page.category or "") if isinstance(page, Page) else ""
    field, colon, value = word.partition(":")
    if colon and field == "tag":
        return any(value == tag.casefold() for tag in tags)
    if colon and field == "category":
        return value == category.casefold()
    return word in _searched(page, story)


def _searched(page: PageName, story: Story | None) -> str:
    names = [page.name, page.slug]
    told = [] if story is None else [story.title, *(one.name for one in story.components)]
    return "\n".join([*names, *told]).casefold()
