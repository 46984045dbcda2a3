"""The captured documents, what is expected of each, and how it was read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind, Snapshot
from statuswire.platforms.parsing import parse

READ_AT = datetime(2026, 11, 1, tzinfo=UTC)
UNKNOWN_WORD = "unknown word"

NO_DOCUMENTS = ("embedded page data", "truth", "series:", "third-party reconstruction")
"""Kinds of rows that are made from documents, or hold many."""
OTHER_READERS = ("email", "research")
"""Platforms of the manifest that are read elsewhere, or by nobody: mail has a parser of its own, research is CSV."""

REFUSED = {
    "betterstack/eyloo/page": "a page for people of 2023, before the markup that is read",
    "cachet/api-v1-metrics/": "metrics, which say nothing of a status",
    "cachet/api-v1-component_groups/": "groups alone, which nothing tells from another product's list",
    "other/datocms-own/": "records of a home-made page, which no page serves",
    "statuspage/odd-": "no status page",
    "weird/cf-": "an error or a block page",
    "weird/derived/empty": "nothing in it",
    "weird/derived/null": "nothing in it",
    "weird/derived/whitespace": "nothing in it",
    "weird/derived/gzip-bytes": "compressed, and nobody said so",
    "weird/derived/truncated": "cut off",
}
"""Beginnings of paths of what need not be read, and why. All else must be; what is read nevertheless does no harm."""

ELSEWHERE = {
    "cstate/demo-2017/": "rss",
    "other/hund-atom/": "hund",
    "other/checkly-mistral/": "checkly",
    "other/statuscast-fastly/": "statuscast",
    "other/uptimecom-2026/": "uptimecom",
    "other/lambstatus/": "rss",
    "other/announcekit/": "atom",
    "other/zendesk-ssp/": "zendesk",
    "weird/derived/jsonp-": "apple",
    "weird/derived/latin1-": "hund",
    "weird/derived/utf16le-": "aws",
    "weird/derived/utf8-bom-": "statuspage",
    "azure/devops-page/": "azuredevops",
    "gcp/": "google",
}
"""Beginnings of paths of documents that another adapter reads than the manifest's word for the platform says."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of the manifest. `refusal` is why it need not be read, empty where it must be."""

    path: str
    platform: str
    kind: str
    notes: str
    file: Path

    @property
    def refusal(self) -> str:
        return _by_beginning(REFUSED, self.path)

    @property
    def reader(self) -> str:
        """The adapter that must recognise it; empty where any may."""
        return _by_beginning(ELSEWHERE, self.path) or ("" if self.platform == "other" else self.platform)

    def document(self) -> Document:
        kind = DocumentKind.HOOK if "webhook" in self.kind else DocumentKind.POLL
        return Document(self.file.read_bytes(), READ_AT, kind=kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one capture: a Snapshot, or the sentence with which it was refused."""

    capture: Capture
    snapshot: Snapshot | None
    error: str = ""

    @property
    def fault(self) -> str:
        """What is wrong with it, as a sentence; empty where it is as it should be."""
        if self.snapshot is None:
            return "" if self.capture.refusal else f"{self.capture.path} is refused: {self.error}"
        if not self.capture.refusal and self.snapshot.platform != (self.capture.reader or self.snapshot.platform):
            return f"{self.capture.path} is taken for {self.snapshot.platform}"
        words = self.unknown_words
        return f"{self.capture.path} has unknown words: {', '.join(words)}" if words else ""

    @property
    def unknown_words(self) -> list[str]:
        problems = self.snapshot.problems if self.snapshot else ()
        return [f"{one.where}: {one.reason}" for one in problems if one.reason.startswith(UNKNOWN_WORD)]


def captures_in(folder: Path) -> Iterator[Capture]:
    """Every single document, in the order of the manifest."""
    with (folder / "MANIFEST.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["platform"] not in OTHER_READERS and not row["kind"].startswith(NO_DOCUMENTS):
                yield Capture(row["path"], row["platform"], row["kind"], row["notes"], folder / row["path"])


def read(capture: Capture) -> Reading:
    """By its content alone, as whatever it is."""
    try:
        return Reading(capture, parse(capture.document()))
    except ParseError as error:
        return Reading(capture, None, str(error))


def _by_beginning(table: dict[str, str], path: str) -> str:
    return next((value for beginning, value in table.items() if path.startswith(beginning)), "")
