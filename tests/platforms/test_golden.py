"""Every golden document gives its Snapshot, and no damage to it gives anything but a ParseError or a Snapshot."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Snapshot
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse, recognise
from tests.each import each
from tests.platforms.golden import Case, cases, chosen, document_of, plain_snapshot, snapshot_of, without_empty

CASES = cases()
Claim: TypeAlias = Callable[[Case], None]


def every_case(claim: Claim) -> Callable[[str], None]:
    """A test of each platform, which is about all its documents."""

    @pytest.mark.parametrize("platform", sorted({case.platform for case in CASES}))
    def test(platform: str) -> None:
        each((case for case in CASES if case.platform == platform), claim, lambda case: case.name)

    test.__doc__ = claim.__doc__
    return test


HOSTILE_VALUES: tuple[object, ...] = (
    None, True, 0, -1, 10**25, 1.5, "", "x", "\x00", "2026-02-30T99:99:99Z", "9999-12-31T23:59:59-14:00",
    [], {}, [None], [[]], [{}], {"id": None}, {"id": []}, "\u202e\u0000<b>&lt;",
)  # fmt: skip
TRUNCATIONS = 24
MUTATIONS = 40


def test_a_name_that_is_not_known_is_said_so() -> None:
    assert {case.platform for case in chosen(["statuspage"])} == {"statuspage"}
    with pytest.raises(LookupError, match="not in _MODULES: lampligth"):
        chosen(["statuspage", "lampligth"])


@every_case
def test_a_golden_document_names_a_platform_and_its_origin(case: Case) -> None:
    told = case.expected()

    assert case.platform in PLATFORMS
    assert told.get("origin")
    assert told.get("captured")


@every_case
def test_a_golden_document_gives_the_expected_snapshot(case: Case) -> None:
    snapshot = snapshot_of(case.platform, document_of(case))

    assert plain_snapshot(snapshot) == _expected_snapshot(case)


@every_case
def test_parsing_the_same_document_twice_gives_equal_snapshots(case: Case) -> None:
    document = document_of(case)

    assert snapshot_of(case.platform, document) == snapshot_of(case.platform, document)


@every_case
def test_a_truncated_document_is_an_error_or_a_snapshot(case: Case) -> None:
    body = case.path.read_bytes()

    for step in range(TRUNCATIONS):
        _must_be_total(case.platform, document_of(case, body[: len(body) * step // TRUNCATIONS]))


@every_case
def test_a_document_with_damaged_bytes_is_an_error_or_a_snapshot(case: Case) -> None:
    body = case.path.read_bytes()

    for mutant in _damaged(body, random.Random(case.name)):
        _must_be_total(case.platform, document_of(case, mutant))


@every_case
def test_a_document_with_values_of_the_wrong_type_is_an_error_or_a_snapshot(case: Case) -> None:
    if case.path.suffix != ".json":
        return
    loaded = json.loads(case.path.read_bytes())
    chance = random.Random(case.name)

    for replace in _places(loaded):
        body = replace(chance.choice(HOSTILE_VALUES))
        _must_be_total(case.platform, document_of(case, body))


@every_case
def test_every_platform_refuses_or_reads_the_documents_of_the_others(case: Case) -> None:
    document = document_of(case)

    for platform in PLATFORMS:
        _must_be_total(platform, document)


@every_case
def test_recognition_and_guessing_never_fail_otherwise(case: Case) -> None:
    body = case.path.read_bytes()

    for mutant in (body, body[: len(body) // 2], body[::-1], b"", b"\xff\xfe\x00"):
        document = document_of(case, mutant)
        recognise(document)
        _read_or_refuse(lambda document=document: parse(document))


def _expected_snapshot(case: Case) -> object:
    snapshot = without_empty({"snapshot": case.expected()["snapshot"]})
    assert isinstance(snapshot, dict)
    return snapshot["snapshot"]


def _must_be_total(platform: str, document: Document) -> None:
    _read_or_refuse(lambda: snapshot_of(platform, document))


def _read_or_refuse(read: Callable[[], Snapshot]) -> None:
    try:
        snapshot = read()
    except ParseError:
        return
    assert isinstance(snapshot, Snapshot)


def _damaged(body: bytes, chance: random.Random) -> Iterator[bytes]:
    """Flipped, dropped, doubled and overwritten stretches of `body`."""
    for _ in range(MUTATIONS):
        at = chance.randrange(len(body) or 1)
        length = chance.choice((1, 1, 2, 8, 64, 512))
        middle = chance.choice(
            (b"", chance.randbytes(length), body[at : at + length] * 2, b"\x00", b"null", b'"', b"&", b"<")
        )
        yield body[:at] + middle + body[at + length :]


def _places(loaded: object) -> Iterator[Callable[[object], bytes]]:
    """A function per value inside `loaded` that gives the document's bytes with that value replaced."""
    for holder, key in _slots(loaded):

        def replace(value: object, holder: object = holder, key: object = key) -> bytes:
            kept = holder[key]
            holder[key] = value
            try:
                return json.dumps(loaded).encode()
            finally:
                holder[key] = kept

        yield replace


def _slots(value: object) -> Iterator[tuple[dict | list, object]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _slots(value[key])
