"""Which parts of the work a process does."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from statuswire.config import words
from statuswire.model import ReplicaRole

ALL_ROLES = tuple(ReplicaRole)


def _read(value: object) -> object:
    """A list, or words with commas between them. Whatever the order and however often each is named."""
    listed = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(listed, list | tuple):
        raise ValueError(f"must be a list; {words.choices('', [role.value for role in ALL_ROLES])}")
    known = [role.value for role in ALL_ROLES]
    for word in listed:
        if word not in known:
            raise ValueError(f"has `{word}`, which is no role; {words.choices(str(word), known)}")
    if not listed:
        raise ValueError(f"is empty, so that nothing would be done; {words.choices('', known)}")
    return tuple(role for role in ALL_ROLES if role in listed)


_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"enum": [role.value for role in ALL_ROLES]}}]}
)

Roles = Annotated[tuple[ReplicaRole, ...], BeforeValidator(_read), _SCHEMA]
