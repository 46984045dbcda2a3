"""File, environment and options become one frozen `Config`; every setting is documented in `settings`.

The only place that reads the environment. Later layers win: built-in, file, `STATUSWIRE_...` variables, options.
A variable names its key with `__` between the levels (`STATUSWIRE_SERVER__PORT=5000`); with `_FILE` at its end the
value is read from that file. Lists and mappings are written in YAML (`STATUSWIRE_PAGES='[openai, github]'`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from statuswire import extras
from statuswire.channels import CHANNELS
from statuswire.config import words
from statuswire.config.asked import ask, ask_all
from statuswire.config.auth import AuthConfig, OidcConfig
from statuswire.config.channels import ChannelConfig, Kinds
from statuswire.config.hooks import HookConfig, hook_paths
from statuswire.config.layers import Layers, read
from statuswire.config.mail import MailConfig
from statuswire.config.remarks import remarks
from statuswire.config.routes import FilterConfig
from statuswire.config.settings import (
    Config,
    ConsoleConfig,
    LogConfig,
    PageConfig,
    PollConfig,
    SchemaWriter,
    ServerConfig,
)
from statuswire.config.sources import FILE_VARIABLE, from_options, from_variables
from statuswire.config.supervision import Unit, unit_of
from statuswire.config.types import parse_duration, parse_moment, spell_duration, zone
from statuswire.options import RunOptions

__all__ = [
    "AuthConfig",
    "ChannelConfig",
    "Config",
    "ConsoleConfig",
    "FilterConfig",
    "HookConfig",
    "LogConfig",
    "MailConfig",
    "OidcConfig",
    "PageConfig",
    "PollConfig",
    "ServerConfig",
    "Unit",
    "ask",
    "ask_all",
    "check",
    "hook_paths",
    "is_dumb",
    "load",
    "parse_duration",
    "parse_moment",
    "schema",
    "spell_duration",
    "unit",
    "validate",
    "wants_colour",
    "zone",
]


def load(
    path: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    options: RunOptions | None = None,
) -> Config:
    """The configuration of a file, the environment and the command line.

    Without `path` the variable STATUSWIRE_CONFIG names the file, if it is set. Raises ConfigError that names every
    wrong key with its place and what would be right.
    """
    variables = os.environ if environ is None else environ
    return validate(_layers(path, variables, options), variables)


def check(
    path: Path | None = None, *, environ: Mapping[str, str] | None = None, now: datetime
) -> tuple[Config, list[str]]:
    """The same, with what is allowed and probably not meant: one sentence each, with its place. Raises ConfigError."""
    variables = os.environ if environ is None else environ
    layers = _layers(path, variables, None)
    config = validate(layers, variables)
    return config, [f"{layers.place(where)}: {sentence}" for where, sentence in remarks(config, now)]


def _layers(path: Path | None, variables: Mapping[str, str], options: RunOptions | None) -> Layers:
    chosen = path or (options.config if options else None) or _path_from(variables)
    layers = read(chosen).over(from_variables(variables))
    return layers.over(from_options(options, layers)) if options else layers


def validate(layers: Layers, environ: Mapping[str, str] | None = None, kinds: Kinds = CHANNELS) -> Config:
    """The configuration that the layers say; `environ` is where secrets given as `..._env` are found, `kinds` the kinds
    of channels there are.

    Raises ConfigError with one line for each mistake, in the order of the file.
    """
    variables = os.environ if environ is None else environ
    try:
        context = {"environ": variables, "kinds": kinds, "folder": layers.folder}
        config = Config.model_validate(layers.values, context=context)
    except ValidationError as error:
        raise words.complaint([*layers.mistakes, *words.mistakes(error, layers, Config)]) from error
    if layers.mistakes:
        raise words.complaint(layers.mistakes)
    _check_installed(config)
    return config


def _check_installed(config: Config) -> None:
    """Raises ConfigError where something is asked for whose extra is not installed."""
    for name, one in config.channels.items():
        if one.kind == "email":
            extras.need("mail", where=f"channels.{name}")
    if config.mail.is_on:
        extras.need("mail", where="mail")
    if config.auth.oidc.issuer:
        extras.need("accounts", where="auth.oidc")
    if config.contracts:
        extras.need("archive", where="contracts")


def schema() -> dict[str, Any]:
    """JSON Schema of the file."""
    body = Config.model_json_schema(schema_generator=SchemaWriter)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}


def wants_colour(environ: Mapping[str, str] | None = None) -> bool:
    """False where the user (NO_COLOR, https://no-color.org, checked 2026-11) or the terminal has none of it."""
    variables = os.environ if environ is None else environ
    return not variables.get("NO_COLOR") and not is_dumb(variables)


def is_dumb(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the terminal can do no more than print one line after another."""
    variables = os.environ if environ is None else environ
    return variables.get("TERM", "dumb") in ("dumb", "unknown", "")


def unit(environ: Mapping[str, str] | None = None) -> Unit | None:
    """How systemd watches this process; None where it does not."""
    return unit_of(os.environ if environ is None else environ, os.getpid())


def _path_from(environ: Mapping[str, str]) -> Path | None:
    text = environ.get(FILE_VARIABLE, "").strip()
    return Path(text) if text else None
