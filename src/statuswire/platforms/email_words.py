"""The marked places of a notice by mail: subjects with prefixes, lines of label and value, phrases, footers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.model import Kind, Phase
from statuswire.platforms.feed_titles import Heading, read_heading
from statuswire.platforms.reading import fold_word, one_line

MAINTENANCE: Final = re.compile(r"\b(?:maintenances?|wartung|mantenimiento)\b|メンテナンス|维护|維護", re.IGNORECASE)

# --- subjects ----------------------------------------------------------------------------------------------------

_ANSWER: Final = re.compile(r"(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw)\s*(?:\[\d{1,3}\])?\s*[:：]\s*", re.IGNORECASE)
_TAG: Final = re.compile(r"\[([^\[\]]{1,80})\]\s*[-–—:]?\s*(?=\S)")
_NOISE: Final = re.compile(r"(?:reminder|notification|notice|update)\s+[-–—]\s+|(?:reminder)\s*[:：]\s*", re.IGNORECASE)
_PAGE_PREFIX: Final = re.compile(
    r"[^-–—:\[\]|]{1,80}?\b(?:(incident|outage)|(maintenance))\s*(?:update|notice|notification|report)?\s+[-–—]\s+(?=\S)",
    re.IGNORECASE,
)
_ROUNDS: Final = 6


def read_subject(subject: str) -> Heading:
    """The title in a subject, and what the marks around it said.

    `Re: [Acme Status] [Resolved] Acme Incident - Slow API` is the resolved incident `Slow API`. A bracket of which no
    table knows the word names the page or a mailing list and goes, unless it has a digit: then it tells tickets apart.
    """
    heading = Heading(one_line(subject))
    for _ in range(_ROUNDS):
        closer = _closer(heading)
        if closer == heading:
            break
        heading = closer
    return heading


def _closer(heading: Heading) -> Heading:
    """The heading without the mark that it begins with; the same where it begins with none."""
    name = heading.title
    for form in (_ANSWER, _NOISE):
        if (found := form.match(name)) and name[found.end() :].strip():
            return replace(heading, title=name[found.end() :].strip())
    marked = read_heading(name)
    if marked.title != name:
        return _together(heading, marked)
    if (found := _TAG.match(name)) and not any(letter.isdigit() for letter in found[1]):
        return replace(heading, title=name[found.end() :])
    if found := _PAGE_PREFIX.match(name):
        kind = Kind.MAINTENANCE if found[2] else Kind.INCIDENT
        return replace(heading, title=name[found.end() :], kind=heading.kind or kind)
    return heading


def _together(outer: Heading, inner: Heading) -> Heading:
    """What the outer marks said counts before what those nearer to the title say."""
    return Heading(
        title=inner.title,
        phase=outer.phase or inner.phase,
        impact=outer.impact if outer.impact.value != "unknown" else inner.impact,
        kind=outer.kind or inner.kind,
        raw=outer.raw or inner.raw,
    )


# --- lines of label and value ------------------------------------------------------------------------------------

_LABELLED: Final = re.compile(r"[>*_\s]*([^\W\d_][\w /-]{1,40}?)[*_]*\s*[:：][*_]*\s*(\S.{0,300})")
_MOST_LINES: Final = 400


def _folded(*labels: str) -> tuple[str, ...]:
    return tuple(map(fold_word, labels))


PHASE_LABELS: Final = _folded(
    "status", "incident status", "current status", "maintenance status", "event status", "state", "phase", "new status"
)
IMPACT_LABELS: Final = _folded("impact", "incident impact", "severity", "impact level")
COMPONENT_LABELS: Final = _folded(
    "components", "affected components", "components affected", "affected services", "services affected"
)
START_LABELS: Final = _folded(
    "start", "start time", "start date", "starts", "start date and time", "scheduled start", "scheduled for",
    "maintenance start", "maintenance start time", "window start", "timeslot start time", "begin", "begins",
)  # fmt: skip
END_LABELS: Final = _folded(
    "end", "end time", "end date", "ends", "end date and time", "scheduled end", "scheduled until",
    "maintenance end", "maintenance end time", "window end", "timeslot end time", "finish",
)  # fmt: skip
_VALUE_LIMITS: Final = dict.fromkeys(PHASE_LABELS, 40)
"""A status is a word or two; what is longer is a sentence."""


def label_lines(words: str) -> dict[str, str]:
    """The lines that are a label and a value, by the folded label; the first of each counts."""
    found: dict[str, str] = {}
    for line in words.splitlines()[:_MOST_LINES]:
        told = _LABELLED.fullmatch(line.strip()) if len(line) <= 400 else None
        if told is None:
            continue
        label, value = fold_word(told[1]), one_line(told[2]).strip("*_ ")
        if value and len(value) <= _VALUE_LIMITS.get(label, 300):
            found.setdefault(label, value)
    return found


PHRASES: Final[dict[str, Phase | None]] = {
    fold_word("New incident"): Phase.INVESTIGATING,
    fold_word("Incident resolved"): Phase.RESOLVED,
    fold_word("An update has been posted"): None,
}
"""How a line of Statuspage's mails begins, and what that says of the phase."""

# --- text --------------------------------------------------------------------------------------------------------

_FOOTER: Final = re.compile(
    r"\bunsubscribe\b|\bmanage (?:your |my )?(?:subscriptions?|preferences|notifications)\b|\bemail preferences\b"
    r"|\byou(?:'re| are| have)? (?:receiv\w+|getting|been sent) (?:this|these)\b|\bto stop receiving\b"
    r"|\byou (?:were|are) sent this\b|\bupdate your (?:preferences|subscription)\b",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(r"-- ?")
_FORWARDED: Final = re.compile(r"-{3,}\s*(?:forwarded message|original message)\s*-{3,}", re.IGNORECASE)
_FORWARDED_HEADER: Final = re.compile(r"(?:from|date|sent|subject|to|cc)\s*:", re.IGNORECASE)


def without_footer(words: str) -> str:
    """The text up to its signature or to where it speaks of subscriptions, without the head of a forwarded mail."""
    lines = _without_forwarding(words.splitlines())
    for number, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line) or (len(line) <= 500 and _FOOTER.search(line)):
            kept = "\n".join(lines[:number]).strip()
            return kept or "\n".join(lines).strip()
    return "\n".join(lines).strip()


def _without_forwarding(lines: list[str]) -> list[str]:
    start = next((number for number, line in enumerate(lines[:20]) if _FORWARDED.fullmatch(line.strip())), None)
    if start is None:
        return lines
    head = range(start + 1, min(start + 9, len(lines)))
    end = max((number for number in head if _FORWARDED_HEADER.match(lines[number])), default=start)
    return lines[:start] + lines[end + 1 :]
