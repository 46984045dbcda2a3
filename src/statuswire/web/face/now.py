"""*Now*, `/`: is anything wrong that touches us, and since when? Then every page, calm.

Also `/wall`, the same for a television: what is wrong, and how many pages are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlencode

from statuswire.channels import wording
from statuswire.engine.overview import PageLook
from statuswire.engine.planner import Rules
from statuswire.engine.situation import Line, Situation, Trouble, load_situation
from statuswire.model import PrincipalKind, Status
from statuswire.store import Tx, queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.frame import Context, show
from statuswire.web.face.words import count

SHOWN_STORIES = 50
"""So many lines are shown in full; a day on which more is wrong is read page by page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants to see: words of the page's name or slug, a tag, a category; empty: everything."""

    q: str = ""
    tag: str = ""
    category: str = ""

    @classmethod
    def of(cls, query: bytes) -> Choice:
        given = parse_qs(query.decode("utf-8", "replace"), max_num_fields=20)
        return cls(*(given.get(name, [""])[-1].strip()[:100] for name in ("q", "tag", "category")))

    def means(self, look: PageLook, rules: Rules) -> bool:
        """Whether the page is one of a tag and category that were chosen."""
        slug = look.page.slug
        has_tag = not self.tag or self.tag in rules.tags.get(slug, ())
        return has_tag and (not self.category or self.category == rules.categories.get(slug))

    def finds(self, look: PageLook) -> bool:
        words = self.q.casefold().split()
        return all(word in f"{look.page.name} {look.page.slug}".casefold() for word in words)

    def address(self, **other: str) -> str:
        """The path to the same with something else chosen."""
        fields = {"q": self.q, "tag": self.tag, "category": self.category} | other
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"/?{query}" if query else "/"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the pages under a word that holds for all of them."""

    name: str
    level: Status
    looks: tuple[PageLook, ...]
    is_mixed: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer in one line, the state for its shape, and the sentences below it. `worst`: where the worst of several
    is; it began at `since`."""

    words: str
    level: Status
    lead: tuple[str, ...] = ()
    since: datetime | None = None
    worst: str = ""


async def now(ask: Ask) -> Answer:
    """What is wrong first, then all pages."""
    choice = Choice.of(ask.query)
    rules, moment = ask.parts.rules(), ask.parts.clock.now()

    def load(tx: Tx) -> Context:
        whole = load_situation(tx, moment)
        chosen = narrowed(whole, choice, rules)
        mine = _favourites(ask, tx)
        found = [look for look in chosen.looks if choice.finds(look)]
        head = headline(chosen, moment)
        return {
            "title": head.words,
            "head": head,
            "choice": choice,
            "lines": chosen.lines[:SHOWN_STORIES],
            "left_out": len(chosen.lines[SHOWN_STORIES:]),
            "planned": chosen.planned[:SHOWN_STORIES],
            "total": len(whole.looks),
            "searched": len(chosen.looks),
            "parts": parts_of(found, mine),
            "tags": counted(tag for tags in rules.tags.values() for tag in tags),
            "categories": counted(rules.categories.values()),
        }

    return await show(ask, "now.html", load, current="now", live="*")


async def wall(ask: Ask) -> Answer:
    """Full screen, from three metres."""
    choice = Choice.of(ask.query)
    rules, moment = ask.parts.rules(), ask.parts.clock.now()

    def load(tx: Tx) -> Context:
        chosen = narrowed(load_situation(tx, moment), choice, rules)
        fine = sum(look.level is Status.OPERATIONAL for look in chosen.looks)
        return {"head": headline(chosen, moment), "situation": chosen, "fine": fine, "total": len(chosen.looks)}

    return await show(ask, "wall.html", load, title="Wall", live="*")


def _favourites(ask: Ask, tx: Tx) -> frozenset[str]:
    if ask.principal.kind is PrincipalKind.NOBODY:
        return frozenset()
    return queries.favourites(tx, ask.principal.account_id)


# --- what is shown, pure -----------------------------------------------------------------------------------------


def narrowed(whole: Situation, choice: Choice, rules: Rules) -> Situation:
    """Only pages of the tag and category that were chosen. A line stays where one of its stories does."""
    if not (choice.tag or choice.category):
        return whole

    def some(lines: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(line for line in lines if any(choice.means(one.look, rules) for one in line.troubles))

    looks = tuple(look for look in whole.looks if choice.means(look, rules))
    return Situation(some(whole.lines), some(whole.planned), looks)


def headline(chosen: Situation, moment: datetime) -> Headline:
    """The one question of the screen, answered."""
    pages, blind = len(chosen.looks), len(chosen.blind)
    rest = _rest(chosen)
    if not pages:
        return Headline("Nothing is watched yet", Status.UNKNOWN)
    if chosen.lines:
        return _wrong(chosen.lines, rest)
    if blind:
        return Headline(rest[0].rstrip("."), Status.UNKNOWN, ("Nothing is known to be wrong.", *rest[1:]))
    if len(chosen.unread) == pages:
        return Headline("Nothing has been read yet", Status.UNKNOWN, rest)
    all_fine = f"{count(pages, 'page')}, all operational." if not rest else f"{count(pages, 'page')}."
    return Headline("Nothing is wrong", Status.OPERATIONAL, (all_fine, *rest))


def _wrong(lines: tuple[Line, ...], rest: tuple[str, ...]) -> Headline:
    worst, touched = lines[0], _touched(lines)
    first = _place(worst)
    state = wording.STATUS_WORDS[worst.level]
    if len(lines) == 1:
        return Headline(f"{first}: {state.lower()}", worst.level, rest, worst.since)
    words = f"{count(len(touched), 'page')} {'is' if len(touched) == 1 else 'are'} not well"
    return Headline(words, worst.level, rest, worst.since, f"The worst: {state.lower()} on {first}")


def _place(line: Line) -> str:
    """Where it is: a page, or how many and what they have in common."""
    names = list(dict.fromkeys(one.page.name or one.page.slug for one in line.troubles))
    return names[0] if len(names) == 1 else f"{len(names)} pages"


def _rest(chosen: Situation) -> tuple[str, ...]:
    """What else there is to know, a sentence each."""
    left, unread, planned = len(chosen.overdue), len(chosen.unread), len(chosen.planned)
    blind = len(chosen.blind) - left
    said = []
    if blind:
        said.append(f"{count(blind, 'page')} cannot be read.")
    if left:
        said.append(f"{count(left, 'page')} {'is' if left == 1 else 'are'} read by nobody.")
    if planned:
        said.append(f"{count(planned, 'maintenance')} {'is' if planned == 1 else 'are'} running.")
    if unread:
        said.append(f"{count(unread, 'page')} {'has' if unread == 1 else 'have'} not been read yet.")
    return tuple(said)


def _touched(lines: Iterable[Line]) -> frozenset[str]:
    return frozenset(one.page.slug for line in lines for one in line.troubles)


def parts_of(looks: Iterable[PageLook], mine: frozenset[str]) -> tuple[Part, ...]:
    """All pages by how they are, each by name: favourites, then what needs a look, then what is fine."""
    by: dict[str, list[PageLook]] = {name: [] for name in _PARTS}
    for look in sorted(looks, key=lambda one: (one.page.name or one.page.slug).casefold()):
        by["Favourites" if look.page.slug in mine else _part(look)].append(look)
    return tuple(Part(name, level, tuple(by[name]), is_mixed) for name, (level, is_mixed) in _PARTS.items() if by[name])


_PARTS: Mapping[str, tuple[Status, bool]] = {
    "Favourites": (Status.OPERATIONAL, True),
    "Cannot be read": (Status.UNKNOWN, True),
    "Read by nobody": (Status.UNKNOWN, True),
    "Not well": (Status.DEGRADED, True),
    "Not read yet": (Status.UNKNOWN, False),
    "Operational": (Status.OPERATIONAL, False),
}
"""The parts of the list of pages, and whether each page says its own state."""


def _part(look: PageLook) -> str:
    if look.is_stale:
        return "Read by nobody" if look.is_overdue else "Cannot be read"
    if look.last_known is None:
        return "Not read yet"
    return "Operational" if look.level is Status.OPERATIONAL else "Not well"


def counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each word with how often it is there, by the alphabet."""
    return tuple(sorted((word, number) for word, number in Counter(words).items() if word))


__all__ = ["Choice", "Headline", "Part", "Trouble", "headline", "narrowed", "now", "parts_of", "wall"]
