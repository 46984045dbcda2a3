"""How commands reach what is known: it is read from the database, beside a service that runs.

What is to be changed goes another way (`ordering`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from statuswire import config
from statuswire.config import Config
from statuswire.engine import owning
from statuswire.options import RunOptions
from statuswire.store import Tx, looking

T = TypeVar("T")


def load(options: RunOptions) -> Config:
    """The configuration that the service would have. Raises ConfigError."""
    return config.load(options=options)


def ask(loaded: Config, work: Callable[[Tx], T]) -> T:
    """What the database says, whether or not a service runs. Raises ConfigError and StoreError."""
    with looking(loaded.database) as readers:
        return readers.run(work)


def with_own(loaded: Config, file: Config | None = None) -> Config:
    """What the file says, by default the one that names the database, with the pages and routes that are kept there.

    Raises ConfigError and StoreError.
    """
    return ask(loaded, lambda tx: owning.load(tx, file or loaded).config)
