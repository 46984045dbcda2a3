"""Which vendor a name means: the files of data beside this module, each read when first asked for.

A row begins with a slug of the catalog; its other cells hold names, separated by blanks. A name that ends in `*` stands
for all that begin so. A row without a slug lists names that mean nobody, though a wider one would. Compiled by hand;
the names of npm's and PyPI's packages compared with what is published there, 2026-11.

| file | names |
| --- | --- |
| packages.csv | packages, a column for each ecosystem, with how sure they make |
| hosts.csv | hosts and all below them: `calls` is talked to by programs, `also` is mostly linked to |
| environment.csv | environment variables |
| terraform.csv | providers, `namespace/name` |
| registries.csv | registries of container images, and all hosts below them |
| files.csv | files that only this vendor's product reads, with how sure they make |
| words.csv | lists of words that are of no vendor |
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

from statuswire.catalog import providers
from statuswire.discovery.seen import SURENESS_WORDS, Kind, Sureness

_CUTS = frozenset("/-_.")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Meant:
    """The vendor that a name means; an empty slug is nobody."""

    slug: str
    sureness: Sureness


@dataclass(frozen=True, slots=True)
class Host:
    """The vendor whose host this is. `is_linked`: so much linked to that only traffic to it says anything. `is_home`:
    the host itself, without more before it, is the vendor's site."""

    slug: str
    is_linked: bool
    is_home: bool


Names = Mapping[str, Meant]


def rows(table: str) -> list[dict[str, str]]:
    text = files("statuswire.discovery").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def find(names: Names, name: str) -> Meant | None:
    """Whom a name means: itself, else the longest beginning that the table has, cut at `/`, `-`, `_` or a dot."""
    name = name.lower()
    if name in names:
        return names[name]
    for end in range(len(name) - 1, 0, -1):
        if name[end] in _CUTS:
            found = names.get(name[: end + 1] + "*") or (names.get(name[:end]) if name[end] == "/" else None)
            if found is not None:
                return found
    return None


@cache
def packages(kind: Kind) -> Names:
    return {
        name.lower(): Meant(row["slug"], SURENESS_WORDS[row["sureness"]])
        for row in rows("packages")
        for name in row[kind].split()
    }


@cache
def environment() -> Names:
    return _plain("environment", "names", Sureness.WEAK)


@cache
def terraform() -> Names:
    """By `namespace/name`, and by the name alone, where that of the vendor itself or of HashiCorp counts first."""
    full = dict(_plain("terraform", "providers", Sureness.STRONG))
    alone = {key.partition("/")[2]: meant for key, meant in full.items()}
    return alone | {key.removeprefix("hashicorp/"): full[key] for key in full if key.startswith("hashicorp/")} | full


@cache
def registries() -> Names:
    return _plain("registries", "hosts", Sureness.FAIR)


@cache
def files_by_name() -> Names:
    """Whom the whole name of a file means."""
    return {pattern: meant for pattern, meant in _patterns() if "/" not in pattern}


@cache
def files_by_place() -> tuple[tuple[str, Meant], ...]:
    """(pattern of the end of a path, whom it means)."""
    return tuple((pattern, meant) for pattern, meant in _patterns() if "/" in pattern)


def _patterns() -> Iterator[tuple[str, Meant]]:
    for row in rows("files"):
        meant = Meant(row["slug"], SURENESS_WORDS[row["sureness"]])
        yield from ((pattern, meant) for pattern in row["patterns"].split())


@cache
def words(name: str) -> frozenset[str]:
    """One of the lists of `words.csv`, which are of no vendor:

    | list | words |
    | --- | --- |
    | aside | folders whose files speak of more than what is depended on |
    | links | beginnings of hosts to which people are sent and programs are not |
    | skipped | folders of other people's work, or of what is made from this one's |
    | sources | endings of files in which host names are looked for |
    | telling | beginnings of hosts that may be shown; any other may be the name of an account |
    """
    return frozenset(next(row["words"] for row in rows("words") if row["list"] == name).split())


@cache
def hosts() -> Mapping[str, Host]:
    """Of `hosts.csv`, and of the sites of the catalog's providers, the better known first where two share one."""
    homes: dict[str, str] = {}
    for one in sorted(providers(), key=lambda one: (-one.lists, one.slug)):
        for home in _homes(one.homepage, one.hosts):
            homes.setdefault(home, one.slug)
    listed = {host: (row["slug"], False) for row in rows("hosts") for host in row["calls"].split()}
    listed |= {host: (row["slug"], True) for row in rows("hosts") for host in row["also"].split()}
    derived = {host: Host(slug, False, True) for host, slug in homes.items()}
    return derived | {host: Host(slug, is_linked, host in homes) for host, (slug, is_linked) in listed.items()}


def host_of_vendor(host: str) -> tuple[str, Host] | None:
    """The longest ending of a host that belongs to somebody, with whose it is."""
    found = _longest_ending(hosts(), host)
    return found if found and found[1].slug else None


def registry_of(host: str) -> tuple[str, Meant] | None:
    """The longest ending of a registry's host that is known, with whose it is."""
    return _longest_ending(registries(), host)


def _longest_ending(table: Mapping[str, T], host: str) -> tuple[str, T] | None:
    labels = host.lower().rstrip(".").split(".")
    endings = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next(((ending, table[ending]) for ending in endings if ending in table), None)


def _homes(homepage: str, known: tuple[str, ...]) -> Iterator[str]:
    """Hosts of a provider's site: that of the catalog, else what `status.` stands before."""
    if homepage:
        yield known[-1]
    elif known and known[0].startswith("status.") and known[0].count(".") >= 2:
        yield known[0].removeprefix("status.")


def _plain(table: str, column: str, sureness: Sureness) -> Names:
    return {name.lower(): Meant(row["slug"], sureness) for row in rows(table) for name in row[column].split()}
