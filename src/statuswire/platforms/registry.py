"""Platforms by name, each loaded when it is first asked for: most installations need a handful of some seventy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from statuswire.platforms.base import Platform


class Registry(Mapping[str, Platform]):
    """A mapping in the order of its lines. Names are known without loading anything; going through the values loads
    all of them.

    A line is the module below this package that has a `PLATFORM`, whose name is the last part of the module's.
    """

    def __init__(self, modules: Sequence[str]) -> None:
        self._modules = {module.rpartition(".")[2]: module for module in modules}
        self._loaded: dict[str, Platform] = {}

    def __getitem__(self, name: str) -> Platform:
        found = self._loaded.get(name)
        if found is None:
            module = import_module(f"{__package__}.{self._modules[name]}")
            found = self._loaded[name] = module.PLATFORM
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)
