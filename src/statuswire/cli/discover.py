"""The command that finds what a project depends on."""
# ruff: noqa: PLC0415 - the command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, end, span
from statuswire.errors import ConfigError


def add_discover(app: terms.Group) -> None:
    """Make the command known."""
    app.command("discover", short_help=overview.summary("discover"))(discover)


def discover(
    path: Annotated[Path | None, terms.Argument(metavar="PATH", help="A folder of sources, or one file.")] = None,
    domains: Annotated[
        str | None, terms.Option("--domains", metavar="FILE", help="Hosts or a proxy's log; - is standard input.")
    ] = None,
    column: Annotated[
        int | None, terms.Option("--column", metavar="N", min=1, help="Which column of the log has the host.")
    ] = None,
    least: Annotated[str, terms.Option("--min", metavar="SURE", help="strong, fair or weak.")] = "weak",
    write: Annotated[
        Path | None, terms.Option("--write", metavar="FILE", help="Add the pages to this configuration.")
    ] = None,
    within: Annotated[str, terms.Option("--within", metavar="TIME", help="Look no longer than this.")] = "60s",
    as_json: AsJson = False,
) -> None:
    """Find out which status pages a project depends on: by its lock files, Terraform, container and Kubernetes files,
    names of variables and hosts in its sources, or by a list of the hosts to which its traffic goes. Nothing leaves the
    machine, and no value of a variable is shown. Exit code 1 where nothing is found.

    \b
    Examples:
      statuswire discover .
      statuswire discover . --min fair --write statuswire.yaml
      statuswire discover --domains access.log
    """
    from statuswire.cli import printing
    from statuswire.discovery.command import DiscoverOptions
    from statuswire.discovery.command import discover as look
    from statuswire.discovery.seen import SURENESS_WORDS
    from statuswire.engine.clock import Clock

    if least not in SURENESS_WORDS:
        raise ConfigError(f"`{least}` is not how sure one can be; right: strong, fair, weak", where="--min")
    length = span(within, "--within")
    assert length is not None
    options = DiscoverOptions(path, domains, column, SURENESS_WORDS[least], write, as_json, length)
    end(look(options, sys.stdout, printing.style(), Clock()))
