"""Many cases in one test: what is cheap to prove is dear to collect and to report one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def each(cases: Iterable[T], claim: Callable[[T], object], name: Callable[[T], str] = str) -> None:
    """The claim holds for every case; the first that breaks it is named in a note to what it raises."""
    for case in cases:
        try:
            claim(case)
        except BaseException as error:
            error.add_note(f"with {name(case)}")
            raise
