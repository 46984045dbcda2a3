"""One incident's thread as lines: newest first, the provider's words behind a rule, what we did in another
ink. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from statuswire.channels import wording
from statuswire.channels.terminal import one_line, safe_url
from statuswire.client.shapes import Affected, Kind, Status
from statuswire.top.changes import marked
from statuswire.top.drawing import MUTED, OURS, SHAPES, STRONG, STRUCK, Times, lines, look, name_of, phase_word, said
from statuswire.top.picture import word_of
from statuswire.top.shapes import Account
from statuswire.top.stories import begun, level_of, worst_first
from statuswire.top.thread import Noted, Spoken, thread_of

WIDEST = 100
"""Columns: longer lines are hard to read."""


def heading(account: Account, times: Times, width: int) -> Content:
    """What, where, and since when."""
    level = level_of(account)
    page = name_of(account.page) if account.page is not None else ""
    title = Content.assemble((f"{SHAPES[level]} ", look(level))) + said(account.title or account.id, STRONG)
    words = [page, _state(account), _impact(account), _span(account, times)]
    below = said(" · ".join(word for word in words if word), MUTED)
    return lines(title.truncate(width, ellipsis=True), below.truncate(width, ellipsis=True))


def body(account: Account, times: Times, width: int, changed: frozenset[str]) -> Content:
    """Everything below the heading; `changed` are the keys of updates to be marked."""
    room = max(min(width, WIDEST) - 2, 20)
    above = [marked(one, is_changed=False) for one in _facts(account, room)]
    below = list(_entries(account, times, room, changed))
    return lines(*above, *(below if above else below[1:]))


def _state(account: Account) -> str:
    level = level_of(account)
    return phase_word(account.phase) if level is Status.OPERATIONAL else f"{word_of(level)}, {_phase(account)}"


def _impact(account: Account) -> str:
    return "" if account.kind is Kind.MAINTENANCE else f"impact {account.impact.value}"


def _phase(account: Account) -> str:
    return phase_word(account.phase).lower()


def _span(account: Account, times: Times) -> str:
    since = begun(account)
    if since is None:
        return ""
    if account.resolved_at is not None:
        return f"{times.at(since)} for {wording.duration(account.resolved_at - since)}"
    if since > times.now:
        return f"begins {times.at(since)}"
    return f"since {times.at(since)}, {times.lasting(since)}"


def _facts(account: Account, width: int) -> Iterator[Content]:
    chips = [_chip(one) for one in worst_first(account.components)]
    if chips:
        yield from Content("   ").join(chips).wrap(width)
    address = safe_url(account.url)
    if address:
        yield said(address, MUTED).truncate(width, ellipsis=True)


def _chip(one: Affected) -> Content:
    group = f"{one.group} / " if one.group else ""
    mark = Content.assemble((f"{SHAPES[one.status]} ", look(one.status)))
    return mark + said(f"{group}{one.name}") + Content.assemble((f" {word_of(one.status)}", look(one.status)))


def _entries(account: Account, times: Times, width: int, changed: frozenset[str]) -> Iterator[Content]:
    """Each after an empty line, but what we noted one after the other."""
    entries = thread_of(account)
    if not any(isinstance(one, Spoken) for one in entries):
        yield Content("")
        yield marked(said("The provider has said nothing yet.", MUTED), is_changed=False)
    was_noted = False
    for entry in entries:
        is_noted = isinstance(entry, Noted)
        if not (is_noted and was_noted):
            yield Content("")
        some = _noted(entry, times, width) if isinstance(entry, Noted) else _spoken(entry, times, width)
        is_changed = isinstance(entry, Spoken) and entry.key in changed
        yield from (marked(one, is_changed=is_changed) for one in some)
        was_noted = is_noted


def _noted(entry: Noted, times: Times, width: int) -> Iterator[Content]:
    yield from Content.assemble((f"· {times.at(entry.at)}  {one_line(entry.sentence)}", OURS)).wrap(width)


def _spoken(entry: Spoken, times: Times, width: int) -> Iterator[Content]:
    yield Content.assemble(
        (phase_word(entry.phase).upper(), STRONG), (f"  {times.at(entry.at)} · {times.ago(entry.at)}", MUTED)
    )
    yield from _quoted(entry.text, "", width)
    for text in entry.before:
        yield _rule() + said(text, STRUCK).truncate(width - 2, ellipsis=True)


def _quoted(text: str, style: str, width: int) -> Iterator[Content]:
    """Their words, paragraph by paragraph."""
    paragraphs = [said(one, style) for one in text.splitlines()]
    while paragraphs and not paragraphs[-1]:
        paragraphs.pop()
    for paragraph in paragraphs:
        yield from (_rule() + part for part in (paragraph.wrap(width - 2) if paragraph else [paragraph]))


def _rule() -> Content:
    return Content.assemble(("│ ", MUTED))
