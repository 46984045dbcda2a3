"""Golden documents: a small document per case, beside the Snapshot it must give.

`tests/platforms/<platform>/<case>.json|xml|html|eml` is the document, `<case>.expected.json` beside it says

- `origin`: where such a document is served, and that this one is invented; `captured`: the day its shape was checked;
- optional, how it arrived: `kind` (`hook` for a webhook body), `url`, `received_at`, `headers`, `time_zone`;
- `snapshot`: what parsing gives. Fields that are null, false or empty are left out, but for the `components` of an
  incident, where an empty list ("none") differs from a missing one ("not stated").

After a deliberate change: `python -m tests.platforms.golden --write [CASE...]`, then read the difference before
committing it. A new document needs an expectation with its `origin` and `captured` first; `snapshot` may be empty.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from statuswire.model import Document, DocumentKind, Snapshot
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse, parse_hook

FOLDER = Path(__file__).parent
SUFFIXES = (".json", ".xml", ".html", ".eml")
EXPECTED = ".expected.json"
RECEIVED_AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One document on disk and the file that says what it means."""

    platform: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.platform}/{self.path.stem}"

    @property
    def expected_path(self) -> Path:
        return self.path.with_name(self.path.stem + EXPECTED)

    def expected(self) -> dict[str, object]:
        loaded: dict[str, object] = json.loads(self.expected_path.read_text(encoding="utf-8"))
        return loaded

    @property
    def arrival(self) -> Mapping[str, object]:
        """How it arrived. Asked for once for every damage that is tried, it is read from the disk once."""
        return _arrival(self.expected_path)


@cache
def _arrival(path: Path) -> Mapping[str, object]:
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in loaded.items() if name != "snapshot"}


def cases() -> list[Case]:
    """Every document of every platform folder, in order of name."""
    return list(_cases())


@cache
def _cases() -> tuple[Case, ...]:
    found = (path for path in FOLDER.glob("*/*") if path.suffix in SUFFIXES)
    return tuple(Case(path.parent.name, path) for path in sorted(found) if not path.name.endswith(EXPECTED))


def document_of(case: Case, body: bytes | None = None) -> Document:
    """The case's document, or the same arrival with another `body`."""
    told = case.arrival
    headers = told.get("headers")
    zone = told.get("time_zone")
    return Document(
        body=case.path.read_bytes() if body is None else body,
        received_at=datetime.fromisoformat(str(told["received_at"])) if "received_at" in told else RECEIVED_AT,
        url=str(told.get("url", "")),
        kind=DocumentKind(str(told.get("kind", "poll"))),
        headers={str(k): str(v) for k, v in headers.items()} if isinstance(headers, Mapping) else {},
        time_zone=zone if isinstance(zone, str) else None,
    )


def snapshot_of(platform: str, document: Document) -> Snapshot:
    """Parse as the platform's hook or poll, as the document's kind says; raises ParseError."""
    if document.kind is DocumentKind.HOOK:
        return parse_hook(document, platform)
    return parse(document, platform)


def plain_snapshot(snapshot: Snapshot) -> object:
    """The Snapshot as JSON values in a stable order, without what says nothing."""
    plain = msgspec.to_builtins(snapshot)
    plain["covers"] = sorted(plain["covers"])
    return without_empty(plain)


def without_empty(value: object, parent: str = "") -> object:
    """Drop null, false and empty fields at every depth; see the module docstring for the exception."""
    if isinstance(value, dict):
        kept = {key: without_empty(item, key) for key, item in value.items()}
        return {key: item for key, item in kept.items() if _tells(key, item, parent)}
    if isinstance(value, list | tuple):
        return [without_empty(item, parent) for item in value]
    return value


def _tells(key: str, value: object, parent: str) -> bool:
    if key == "components" and parent == "incidents":
        return value is not None
    return value is not None and value is not False and value != "" and value != [] and value != {}


def write(case: Case) -> bool:
    """Rewrite the expected Snapshot of `case`; True where it changed."""
    told = case.expected()
    fresh = told | {"snapshot": plain_snapshot(snapshot_of(case.platform, document_of(case)))}
    if fresh == told:
        return False
    text = json.dumps(fresh, indent=2, ensure_ascii=False) + "\n"
    case.expected_path.write_text(text, encoding="utf-8")
    return True


def chosen(names: list[str]) -> list[Case]:
    """All, or those of these platforms and cases. Raises LookupError for a name that has none."""
    known = [case for case in cases() if case.platform in PLATFORMS]
    lost = set(names).difference(*((case.platform, case.name) for case in known))
    if lost:
        raise LookupError(f"no document, or its platform is not in _MODULES: {', '.join(sorted(lost))}")
    return [case for case in known if not names or case.name in names or case.platform in names]


def main() -> None:
    parser = argparse.ArgumentParser(description="Show or rewrite the expected Snapshots of golden documents.")
    parser.add_argument("case", nargs="*", help="a platform, or platform/case; default: all")
    parser.add_argument("--write", action="store_true", help="rewrite the expectations that differ")
    options = parser.parse_args()
    try:
        wanted = chosen(options.case)
    except LookupError as error:
        parser.error(str(error))
    for case in wanted:
        if options.write:
            print("rewritten" if write(case) else "unchanged", case.name)
        else:
            shown = plain_snapshot(snapshot_of(case.platform, document_of(case)))
            print(case.name, json.dumps(shown, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
