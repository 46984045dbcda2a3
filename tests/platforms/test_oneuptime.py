"""OneUptime: what its golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Impact, Phase, Role, Status
from statuswire.platforms import oneuptime
from statuswire.platforms.oneuptime import feeds, page_id, parse, recognize
from statuswire.platforms.parsing import recognise
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

UUID = "00000000-0000-4000-8000-000000000099"
PAGE = "https://status.acme-relay.example"


@pytest.mark.parametrize(
    ("url", "uuid", "api"),
    [
        (PAGE, UUID, f"{PAGE}/status-page-api"),
        (f"https://oneuptime.com/status-page/{UUID}", None, "https://oneuptime.com/status-page-api"),
        (f"https://ops.acme-relay.example/status-page/{UUID}", None, "https://ops.acme-relay.example/status-page-api"),
    ],
)
def test_the_overview_is_polled_by_get_and_in_reserve_by_post(url: str, uuid: str | None, api: str) -> None:
    assert [(one.url, one.role, one.tier, one.post) for one in feeds(url, uuid)] == [
        (f"{api}/overview/{UUID}", Role.STATE, 0, ""),
        (f"{api}/overview/{UUID}", Role.STATE, 1, "{}"),
        (f"{api}/incidents/{UUID}", Role.HISTORY, 0, ""),
    ]


def test_without_the_uuid_nothing_can_be_polled() -> None:
    assert feeds(PAGE) == feeds("http://[", UUID) == ()


def test_an_address_of_the_api_is_polled_alone() -> None:
    url = f"{PAGE}/status-page-api/overview/{UUID}"

    assert [one.url for one in feeds(url)] == [url]


def test_the_uuid_stands_in_the_address_or_in_the_page() -> None:
    assert page_id(document(b"<html></html>", f"https://oneuptime.com/status-page/{UUID}")) == UUID
    assert page_id(document(f'<html>OneUptime<script>statusPageId = "{UUID}"</script>'.encode())) == UUID
    assert page_id(document(f'<html><script>statusPageId = "{UUID}"</script>'.encode())) is None


@pytest.mark.parametrize(("flag", "level"), [*oneuptime.LEVEL_FLAGS, ("isOther", Status.DEGRADED)])
def test_a_level_goes_by_the_flag_of_its_state(flag: str, level: Status) -> None:
    monitor = {"_id": "m", "name": "api", "currentMonitorStatus": {"_id": "s", "name": "Owner's", flag: True}}
    body = {"statusPageResources": [{"_id": "r", "displayName": "API", "monitor": monitor}]}

    assert parse(document(body)).components[0].status is level


@pytest.mark.parametrize(("flag", "phase"), oneuptime.INCIDENT_FLAGS)
def test_a_phase_of_an_incident_goes_by_the_flag(flag: str, phase: Phase) -> None:
    body = {"activeIncidents": [{"_id": "i", "title": "x", "currentIncidentState": {"name": "Owner's", flag: True}}]}

    assert parse(document(body)).incidents[0].phase is phase


@pytest.mark.parametrize(("flag", "phase"), oneuptime.MAINTENANCE_FLAGS)
def test_a_phase_of_a_maintenance_goes_by_the_flag(flag: str, phase: Phase) -> None:
    row = {"_id": "i", "title": "x", "currentScheduledMaintenanceState": {"name": "Owner's", flag: True}}

    assert parse(document({"scheduledMaintenanceEvents": [row]})).incidents[0].phase is phase


@pytest.mark.parametrize(
    ("order", "impact"),
    [
        (1, Impact.CRITICAL),
        (2, Impact.MAJOR),
        (3, Impact.MINOR),
        (8, Impact.MINOR),
        (0, Impact.UNKNOWN),
        ("1", Impact.UNKNOWN),
    ],
)
def test_the_impact_goes_by_the_order_of_the_severities(order: object, impact: Impact) -> None:
    body = {"activeIncidents": [{"_id": "i", "title": "x", "incidentSeverity": {"order": order}}]}

    assert parse(document(body)).incidents[0].impact is impact


def test_history_proves_nothing_open_by_absence() -> None:
    assert parse(document({"incidents": [], "incidentStateTimelines": []})).covers == frozenset()


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    assert not recognize(sight(value))


@pytest.mark.parametrize("name", ["quiet", "open", "history"])
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(f"oneuptime/{name}.json")))

    assert found is not None
    assert found.name == "oneuptime"
