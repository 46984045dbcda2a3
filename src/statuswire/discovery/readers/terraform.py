"""Terraform's and OpenTofu's *.tf and *.tf.json, and .terraform.lock.hcl: the providers, and the hosts that are named.

Syntax in JSON: https://developer.hashicorp.com/terraform/language/syntax/json, 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.addresses import hosts
from statuswire.discovery.readers.loading import from_json, mapping, mappings, word
from statuswire.discovery.seen import Kind, Seen

_BLOCK = re.compile(r'\s*provider\s+"([\w./-]{1,200})"')
_SOURCE = re.compile(r'\s*(?:[\w-]+\s*=\s*\{\s*)?source\s*=\s*"([\w.-]{1,100}(?:/[\w.-]{1,100}){1,2})"')
_REGISTRIES = ("registry.terraform.io/", "registry.opentofu.org/")


def configuration(text: str) -> Iterator[Seen]:
    yield from lock(text)
    yield from hosts(text)


def lock(text: str) -> Iterator[Seen]:
    """`provider "aws" {` and `source = "hashicorp/aws"`."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _BLOCK.match(line) or _SOURCE.match(line)
        if found:
            yield from _provider(found[1], number)


def configuration_in_json(text: str) -> Iterator[Seen]:
    """What may be a block is a mapping there, or a list of them."""
    body = from_json(text)
    for block in _blocks(body.get("terraform")):
        for wanted in _blocks(block.get("required_providers")):
            for one in wanted.values():
                source = word(mapping(one).get("source"))
                yield from _provider(source, mark=f'"{source}"')
    for block in _blocks(body.get("provider")):
        for name in block:
            yield from _provider(name, mark=f'"{name}"')
    yield from hosts(text)


def _provider(source: str, line: int = 0, mark: str = "") -> Iterator[Seen]:
    """A source of three parts is a module's (`namespace/name/provider`), or begins with another registry, which may be
    a mirror, and is left out."""
    name = source
    for registry in _REGISTRIES:
        name = name.removeprefix(registry)
    first, *rest = name.split("/")
    if len(rest) == 2 and "." not in first:
        name = rest[1]
    if name.count("/") < 2:
        yield Seen(Kind.TERRAFORM, name.lower(), line, mark)


def _blocks(value: object) -> Iterator[dict[str, object]]:
    yield from mappings(value if isinstance(value, list) else [value])
