"""Tencent Cloud: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Cover, Impact, Snapshot, Status
from statuswire.platforms.parsing import recognise
from statuswire.platforms.vendors.tencent import LEVELS, NO_REGION, feeds, parse, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

BASE = "https://status.tencentcloud.com"
API = f"{BASE}/v1/api/status"


def products(*rows: object, url: str = "") -> Snapshot:
    held = {"CategoryList": [{"CategoryName": "Compute", "ProductList": list(rows)}]}
    return parse(document({"Response": {"Data": held}}, url))


def banner(**held: object) -> Snapshot:
    return parse(document({"Response": {"Data": {"Id": 7, "Title": "x", "Desc": "y", **held}}}))


def urls(address: str) -> list[str]:
    return [one.url for one in feeds(address)]


def test_the_products_of_the_region_that_the_address_names_and_the_banner_are_polled() -> None:
    for address, region in (
        (BASE, NO_REGION),
        (f"{BASE}/?region=ap-seoul", "ap-seoul"),
        (f"{BASE}?region=<", NO_REGION),
    ):
        assert urls(address) == [
            f"{API}/DescribeProductEventForRegionInPeriod?BelongSite=1&RegionId={region}&NumOfDay=1",
            f"{API}/DescribeHappening?BelongSite=1",
        ]


def test_a_document_named_by_its_own_address_is_polled_alone() -> None:
    for address in (f"{API}/DescribeHappening?BelongSite=1", f"{BASE}/rss/en/ap-seoul/cvm.rss"):
        assert urls(address) == [address]
    assert feeds("http://[") == ()


@pytest.mark.parametrize(("word", "meaning"), LEVELS.items())
def test_the_words_of_products(word: str, meaning: tuple[Status, Impact]) -> None:
    told = products({"ProductId": "cvm", "ProductName": "CVM", "CurrentStatus": word.upper()})

    assert (told.components[0].status, [one.impact for one in told.incidents]) == (
        meaning[0],
        [] if meaning[1] is Impact.NONE else [meaning[1]],
    )


def test_products_are_told_apart_by_their_region() -> None:
    row = {"ProductId": "cvm", "CurrentStatus": "NORMAL"}
    told = products(row, url=f"{API}/DescribeProductEventForRegionInPeriod?RegionId=ap-seoul")

    assert (told.components[0].id, told.within) == ("ap-seoul/cvm", "ap-seoul/")
    assert products(row).within == f"{NO_REGION}/"


def test_a_word_that_no_table_knows_ends_nothing() -> None:
    told = products({"ProductId": "cvm", "CurrentStatus": "NAPPING"})

    assert (told.components[0].status, told.components[0].raw_status) == (Status.UNKNOWN, "NAPPING")
    assert (told.incidents, told.covers) == ((), frozenset())
    assert [one.reason for one in told.problems] == ["unknown word 'NAPPING'"]


def test_a_region_without_products_is_no_region() -> None:
    refused(parse, {"Response": {"Data": {"CategoryList": []}}})
    refused(parse, {"Response": {"Error": {"Code": "InvalidParameter"}}})


@pytest.mark.parametrize(
    ("held", "count"),
    [
        ({"IsShow": True, "Status": "ABNORMAL"}, 1),
        ({"IsShow": True, "Status": "NAPPING"}, 1),
        ({"IsShow": True, "Status": "NORMAL"}, 0),
        ({"IsShow": False, "Status": "ABNORMAL"}, 0),
    ],
)
def test_a_banner_is_an_incident_while_it_is_shown(held: dict[str, object], count: int) -> None:
    told = banner(**held)

    assert len(told.incidents) == count
    assert (told.covers, told.within) == ({Cover.OPEN_INCIDENTS}, "banner/")


def test_a_banner_without_an_id_is_refused() -> None:
    refused(parse, {"Response": {"Data": {"IsShow": True, "Status": "ABNORMAL"}}})


def test_a_feed_of_a_product_is_read() -> None:
    link = f"<link>{BASE}</link>"
    feed = (
        f'<rss version="2.0"><channel><title>x</title>{link}<item><title>[Resolved] Slow</title></item></channel></rss>'
    )

    assert parse(document(feed.encode())).incidents[0].title == "Slow"
    assert recognize(sight(feed.encode()))


@pytest.mark.parametrize("name", ["tencent/trouble.json", "tencent/banner.json", "tencent/banner-hidden.json"])
def test_its_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == "tencent"


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_refused_and_not_recognised(value: object) -> None:
    refused(parse, value)
    assert not recognize(sight(value))
