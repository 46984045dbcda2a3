"""Secrets that a setting does not hold itself but names: `..._env` a variable, `..._file` a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationInfo

from statuswire.config import words


def from_variable(name: str, environ: Mapping[str, str]) -> str:
    """The value of the variable, without blanks around it. Raises ValueError where it is not set or empty."""
    value = environ.get(name, "").strip()
    if not value:
        raise ValueError(f"names the variable {name}, which is not set")
    return value


def from_file(name: str) -> str:
    """The text of the file, without blanks around it. Raises ValueError where it cannot be read or is empty."""
    try:
        value = Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
        raise ValueError(f"names a file that cannot be read: {name}: {why}") from error
    if not value:
        raise ValueError("names a file that is empty")
    return value


def password(variable: str, file: str, info: ValidationInfo) -> str:
    """The one that `password_env` or `password_file` names. Without a context nothing is read. Raises ValidationError
    at the key."""
    if info.context is None:
        return ""
    try:
        return from_variable(variable, info.context["environ"]) if variable else from_file(file)
    except ValueError as error:
        raise words.together([(("password_env" if variable else "password_file",), str(error))]) from error
