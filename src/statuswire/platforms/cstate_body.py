"""The text of a cState issue: one paragraph for each update, by convention and not by rule (checked 2026-11).

    <p><em>Monitoring</em> - The node was replaced. <span class="faded">(10:40 — May 4)</span></p>
    <p><em>Investigating</em> - Mails wait.</p><p class="faded">04 May 2026 10:01</p>

The source is Markdown, `*Monitoring* - text {{< track "2026-05-04 10:40:00" >}}`, newest first as a rule; the theme's
releases and owners write the moment in different ways. A text without such a word is one update without a phase.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from statuswire.model import IncidentUpdate, Phase
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import fold_word, html_text, moment, yearless
from statuswire.platforms.words import PHASE_WORDS, UNCHANGED_WORDS

LIMIT: Final = 200

_LABEL: Final = re.compile(r"<(?P<tag>em|strong|b|i)>(?P<label>[^<>]{1,40})</(?P=tag)>\s*[-–—:]?", re.IGNORECASE)
_OPENING: Final = re.compile(r"(?:^|<(?:p|li|div)(?:\s[^<>]{0,100})?>|<br\s*/?>)\s*\Z", re.IGNORECASE)
_FADED: Final = re.compile(
    r"<(?P<tag>span|p|small|time)\s[^<>]{0,100}faded[^<>]{0,100}>(?P<when>[^<>]{1,80})</(?P=tag)>"
)
_CLOCK_FIRST: Final = re.compile(r"(\d{1,2}:\d{2}) [—–-] (.{3,30})")


def read_body(html: str, near: datetime | None, zone: str | None) -> tuple[IncidentUpdate, ...]:
    """The updates in the text of an issue, oldest first; `near` is its beginning, which lends the year."""
    labels = [found for found in _LABEL.finditer(html) if _is_update(html, found)][:LIMIT]
    if not labels:
        text = html_text(_FADED.sub("", html))
        return (IncidentUpdate("", None, text, near, raw=html if html != text else ""),) if text else ()
    ends = [found.start() for found in labels[1:]] + [len(html)]
    updates = [
        _update(found["label"], html[found.end() : end], near, zone) for found, end in zip(labels, ends, strict=True)
    ]
    return oldest_first(reversed(updates))


def _is_update(html: str, found: re.Match[str]) -> bool:
    """A phase in emphasis at the beginning of a paragraph."""
    word = fold_word(found["label"].strip(" :"))
    if word not in PHASE_WORDS and word not in UNCHANGED_WORDS:
        return False
    return _OPENING.search(html[max(found.start() - 120, 0) : found.start()]) is not None


def _update(label: str, markup: str, near: datetime | None, zone: str | None) -> IncidentUpdate:
    word = label.strip(" :")
    faded = _FADED.search(markup)
    told = PHASE_WORDS.get(fold_word(word))
    return IncidentUpdate(
        id="",
        phase=None if told is Phase.UNKNOWN else told,
        text=html_text(_FADED.sub("", markup)),
        at=_moment(faded["when"], near, zone) if faded else None,
        raw_phase=word,
    )


def _moment(when: str, near: datetime | None, zone: str | None) -> datetime | None:
    """`(10:40 — May 4)`, `04 May 2026 10:01`, or any date that is written in full."""
    written = when.strip(" ()")
    clock_first = _CLOCK_FIRST.fullmatch(written)
    if clock_first:
        written = f"{clock_first[2]}, {clock_first[1]}"
    return moment(written, zone) or yearless(written, near, zone)
