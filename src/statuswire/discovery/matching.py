"""From what files name to pages of the catalog, with the evidence for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from statuswire.discovery import tables
from statuswire.discovery.kinds import is_like
from statuswire.discovery.seen import PACKAGES, Evidence, Kind, Proposal, Seen, Sureness
from statuswire.discovery.tables import Meant

MAX_EVIDENCE = 8
"""How much evidence is kept for one page; the rest is only counted."""

_FRAMEWORKS = (
    "NEXT_PUBLIC_",
    "REACT_APP_",
    "VITE_",
    "NUXT_PUBLIC_",
    "NUXT_",
    "EXPO_PUBLIC_",
    "PUBLIC_",
    "GATSBY_",
    "TF_VAR_",
)
"""What front ends put before the names of variables that may be seen by everybody."""


@dataclass(slots=True)
class Findings:
    """All proposals so far, by slug."""

    proposals: dict[str, Proposal] = field(default_factory=dict)

    def add(self, slug: str, evidence: Evidence) -> None:
        """Keep it, the surest first; of the same name in the same file only one."""
        one = self.proposals.setdefault(slug, Proposal(slug))
        one.count += 1
        same = (evidence.kind, evidence.name, evidence.file)
        if all((known.kind, known.name, known.file) != same for known in one.evidence):
            one.evidence.append(evidence)
            one.evidence.sort(key=lambda known: -known.sureness)
            del one.evidence[MAX_EVIDENCE:]

    def absorb(self, other: Findings) -> None:
        """Add all of another, whose evidence may have been more than was kept."""
        for slug, one in other.proposals.items():
            for evidence in one.evidence:
                self.add(slug, evidence)
            self.proposals[slug].count += one.count - len(one.evidence)

    def ranked(self, least: Sureness = Sureness.WEAK) -> list[Proposal]:
        """The surest first, then by slug."""
        sure = [one for one in self.proposals.values() if one.sureness >= least]
        return sorted(sure, key=lambda one: (-one.sureness, one.slug))


def of_file(findings: Findings, file: str, text: str, seen: Iterable[Seen]) -> None:
    """Add what one file names. Raises what the reader raises, with all that it found before kept."""
    most = _most(file)
    for one in seen:
        meant = _meant(one)
        if meant is None or not meant.slug:
            continue
        line = one.line or line_of(text, one.mark)
        sureness = min(meant.sureness, most, Sureness.FAIR if one.is_indirect else Sureness.STRONG)
        findings.add(meant.slug, Evidence(one.kind, _shown(one), file, line, sureness, one.is_indirect))


def of_name(findings: Findings, file: str) -> None:
    """Add what the mere name of a file says: `vercel.json` is Vercel's."""
    name = file.rpartition("/")[2]
    meant = tables.files_by_name().get(name) or next(
        (meant for pattern, meant in tables.files_by_place() if is_like(file, pattern)), None
    )
    if meant is not None:
        findings.add(meant.slug, Evidence(Kind.FILE, name, file, 0, min(meant.sureness, _most(file))))


def _most(file: str) -> Sureness:
    """How sure a file can make at most, by the folders in which it lies."""
    return Sureness.WEAK if tables.words("aside").intersection(file.lower().split("/")[:-1]) else Sureness.STRONG


def of_traffic(host: str) -> str:
    """The slug of whose host it is to which traffic goes; empty for nobody's."""
    found = tables.host_of_vendor(host)
    return found[1].slug if found else ""


def line_of(text: str, mark: str) -> int:
    """The line in which a mark stands first, 0 where it does not. A mark may begin with the end of the line before."""
    at = text.find(mark) if mark else -1
    return text.count("\n", 0, at) + mark.startswith("\n") + 1 if at >= 0 else 0


def _meant(one: Seen) -> Meant | None:
    if one.kind in PACKAGES:
        return tables.find(tables.packages(one.kind), one.name)
    return _BY_KIND[one.kind](one.name)


def _of_variable(name: str) -> Meant | None:
    bare = next((name.removeprefix(start) for start in _FRAMEWORKS if name.startswith(start)), name)
    return tables.find(tables.environment(), bare)


def _of_host(host: str) -> Meant | None:
    """A vendor's host in a file, unless it is one that people are sent to."""
    found = tables.host_of_vendor(host)
    if found is None:
        return None
    ending, vendor = found
    before = host.removesuffix(ending).rstrip(".")
    if vendor.is_linked or (vendor.is_home and not before) or before.partition(".")[0] in tables.words("links"):
        return None
    return Meant(vendor.slug, Sureness.FAIR)


def _of_registry(host: str) -> Meant | None:
    found = tables.registry_of(host)
    return found[1] if found else None


def _shown(one: Seen) -> str:
    """The name as it is reported: of a host only the vendor's part and a usual beginning, never an account's."""
    if one.kind not in (Kind.HOST, Kind.IMAGE):
        return one.name
    found = tables.registry_of(one.name) if one.kind is Kind.IMAGE else tables.host_of_vendor(one.name)
    ending = found[0] if found else one.name
    before = one.name.removesuffix(ending).rstrip(".")
    return one.name if not before or before in tables.words("telling") else f"*.{ending}"


_BY_KIND: dict[Kind, Callable[[str], Meant | None]] = {
    Kind.TERRAFORM: lambda name: tables.find(tables.terraform(), name),
    Kind.IMAGE: _of_registry,
    Kind.HOST: _of_host,
    Kind.ENVIRONMENT: _of_variable,
}
