"""Terraform's and OpenTofu's *.tf, and .terraform.lock.hcl: the providers, and the hosts that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.addresses import hosts
from statuswire.discovery.seen import Kind, Seen

_BLOCK = re.compile(r'\s*provider\s+"([\w./-]{1,200})"')
_SOURCE = re.compile(r'\s*(?:[\w-]+\s*=\s*\{\s*)?source\s*=\s*"([\w.-]{1,100}(?:/[\w.-]{1,100}){1,2})"')
_REGISTRIES = ("registry.terraform.io/", "registry.opentofu.org/")


def configuration(text: str) -> Iterator[Seen]:
    yield from lock(text)
    yield from hosts(text)


def lock(text: str) -> Iterator[Seen]:
    """`provider "aws" {` and `source = "hashicorp/aws"`; a source of three parts on another registry is a module's or a
    mirror's, and is left out."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _BLOCK.match(line) or _SOURCE.match(line)
        if found:
            name = found[1]
            for registry in _REGISTRIES:
                name = name.removeprefix(registry)
            if name.count("/") < 2:
                yield Seen(Kind.TERRAFORM, name.lower(), number)
