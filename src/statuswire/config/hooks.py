"""Which inbound webhooks are believed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from statuswire.config import secrets, words
from statuswire.config.base import Settings
from statuswire.config.layers import KeyPath
from statuswire.errors import SignatureError
from statuswire.platforms import HOOKED
from statuswire.platforms.hook_paths import path_word
from statuswire.signing import MAX_SECRETS, check_secret


class HookConfig(Settings):
    """Which inbound webhooks are believed."""

    allow_unsigned: bool = Field(default=False, examples=[True])
    """Believe unsigned hooks from beyond loopback too."""

    secrets: dict[str, tuple[SecretStr, ...]] = Field(
        default_factory=dict, examples=[{"incident-io": ["whsec_..."]}], repr=False
    )
    """Signing secrets or public keys (`whpk_...`), one to three each, by hook path: `incident-io`, `generic/acme` ...
    `<path>_env: NAME` and `<path>_file: /path` take them from a variable or a file."""

    @field_validator("secrets", mode="before")
    @classmethod
    def _spell_out(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, Mapping):
            return value
        environ = (info.context or {}).get("environ", {})
        spelled: dict[str, object] = {}
        wrong: list[tuple[KeyPath, str]] = []
        for key, entry in value.items():
            try:
                spelled[_hook_path(str(key))] = _secret_list(str(key), entry, environ)
            except ValueError as error:
                wrong.append(((str(key),), str(error)))
        if wrong:
            raise words.together(wrong)
        return spelled

    @field_validator("secrets")
    @classmethod
    def _can_verify(cls, value: dict[str, tuple[SecretStr, ...]]) -> dict[str, tuple[SecretStr, ...]]:
        wrong: list[tuple[KeyPath, str]] = [
            ((path,), sentence)
            for path, some in value.items()
            if (sentence := _useless([one.get_secret_value() for one in some]))
        ]
        if wrong:
            raise words.together(wrong)
        return value

    def revealed(self) -> dict[str, tuple[str, ...]]:
        """The secrets themselves, by hook path; for the verifier only."""
        return {path: tuple(one.get_secret_value() for one in some) for path, some in self.secrets.items()}


def _useless(some: Sequence[str]) -> str:
    """Why these secrets could verify nothing, never with one of them; empty where they can."""
    if not 1 <= len(some) <= MAX_SECRETS or not all(some):
        return "needs one to three secrets, none of them empty"
    try:
        for one in some:
            check_secret(one)
    except SignatureError as error:
        return f"has a secret that is of no use: {error}"
    return ""


def _hook_path(key: str) -> str:
    """`incident_io`, `incident.io` and `incidentio_env` all mean the path `incident-io`; `generic/acme` is the path of
    one provider."""
    bare = re.sub(r"_(?:env|file)$", "", key.lower())
    if bare.startswith("generic/"):
        return bare
    folded = re.sub(r"[^a-z0-9]", "", bare)
    paths = hook_paths()
    if folded not in paths:
        raise ValueError(f"is not a hook path; {words.choices(bare, sorted(paths.values()))}")
    return paths[folded]


def hook_paths() -> dict[str, str]:
    """The hook paths that may have a secret, by their spelling without marks: `incidentio` is `incident-io`."""
    names = set(HOOKED)
    return {re.sub(r"[^a-z0-9]", "", name): path_word(name) for name in sorted(names | {"generic", "test", "webhook"})}


def _secret_list(key: str, entry: object, environ: Mapping[str, str]) -> object:
    if key.endswith("_env"):
        return re.split(r"[\s,]+", secrets.from_variable(str(entry), environ))
    if key.endswith("_file"):
        return secrets.from_file(str(entry)).split()
    return [entry] if isinstance(entry, str) else entry
