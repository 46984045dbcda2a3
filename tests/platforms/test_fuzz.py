"""Whatever becomes of a good document: a ParseError, or a Snapshot that the rest of the system takes as it is.

The Snapshot is recorded by the one door in, on a store in memory, twice: nothing fails there, no text needs repair, and
the second time tells nothing. `python -m tests.fuzz` looks longer, and where coverage grows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse, recognise
from tests.fuzz.mutations import json_mutants, markup_mutants
from tests.fuzz.pipeline import Pipeline
from tests.platforms.golden import Case, cases, document_of, snapshot_of

CASES = [case for case in cases() if case.platform in PLATFORMS]
POLLED = [case for case in CASES if document_of(case).kind is DocumentKind.POLL]
HOOKS = [case for case in CASES if document_of(case).kind is DocumentKind.HOOK]

quickly = settings(max_examples=8)
thoroughly = settings(max_examples=2_000)


@pytest.fixture(scope="module")
def pipeline() -> Iterator[Pipeline]:
    made = Pipeline()
    yield made
    made.close()


def mutants(case: Case) -> st.SearchStrategy[bytes]:
    body = case.path.read_bytes()
    return json_mutants(json.loads(body)) if case.path.suffix == ".json" else markup_mutants(body)


def hold(pipeline: Pipeline, platform: str, document: Document) -> None:
    """A ParseError, or a Snapshot that passes through the whole system."""
    try:
        snapshot = snapshot_of(platform, document)
    except ParseError:
        return
    pipeline.record(snapshot, document)


def names(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", POLLED, ids=names)
def test_a_damaged_document_is_refused_or_recorded(case: Case, pipeline: Pipeline) -> None:
    @quickly
    @given(mutants(case))
    def check(body: bytes) -> None:
        hold(pipeline, case.platform, document_of(case, body))

    check()


@pytest.mark.parametrize("case", HOOKS, ids=names)
def test_a_damaged_hook_is_refused_or_recorded(case: Case, pipeline: Pipeline) -> None:
    @quickly
    @given(mutants(case))
    def check(body: bytes) -> None:
        hold(pipeline, case.platform, document_of(case, body))

    check()


@pytest.mark.parametrize("case", CASES, ids=names)
def test_an_undamaged_document_is_recorded(case: Case, pipeline: Pipeline) -> None:
    document = document_of(case)

    pipeline.record(snapshot_of(case.platform, document), document)


@settings(max_examples=200)
@given(st.sampled_from(CASES).flatmap(lambda case: st.tuples(st.just(case), mutants(case))))
def test_a_damaged_document_of_unknown_make_is_refused_or_recorded(
    pipeline: Pipeline, damaged: tuple[Case, bytes]
) -> None:
    case, body = damaged
    document = document_of(case, body)

    recognise(document)
    try:
        snapshot = parse(document)
    except ParseError:
        return

    pipeline.record(snapshot, document)


@pytest.mark.nightly
@pytest.mark.parametrize("case", CASES, ids=names)
def test_thousands_of_damages_are_refused_or_recorded(case: Case, pipeline: Pipeline) -> None:
    @thoroughly
    @given(mutants(case))
    def check(body: bytes) -> None:
        hold(pipeline, case.platform, document_of(case, body))

    check()
