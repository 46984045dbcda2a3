"""The nouns: what a file names, whom it means, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What sort of name it is; for packages the ecosystem, which is a column of `packages.csv`."""

    NPM = "npm"
    PYPI = "pypi"
    GO = "go"
    CARGO = "cargo"
    COMPOSER = "composer"
    GEM = "gem"
    TERRAFORM = "terraform"
    IMAGE = "image"
    FILE = "file"
    HOST = "host"
    ENVIRONMENT = "environment"


PACKAGES = (Kind.NPM, Kind.PYPI, Kind.GO, Kind.CARGO, Kind.COMPOSER, Kind.GEM)


class Sureness(IntEnum):
    """STRONG: the vendor's own software is used. FAIR: a host name, or software that may be run elsewhere too. WEAK: a
    variable has a name like the vendor's."""

    WEAK = 1
    FAIR = 2
    STRONG = 3


SURENESS_WORDS = {one.name.lower(): one for one in Sureness}


@dataclass(frozen=True, slots=True)
class Seen:
    """One name in one file. Where `line` is 0, the line is where `mark` stands first. `is_indirect`: the file says that
    another package brings it in."""

    kind: Kind
    name: str
    line: int = 0
    mark: str = ""
    is_indirect: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a page is proposed: what was seen, where. `line` 0 means the file as a whole."""

    kind: Kind
    name: str
    file: str
    line: int
    sureness: Sureness
    is_indirect: bool = False


@dataclass(slots=True)
class Proposal:
    """A page of the catalog, with the best evidence for it. `count` is of all evidence, kept or not."""

    slug: str
    evidence: list[Evidence] = field(default_factory=list)
    count: int = 0

    @property
    def sureness(self) -> Sureness:
        return max(one.sureness for one in self.evidence)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not read, and why, in our own words: the complaints of parsers quote what they read."""

    file: str
    why: str
