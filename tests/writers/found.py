"""Every writer there is: the `WRITER`, or the `WRITERS` of several versions, of each module below this package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import tests.writers

from .base import Writer


def _found() -> Iterator[Writer]:
    for module in walk_packages(tests.writers.__path__, "tests.writers."):
        if not module.name.rpartition(".")[2].startswith("test_") and module.name != __name__:
            loaded = import_module(module.name)
            yield from getattr(loaded, "WRITERS", ())
            yield from filter(None, [getattr(loaded, "WRITER", None)])


WRITERS = tuple(_found())
