"""What became of an order."""

from __future__ import annotations

from dataclasses import dataclass

from statuswire.config.own import Fault


@dataclass(frozen=True, slots=True)
class Obeyed:
    """Whether it could be done, in a sentence; `id` is that of what was made, `name` that of a page or route.

    `faults` are what is wrong with the body of one, field by field.
    """

    done: bool
    sentence: str
    id: int = 0
    name: str = ""
    faults: tuple[Fault, ...] = ()
