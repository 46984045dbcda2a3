"""What `discover` prints: a table for people, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from statuswire.catalog import find
from statuswire.channels.terminal import Style, one_line
from statuswire.discovery.domains import Traffic
from statuswire.discovery.searching import Search
from statuswire.discovery.seen import Evidence, Kind, Proposal
from statuswire.tables import table

SHOWN_UNREAD = 10
SHOWN_UNKNOWN = 10

_WORDS = {
    Kind.NPM: "npm package",
    Kind.PYPI: "Python package",
    Kind.GO: "Go module",
    Kind.CARGO: "crate",
    Kind.COMPOSER: "Composer package",
    Kind.GEM: "gem",
    Kind.TERRAFORM: "Terraform provider",
    Kind.IMAGE: "image from",
    Kind.FILE: "file",
    Kind.HOST: "host",
    Kind.ENVIRONMENT: "variable",
}


def told(one: Evidence) -> str:
    """`npm package stripe (package.json:7)`."""
    line = f":{one.line}" if one.line else ""
    indirect = ", brought in by another" if one.is_indirect else ""
    return one_line(f"{_WORDS[one.kind]} {one.name} ({one.file}{line}{indirect})")


def as_body(proposals: Sequence[Proposal], search: Search, traffic: Traffic | None) -> dict[str, object]:
    """For JSON."""
    body: dict[str, object] = {
        "pages": [_row(one) for one in proposals],
        "unread": [{"file": one.file, "why": one.why} for one in search.unread],
        "files": search.files,
        "read": search.read,
        "cut": search.cut,
    }
    if traffic is not None:
        unknown = [{"host": host, "lines": count} for host, count in traffic.unknown.most_common(1000)]
        body |= {"lines": traffic.lines, "without_host": traffic.without_host, "unknown_hosts": unknown}
    return body


def _row(one: Proposal) -> dict[str, object]:
    provider = find(one.slug)
    return {
        "slug": one.slug,
        "name": provider.name if provider else one.slug,
        "url": provider.page_url if provider else "",
        "sureness": one.sureness.name.lower(),
        "seen": one.count,
        "evidence": [
            {
                "kind": known.kind.value,
                "name": known.name,
                "file": known.file,
                "line": known.line,
                "sureness": known.sureness.name.lower(),
                "is_indirect": known.is_indirect,
            }
            for known in one.evidence
        ],
    }


def lines(proposals: Sequence[Proposal], search: Search, traffic: Traffic | None, style: Style) -> Iterator[str]:
    """For people."""
    rows = [(one.slug, one.sureness.name.lower(), told(one.evidence[0]) + _more(one.count - 1)) for one in proposals]
    yield from (
        table(("Page", "Sure", "Because of"), rows, style) if rows else ("nothing in the catalog is named there",)
    )
    yield ""
    if search.files:
        yield f"{len(proposals)} pages from {search.read} of {search.files} files"
    if search.cut:
        yield f"not all was looked at: {search.cut}"
    for one in search.unread[:SHOWN_UNREAD]:
        yield one_line(f"not read: {one.file} {one.why}")
    if len(search.unread) > SHOWN_UNREAD:
        yield f"not read: {len(search.unread) - SHOWN_UNREAD} more, see --json"
    yield from _of_traffic(traffic) if traffic is not None else ()


def _of_traffic(traffic: Traffic) -> Iterator[str]:
    yield f"{traffic.lines} lines of traffic, {traffic.without_host} of them without a host"
    if traffic.unknown:
        most = ", ".join(one_line(host) for host, _ in traffic.unknown.most_common(SHOWN_UNKNOWN))
        yield f"{len(traffic.unknown)} hosts are of nobody in the catalog, most often: {most}"


def _more(count: int) -> str:
    return f" and {count} more" if count else ""
