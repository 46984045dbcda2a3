"""What comes only with extras: which libraries each brings, and what is said where one of them is not there.

The base watches, tells and answers hooks; `pip install 'statuswire[standard]'` is what most installations are. Code
that needs a library of an extra is loaded late, and the error of an import becomes one sentence at the edges: the
commands (`cli.group`), the views (`web.app`), the start of what is configured (`need`).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, Final

from statuswire.errors import ConfigError

EXTRAS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "web": ("fastapi", "jinja2", "nh3", "starlette", "wsproto"),
        "accounts": ("argon2", "authlib", "joserfc"),
        "mail": ("aiosmtpd", "aiosmtplib", "dkim", "dns"),
        "signatures": ("cryptography",),
        "archive": ("zstandard",),
        "fast": ("aiodns", "brotli", "uvloop"),
        "postgres": ("psycopg",),
        "redis": ("redis",),
        "mcp": ("mcp", "mcp_types"),
        "apprise": ("apprise",),
        "tui": ("textual",),
    }
)
"""The modules that code imports, by extra. A test holds it equal to `pyproject.toml`."""

STANDARD: Final = ("web", "accounts", "mail", "signatures", "archive", "fast")
"""What `statuswire[standard]` stands for."""

_EXTRA_OF: Final = {module: extra for extra, modules in EXTRAS.items() for module in modules}


def lacking(extra: str) -> tuple[str, ...]:
    """Those of its modules that are not installed."""
    return tuple(module for module in EXTRAS[extra] if find_spec(module) is None)


def need(extra: str, *, where: str) -> None:
    """Raises ConfigError where the extra is not installed; `where` is what asks for it."""
    missing = lacking(extra)
    if missing:
        raise ConfigError(install(extra, missing[0]), where=where)


def optional(module: str) -> Any:
    """The module, None where it is not installed: for what goes on without it."""
    return import_module(module) if find_spec(module) else None


def install(extra: str, module: str) -> str:
    """What to do, as one sentence."""
    return f"needs a library that is not installed ({module}): pip install 'statuswire[{extra}]'"


def sentence(error: ImportError) -> str:
    """What to do about an import that failed, empty where none of our extras would help."""
    module = (error.name or "").partition(".")[0]
    return install(_EXTRA_OF[module], module) if module in _EXTRA_OF else ""
