"""Channel kinds by name, each loaded when it is first asked for: most installations use two or three of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from statuswire.channels.base import Channel


class Registry(Mapping[str, Channel]):
    """A mapping in the order of its lines. Kinds are known without loading anything; going through the values loads
    all of them. A line is the module below this package that has a `CHANNEL` of that kind."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = tuple(kinds)
        self._loaded: dict[str, Channel] = {}

    def __getitem__(self, kind: str) -> Channel:
        found = self._loaded.get(kind)
        if found is None:
            if kind not in self._kinds:
                raise KeyError(kind)
            found = self._loaded[kind] = import_module(f"{__package__}.{kind}").CHANNEL
        return found

    def __contains__(self, kind: object) -> bool:
        return kind in self._kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)
