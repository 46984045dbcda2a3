"""Data inside a page for people, as one flat list in which every value stands once and is named by its place.

    [["ShallowReactive", 1], {"data": 2}, {"name": 3}, "Acme"]        devalue, which Nuxt writes (`__NUXT_DATA__`)
    [{"_1": 2}, "name", "Acme", {"_1": -5}]                           turbo-stream, which React Router writes

In both, a number inside of an object or a list is a place; a negative one stands for what JSON cannot say (undefined,
null, NaN). In turbo-stream the keys are places too. A list that begins with a text is a value of another type:
`["Ref", 7]` wraps a value, `["Date", "2026-..."]` and `["D", 1777890000000]` are moments. Checked 2026-11 against
github.com/sveltejs/devalue, github.com/jacob-ebey/turbo-stream and pages of both kinds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from statuswire.errors import ParseError, ParseReason

_DEEPEST: Final = 60
_WRAPPERS: Final = frozenset({"ShallowReactive", "Reactive", "ShallowRef", "Ref"})
_MOMENTS: Final = frozenset({"Date", "D"})


def unfold(flat: object, *, has_named_keys: bool = True) -> object:
    """The value at the first place with all that it refers to; `has_named_keys` is False where keys are places too.

    A value that is met again is the same object; one inside of itself is None. Raises ParseError (SHAPE, TOO_DEEP).
    """
    if not isinstance(flat, list) or not flat:
        raise ParseError(ParseReason.SHAPE, "not a flat list of values")
    return _Flat(flat, has_named_keys).at(0, 0)


@dataclass(slots=True)
class _Flat:
    values: list[object]
    has_named_keys: bool
    _unfolded: dict[int, object] = field(default_factory=dict)

    def at(self, place: object, depth: int) -> object:
        """What a place means; a plain value that is no place means itself."""
        if not isinstance(place, int) or isinstance(place, bool):
            return None if isinstance(place, dict | list) else place
        if not 0 <= place < len(self.values):
            return None
        if place not in self._unfolded:
            self._unfolded[place] = None  # while it is being unfolded: the end of a circle
            self._unfolded[place] = self._whole(self.values[place], depth + 1)
        return self._unfolded[place]

    def _whole(self, value: object, depth: int) -> object:
        if depth > _DEEPEST:
            raise ParseError(ParseReason.TOO_DEEP, "a flat list whose values are nested too deep")
        if isinstance(value, dict):
            return {self._key(str(key)): self.at(place, depth) for key, place in value.items()}
        if isinstance(value, list) and value and isinstance(value[0], str):
            return self._of_type(value[0], value[1:], depth)
        return [self.at(place, depth) for place in value] if isinstance(value, list) else value

    def _key(self, key: str) -> str:
        if self.has_named_keys:
            return key
        digits = key.removeprefix("_")
        place = int(digits) if digits.isdecimal() and len(digits) < 9 else -1
        named = self.values[place] if 0 <= place < len(self.values) else None
        return named if isinstance(named, str) else key

    def _of_type(self, name: str, rest: list[object], depth: int) -> object:
        if name in _MOMENTS:
            return rest[0] if rest and isinstance(rest[0], str | int | float) else None
        if name in _WRAPPERS:
            return self.at(rest[0], depth) if rest else None
        return [self.at(place, depth) for place in rest] if name == "Set" else None
