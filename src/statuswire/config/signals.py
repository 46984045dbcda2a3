"""Which page what your own monitoring says is about."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from statuswire.config import secrets, words
from statuswire.config.base import Settings

_MOST_SECRETS = 3


class SignalRule(Settings):
    """What has all these labels is about this page."""

    match: dict[str, str] = Field(min_length=1, max_length=20, examples=[{"job": "checkout", "severity": "page"}])
    """Labels of the sender, with their values, in which `*` and `?` stand for anything."""

    page: str = Field(min_length=1, max_length=80, examples=["acme"])
    """Slug of the page that it depends on."""

    component: str = Field(default="", max_length=200, examples=["API"])
    """Name, or `Group / Name`, of the component; the page as a whole when empty."""

    @field_validator("match", mode="before")
    @classmethod
    def _are_texts(cls, value: object) -> object:
        """Numbers and truth values of YAML mean their texts."""
        if not isinstance(value, dict):
            return value
        return {str(name): str(one).lower() if isinstance(one, bool) else str(one) for name, one in value.items()}


class SignalsConfig(Settings):
    """What your own monitoring may say, and of which page. Each page has an address of its own for it."""

    shared: bool = Field(default=False, examples=[True])
    """Whether there is one address for all pages beside those of each page; labels say then which page is meant."""

    page_label: str = Field(default="status_page", min_length=1, max_length=100, examples=["status_page"])
    """Label in which a sender itself names the slug of the page."""

    component_label: str = Field(
        default="status_component", min_length=1, max_length=100, examples=["status_component"]
    )
    """Label in which a sender itself names the component."""

    rules: tuple[SignalRule, ...] = Field(
        default_factory=tuple,
        max_length=1_000,
        examples=[[{"match": {"job": "checkout"}, "page": "acme", "component": "API"}]],
    )
    """By which labels page and component are found; the first that fits counts, before the labels above."""

    sentry_secret_env: str = Field(default="", examples=["SENTRY_SECRET"])
    """Variable that holds the client secret of your Sentry integration, or up to three; then what Sentry sends must be
    signed with one."""

    sentry_secret_file: str = Field(default="", examples=["/run/secrets/sentry"])
    """File that holds it."""

    _secrets: tuple[str, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _has_secrets(self, info: ValidationInfo) -> Self:
        if self.sentry_secret_env and self.sentry_secret_file:
            raise ValueError("may have one of `sentry_secret_env` and `sentry_secret_file`")
        if info.context is not None and (self.sentry_secret_env or self.sentry_secret_file):
            self._secrets = self._read_secrets(info)
        return self

    def _read_secrets(self, info: ValidationInfo) -> tuple[str, ...]:
        key = "sentry_secret_env" if self.sentry_secret_env else "sentry_secret_file"
        try:
            if self.sentry_secret_env:
                given = secrets.from_variable(self.sentry_secret_env, (info.context or {})["environ"])
            else:
                given = secrets.from_file(self.sentry_secret_file)
            return _split(given)
        except ValueError as error:
            raise words.together([((key,), str(error))]) from error

    def sentry_secrets(self) -> tuple[str, ...]:
        """The secrets themselves; for the verifier only."""
        return self._secrets


def _split(given: str) -> tuple[str, ...]:
    found = tuple(filter(None, re.split(r"[\s,]+", given)))
    if not 1 <= len(found) <= _MOST_SECRETS:
        raise ValueError(f"must hold one to {_MOST_SECRETS} secrets, with blanks between them")
    return found
