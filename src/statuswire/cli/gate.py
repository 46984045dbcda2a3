"""`statuswire gate`: for scripts that go on only while what they depend on is well."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AllowPrivate, AsJson, ConfigFile, What, end, span
from statuswire.errors import ConfigError

if TYPE_CHECKING:
    from statuswire.client import Status
    from statuswire.gate.judging import Judgement, UnknownIs

Server = Annotated[
    str | None, terms.Option("--server", metavar="URL", help="Ask this statuswire; else STATUSWIRE_SERVER, else look.")
]
TokenFile = Annotated[
    Path | None, terms.Option("--token-file", metavar="FILE", help="Its token; else STATUSWIRE_TOKEN.")
]


def add_gate(app: terms.Group) -> None:
    """Make the command known."""
    app.command("gate", short_help=overview.summary("gate"))(gate)


def gate(
    what: What,
    worst: Annotated[str, terms.Option("--max", metavar="LEVEL", help="The worst level that passes.")] = "maintenance",
    unknown: Annotated[
        str | None, terms.Option("--unknown", metavar="pass|fail", help="What it counts as; else exit code 3.")
    ] = None,
    wait: Annotated[str | None, terms.Option("--wait", metavar="TIME", help="Wait so long for it to pass.")] = None,
    server: Server = None,
    token_file: TokenFile = None,
    config: ConfigFile = None,
    allow_private: AllowPrivate = False,
    as_json: AsJson = False,
) -> None:
    """Let a script go on only while pages or components are well. Prints one line that says why.

    Exit code: 0 pass, 1 worse than allowed, 2 wrong usage, 3 something is unknown or cannot be read. Levels:
    operational, maintenance, degraded, partial_outage, major_outage.

    \b
    Examples:
      statuswire gate openai:"Chat Completions" github:Actions --max degraded
      statuswire gate github --wait 20m --unknown pass
      STATUSWIRE_TOKEN=sw_... statuswire gate github:Actions --server https://status.example.com
    """
    import time

    from statuswire.gate import judging, passing

    allowed, unknown_is = _level(worst), _unknown(unknown)
    length = span(wait, "--wait")
    find, every_s = passing.finder(tuple(what), server, token_file, config, allow_private)
    judgement, waited_s = passing.wait(
        lambda: judging.judged(find(), allowed, unknown_is),
        every_s,
        length.total_seconds() if length is not None else 0.0,
        monotonic=time.monotonic,
        sleep=time.sleep,
        on_change=_waiting,
    )
    terms.echo(_json(judgement, allowed, waited_s) if as_json else f"{judgement.ruling}: {judgement.why}")
    end(judging.EXIT_CODES[judgement.ruling])


def _level(word: str) -> Status:
    from statuswire.gate.judging import LEVELS

    found = next((level for level in LEVELS if level == word), None)
    if found is None:
        raise ConfigError(f"`{word}` is not a level; right: {', '.join(LEVELS)}", where="--max")
    return found


def _unknown(word: str | None) -> UnknownIs | None:
    if word is None:
        return None
    words: dict[str, UnknownIs] = {"pass": "pass", "fail": "fail"}
    if word in words:
        return words[word]
    raise ConfigError(f"`{word}` is neither pass nor fail", where="--unknown")


def _waiting(judgement: Judgement) -> None:
    terms.echo(f"waiting: {judgement.why}", err=True)


def _json(judgement: Judgement, allowed: Status, waited_s: float) -> str:
    from statuswire.cli import printing
    from statuswire.gate.judging import EXIT_CODES

    return printing.as_json(
        {
            "ruling": judgement.ruling.value,
            "exit_code": EXIT_CODES[judgement.ruling],
            "why": judgement.why,
            "max": allowed.value,
            "waited_s": round(waited_s, 1),
            "found": [
                {"what": one.what, "level": one.level.value, "freshness": one.freshness.value, "why": one.why}
                for one in judgement.found
            ],
        }
    )
