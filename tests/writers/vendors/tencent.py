"""Tencent Cloud: the products of a region, each normal or not; what is not is an event without a name of its own.

Shape as working clients have it (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms.vendors import tencent
from tests.core.histories import Provider
from tests.writers.base import Writer

HOME = "https://status.tencentcloud.com"
REGION = "ap-ruritania"
WORDS = {Status.OPERATIONAL: "NORMAL", Status.DEGRADED: "ABNORMAL"}


def write(provider: Provider, url: str) -> bytes | None:
    """The products; the banner is not shown."""
    if "/DescribeHappening" in url:
        return msgspec.json.encode({"Response": {"Data": {"IsShow": False, "Status": "NORMAL"}}})
    rows = [_product(one) for one in provider.components.values()]
    return msgspec.json.encode({"Response": {"Data": {"CategoryList": [{"CategoryName": "All", "ProductList": rows}]}}})


def _product(one: Component) -> dict[str, object]:
    return {
        "ProductId": one.id.rpartition("/")[2],
        "ProductName": one.name,
        "CurrentStatus": WORDS[one.status],
        "ProductEventTitle": "" if one.status is Status.OPERATIONAL else f"Trouble with {one.name}",
    }


WRITER = Writer(
    platform=tencent.PLATFORM,
    write=write,
    component_id=lambda number: f"{REGION}/product-{number}",
    page_url=f"{HOME}/?region={REGION}",
    levels=tuple(WORDS),
    has_incidents=False,
    has_renaming=False,
)
