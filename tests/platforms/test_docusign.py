"""DocuSign: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, Phase, Role, Status
from statuswire.platforms.vendors.docusign import FOLDER, IMPACTS, LEVELS, feeds, parse, recognize
from statuswire.platforms.words import PHASE_WORDS
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight


@pytest.mark.parametrize("page", ["https://health.docusign.com/status", "https://status.docusign.com"])
def test_the_page_of_its_own_is_polled(page: str) -> None:
    assert [(spec.url, spec.role) for spec in feeds(page)] == [
        (f"{FOLDER}/components.json", Role.STATE),
        (f"{FOLDER}/incidents.json", Role.ENTRIES),
    ]


def test_a_document_that_is_named_is_polled_alone() -> None:
    assert [spec.url for spec in feeds(f"{FOLDER}/incidents.json")] == [f"{FOLDER}/incidents.json"]


@pytest.mark.parametrize("word", list(LEVELS))
def test_each_word_is_a_level(word: str) -> None:
    row = {"id": "a", "name": "A", "type": "site", "parentId": "p", "status": word}

    assert parse(document({"components": [row]})).components[0].status is LEVELS[word]


@pytest.mark.parametrize("word", list(IMPACTS))
def test_each_word_of_an_incident_is_an_impact(word: str) -> None:
    row = {"incidentId": 1, "title": "x", "status": "resolved", "impact": word}

    assert parse(document({"incidents": [row]})).incidents[0].impact is IMPACTS[word]


@pytest.mark.parametrize("word", list(PHASE_WORDS))
def test_each_status_of_an_incident_is_a_phase(word: str) -> None:
    row = {"incidentId": 1, "title": "x", "status": word, "impact": "none"}

    assert parse(document({"incidents": [row]})).incidents[0].phase is PHASE_WORDS[word]


def test_only_leaves_are_rows_in_the_group_of_their_product() -> None:
    rows = parse(document(fixture("docusign/open.json"))).components

    assert [(row.name, row.group, row.status) for row in rows] == [
        ("NA9", "eSignature", Status.OPERATIONAL),
        ("EU9", "eSignature", Status.DEGRADED),
        ("Notary", "Signing", Status.MAJOR_OUTAGE),
    ]


def test_a_product_above_itself_is_no_row_and_no_loop() -> None:
    row = {"id": "a", "name": "A", "type": "product", "parentId": "a", "status": "available"}

    assert parse(document({"components": [row]})).components == ()


def test_an_empty_list_removes_nothing() -> None:
    assert parse(document({"components": []})).covers == frozenset()


def test_one_bad_row_takes_the_cover() -> None:
    good = {"id": "a", "name": "A", "type": "site", "parentId": "p", "status": "available"}

    assert parse(document({"components": [good]})).covers == {Cover.COMPONENTS}
    assert parse(document({"components": [good, {}]})).covers == frozenset()


def test_incidents_end_by_their_own_word() -> None:
    snapshot = parse(document(fixture("docusign/incidents.json")))

    assert snapshot.covers == frozenset()
    assert [one.phase for one in snapshot.incidents] == [Phase.INVESTIGATING, Phase.RESOLVED]


@pytest.mark.parametrize("body", NOT_OURS[:-1])
def test_what_is_not_ours_is_refused(body: object) -> None:
    refused(parse, body)


@pytest.mark.parametrize("body", NOT_OURS)
def test_what_is_not_ours_is_not_claimed(body: object) -> None:
    assert not recognize(sight(body))


@pytest.mark.parametrize("case", ["quiet", "open", "incidents"])
def test_the_content_is_recognised(case: str) -> None:
    assert recognize(sight(fixture(f"docusign/{case}.json")))
