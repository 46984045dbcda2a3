"""What all settings have in common."""

from __future__ import annotations

from pydantic import ConfigDict

from statuswire.described import Described


class Settings(Described):
    """Frozen, without unknown keys; no value appears in an error; attribute docstrings are the published texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
