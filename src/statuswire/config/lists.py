"""Settings that are a word or a list of words, and the words that filters know."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from statuswire.config import words
from statuswire.model import EventType, Impact, Phase, Source

LEVELS: Final = (Impact.NONE, Impact.UNKNOWN, Impact.MINOR, Impact.MAJOR, Impact.CRITICAL)
"""What `>=` goes through; maintenance stands apart."""


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _filled(some: tuple[str, ...]) -> tuple[str, ...]:
    if any(not one.strip() for one in some):
        raise ValueError("has an empty word")
    return some


def _known(kind: type[StrEnum], what: str, some: tuple[str, ...]) -> tuple[str, ...]:
    known = [one.value for one in kind]
    for word in some:
        if word not in known:
            raise ValueError(f"has `{word}`, which is no {what}; {words.choices(word, known)}")
    return some


def _phases(some: tuple[str, ...]) -> tuple[str, ...]:
    return _known(Phase, "phase", some)


def _sources(some: tuple[str, ...]) -> tuple[str, ...]:
    return _known(Source, "source", some)


def _types(some: tuple[str, ...]) -> tuple[str, ...]:
    known = [one.value for one in EventType]
    for glob in some:
        if not any(fnmatchcase(one, glob) for one in known):
            raise ValueError(f"has `{glob}`, which no type of events is like; {words.choices(glob, known)}")
    return some


def _impacts(some: tuple[str, ...]) -> tuple[str, ...]:
    levels = [one.value for one in LEVELS]
    for word in some:
        bare = word.removeprefix(">=").strip()
        if word.startswith(">=") and bare not in levels:
            raise ValueError(f"has `{word}`, and no level is called so; {words.choices(bare, levels)}")
        _known(Impact, "impact", (bare,))
    return some


def impacts(some: Sequence[str]) -> frozenset[Impact]:
    """Those that `>=major`, `minor` mean."""
    found: set[Impact] = set()
    for word in some:
        impact = Impact(word.removeprefix(">=").strip())
        found |= set(LEVELS[LEVELS.index(impact) :]) if word.startswith(">=") else {impact}
    return frozenset(found)


_ONE_OR_MORE = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})

Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_filled), _ONE_OR_MORE]
Phases = Annotated[Words, AfterValidator(_phases)]
Sources = Annotated[Words, AfterValidator(_sources)]
Types = Annotated[Words, AfterValidator(_types)]
Impacts = Annotated[Words, AfterValidator(_impacts)]
