"""Whether what a deployment says to the service is understood by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from statuswire.cli.service import alone
from statuswire.config import Config, words

OF_REPLICAS = {"STATUSWIRE_REDIS", "STATUSWIRE_ROLES"}
"""Settings of several replicas, which come with them."""


def misunderstood(environ: Mapping[str, str]) -> set[str]:
    """Variables of ours that are no setting."""
    return {name for name in environ if name.startswith("STATUSWIRE_") and not _is_known(name)} - OF_REPLICAS


def _is_known(name: str) -> bool:
    bare = name.removesuffix("_FILE")
    return bare == "STATUSWIRE_CONFIG" or bare in OF_REPLICAS or words.is_setting(Config, _parts(bare))


def _parts(name: str) -> list[str]:
    return name.removeprefix("STATUSWIRE_").lower().split("__")


def obeyed(arguments: Sequence[str]) -> dict[str, object]:
    """The options of a command line, as the real parser reads them; click's UsageError where it does not."""
    name, *rest = arguments
    program = alone()
    command = program.commands[name]
    with command.make_context(name, list(rest)) as context:
        return dict(context.params)
