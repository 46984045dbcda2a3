"""One look at the components that matter: their level, their incidents, and never fine by a wrong name."""

from __future__ import annotations

import io
import json
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from statuswire import lookup
from statuswire.catalog import Target
from statuswire.core.selection import concerns
from statuswire.engine import ingest
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    Impact,
    Incident,
    PageFacts,
    Phase,
    Snapshot,
    Source,
    Status,
)
from statuswire.narrowing import narrowed
from statuswire.options import LookOptions
from statuswire.store import open_store, queries
from statuswire.verdict import Verdict
from tests.fake_provider import ThreadedProvider
from tests.platforms import golden

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
REGIONS = (
    Component("ec2-us-east-1", "Compute", "us-east-1", Status.MAJOR_OUTAGE),
    Component("s3-us-east-1", "Storage", "us-east-1", Status.OPERATIONAL),
    Component("ec2-us-west-2", "Compute", "us-west-2", Status.OPERATIONAL),
)
DOWN = Incident(
    "i1",
    "Compute is down",
    phase=Phase.INVESTIGATING,
    impact=Impact.CRITICAL,
    components=(AffectedComponent("ec2-us-east-1", "Compute", "us-east-1", Status.MAJOR_OUTAGE),),
)


def look(
    *patterns: str, covers: frozenset[Cover] = frozenset(), components: tuple[Component, ...] = REGIONS
) -> Verdict:
    target = Target("aws", "AWS", "https://status.acme.example", components=patterns)
    page = PageFacts(status=Status.MAJOR_OUTAGE)
    snapshot = Snapshot("aws", page=page, covers=covers, components=components, incidents=(DOWN,))
    return narrowed(Verdict(target, NOW, "aws", snapshots=(snapshot,)))


@pytest.mark.parametrize(
    ("patterns", "status"),
    [
        ((), Status.MAJOR_OUTAGE),
        (("us-east-1 / EC2",), Status.MAJOR_OUTAGE),
        (("us-east-1 / S3",), Status.OPERATIONAL),
        (("us-west-2 / *",), Status.OPERATIONAL),
        (("us-west-2 / *", "Compute"), Status.MAJOR_OUTAGE),
        (("us-north-9 / EC2",), Status.UNKNOWN),
    ],
)
def test_the_level_is_that_of_the_components_that_matter(patterns: tuple[str, ...], status: Status) -> None:
    assert look(*patterns).status is status


def test_only_incidents_that_touch_them_are_told() -> None:
    assert look("us-east-1 / EC2").open_incidents == (DOWN,)
    assert look("us-west-2 / EC2").open_incidents == ()


def test_a_name_that_the_page_does_not_have_is_a_doubt_and_unknown() -> None:
    verdict = look("us-north-9 / EC2")

    assert verdict.status is Status.UNKNOWN
    assert verdict.doubts == ("no component is called us-north-9 / EC2; see `statuswire detect`",)


def test_a_page_that_shows_only_what_is_in_trouble_says_that_the_rest_is_fine() -> None:
    assert look("us-north-9 / EC2", covers=frozenset({Cover.TROUBLED})).status is Status.OPERATIONAL


def test_status_of_one_component_of_a_real_page() -> None:
    body = (Path(__file__).parent / "platforms" / "statuspage" / "summary.json").read_bytes()
    names = [one["name"] for one in json.loads(body)["components"] if one["status"] == "operational"]
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", body)
        options = LookOptions(what=(f"{provider.url('').rstrip('/')}:{names[0]}",), json=True, allow_private=True)
        code = lookup.status(options, out := io.StringIO())
        wrong = LookOptions(what=(f"{provider.url('').rstrip('/')}:No such",), allow_private=True)
        wrong_code = lookup.status(wrong, told := io.StringIO())

    (page,) = json.loads(out.getvalue())
    assert sum(page["components"].values()) >= 1
    assert code in (0, 1, 2)
    assert wrong_code == 3
    assert "no component is called No such" in told.getvalue()


def aws(name: str) -> Snapshot:
    (case,) = (one for one in golden.cases() if one.name == f"aws/{name}")
    return golden.snapshot_of("aws", golden.document_of(case))


@pytest.mark.parametrize(
    ("pattern", "status"),
    [
        ("eu-west-9 / EC2", Status.MAJOR_OUTAGE),
        ("Amazon Route 53", Status.DEGRADED),
        ("us-west-2 / EC2", Status.OPERATIONAL),
    ],
)
def test_one_service_of_one_region_of_the_aws_page(pattern: str, status: Status) -> None:
    target = Target("aws", "AWS", "https://health.aws.amazon.com/health/status", components=(pattern,))

    verdict = narrowed(Verdict(target, NOW, "aws", snapshots=(aws("open"),)))

    assert verdict.status is status


@pytest.mark.parametrize(
    ("pattern", "titles"), [("eu-west-9 / EC2", 1), ("Amazon Route 53", 1), ("us-west-2 / EC2", 0)]
)
def test_only_its_events_are_printed(pattern: str, titles: int) -> None:
    with closing(open_store("sqlite://")) as store:
        page = store.write(
            lambda tx: queries.upsert_page(tx, slug="aws", name="AWS", url="", platform="aws", origin="x")
        )
        document = Document(b"", golden.RECEIVED_AT)
        work = partial(
            ingest.record,
            page=page,
            snapshot=aws("open"),
            document=document,
            source=Source.POLL,
            now=golden.RECEIVED_AT,
        )
        events = store.write(work).events

    told = {event.incident.title for event in events if event.incident and concerns(event, (pattern,))}
    assert len({event.incident.title for event in events if event.incident}) == 2
    assert len(told) == titles
