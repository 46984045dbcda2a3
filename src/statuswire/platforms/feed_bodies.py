"""What the body of an entry says in fields rather than in prose: its phase, its kind, its components, its text.

    <b>Status: Identified</b><br/>text<br/><b>Affected components</b><ul><li>API (Degraded performance)</li></ul>
    <p><strong>Status:</strong> resolved</p><p>text</p><p><strong>Affected components:</strong> A, B</p>
    <strong>Resolved</strong> - text          [Resolved] text          Status: Resolved (a line of its own)

Shapes of incident.io, Flashduty, Instatus, Rootly and hand-made feeds; checked 2026-11. A field is believed only where
its word stands in a table: "Status: we are still looking" is prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from statuswire.model import AffectedComponent, Kind, Phase, Problem, Status
from statuswire.platforms.feed_titles import PHASES, kind_of_word
from statuswire.platforms.incidentio_locales import COMPONENT_HEADINGS, LOCAL_LEVELS, STATUS_HEADINGS
from statuswire.platforms.reading import choose, fold_word, html_text


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an entry, or what stands above its marked updates. `components` None: it names none."""

    text: str
    phase: Phase | None = None
    raw: str = ""
    kind: Kind | None = None
    components: tuple[AffectedComponent, ...] | None = None


_LEADING_BOLD: Final = re.compile(r"(?:\s|<(?:p|div|span)(?:\s[^<>]*)?>)*<(b|strong)>([^<]{1,40})</\1>", re.IGNORECASE)
_FIELD: Final = re.compile(r"([^:：]{1,40}?)\s*[:：]\s*(.{0,2000})")
_BRACKETED: Final = re.compile(r"[\[【]\s*([^\[\]【】]{1,40}?)\s*[\]】]\s*(.*)")
_AFTER_WORD: Final = re.compile(r"\s*[-–—:：]?\s*")
_LEVEL: Final = re.compile(r"\s*[(（]([^()（）]{1,80})[)）]$")

_COMPONENT_FIELDS: Final = COMPONENT_HEADINGS | frozenset(
    fold_word(words)
    for words in (
        "affected services", "impacted components", "impacted services", "components affected", "services affected",
    )
)  # fmt: skip
_TYPE_FIELDS: Final = frozenset(fold_word(word) for word in ("type", "typ", "tipo", "種類", "类型"))
_LONGEST_NAME: Final = 120


def read_body(html: str, where: str, problems: list[Problem]) -> Body:
    """The fields of a body, and its text without them."""
    lines = html_text(html).split("\n")
    lines, components = _without_components(lines, where, problems)
    lines, phase, raw = _without_phase(lines, html)
    kind = next((kind for line in lines[:6] if (kind := _kind(line))), None)
    return Body("\n".join(lines), phase, raw, kind, components)


# --- phase -------------------------------------------------------------------------------------------------------


def _without_phase(lines: list[str], html: str) -> tuple[list[str], Phase | None, str]:
    """The leading bold or bracketed word, else a line that is a status field; and the lines without it."""
    leading = _leading_word(lines[0], html)
    if leading:
        word, rest = leading
        return [rest, *lines[1:]] if rest else lines[1:], PHASES[fold_word(word)], word
    for place, line in enumerate(lines):
        field = _FIELD.fullmatch(line)
        if field and fold_word(field[1]) in STATUS_HEADINGS and fold_word(field[2]) in PHASES:
            return lines[:place] + lines[place + 1 :], PHASES[fold_word(field[2])], field[2]
    return lines, None, ""


def _leading_word(line: str, html: str) -> tuple[str, str] | None:
    bold = _LEADING_BOLD.match(html)
    word = html_text(bold[2]).strip(" :：-") if bold else ""
    if word and fold_word(word) in PHASES and line.startswith(word):
        return word, line[len(word) :][_after_word(line[len(word) :]) :]
    bracketed = _BRACKETED.fullmatch(line)
    if bracketed and fold_word(bracketed[1]) in PHASES:
        return bracketed[1], bracketed[2]
    return None


def _after_word(rest: str) -> int:
    """Where the text begins after a leading word: behind its dash or colon."""
    separator = _AFTER_WORD.match(rest)
    return separator.end() if separator else 0


def _kind(line: str) -> Kind | None:
    field = _FIELD.fullmatch(line)
    return kind_of_word(field[2]) if field and fold_word(field[1]) in _TYPE_FIELDS else None


# --- components --------------------------------------------------------------------------------------------------


def _without_components(
    lines: list[str], where: str, problems: list[Problem]
) -> tuple[list[str], tuple[AffectedComponent, ...] | None]:
    for place, line in enumerate(lines):
        field = _FIELD.fullmatch(line)
        if fold_word((field[1] if field else line)[:60]) not in _COMPONENT_FIELDS:
            continue
        names = field[2].split(", ") if field and field[2] else _listed(lines[place + 1 :])
        used = 1 if field and field[2] else 1 + len(names)
        affected = tuple(_affected(name, where, problems) for name in names if name)
        return lines[:place] + lines[place + used :] or [""], affected
    return lines, None


def _listed(lines: list[str]) -> list[str]:
    """The lines of the list under a heading: as long as they look like the first of them."""
    have_levels = bool(lines) and _LEVEL.search(lines[0]) is not None
    names: list[str] = []
    for line in lines:
        if len(line) > _LONGEST_NAME or (have_levels and not _LEVEL.search(line)):
            break
        names.append(line)
    return names


def _affected(line: str, where: str, problems: list[Problem]) -> AffectedComponent:
    level = _LEVEL.search(line)
    if level is None:
        return AffectedComponent("", line.strip())
    status = choose(level[1], LOCAL_LEVELS, Status.UNKNOWN, f"{where}.components", problems)
    return AffectedComponent("", line[: level.start()].strip(), None, status)
