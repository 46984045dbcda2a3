"""The words of AWS Health: codes, services, regions; shared by its JSON, its old dashboard and its feeds.

Codes were never documented; their meaning is inferred from the colours of the old dashboard and from captures up to
2026-08. A code is a number that stands as text in some events and as a number in others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from statuswire.model import Impact, Status
from statuswire.platforms.reading import title

NAME: Final = "aws"
PAGE_NAME: Final = "Amazon Web Services"
PAGE_URL: Final = "https://health.aws.amazon.com/health/status"
"""No event has an address of its own."""

LEVELS: Final[dict[str, Status]] = {
    "0": Status.OPERATIONAL,
    "1": Status.DEGRADED,
    "2": Status.DEGRADED,
    "3": Status.PARTIAL_OUTAGE,
}
"""1 reads "informational", but most real trouble was filed under it (410 of 475 events of 2018 to 2022)."""

IMPACTS: Final[dict[str, Impact]] = {
    "0": Impact.UNKNOWN,
    "1": Impact.MINOR,
    "2": Impact.MAJOR,
    "3": Impact.MAJOR,
}
"""Of the worst code that an event ever had; 0 only says that it is over."""

WORST_CODE: Final = "3"
WIDE: Final = "multipleservices"
CORE: Final = frozenset(
    (WIDE, "ec2", "s3", "iam", "sts", "dynamodb", "rds", "lambda", "elb", "vpc", "route53", "cloudfront")
)
"""Services on which most others and most customers stand: a disruption of one of them is critical (our judgement)."""

_REGION: Final = re.compile(
    r"-(?P<region>(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-gov|-iso[a-z]?)?-[a-z]{2,12}-\d{1,2})"
)
_OLD_REGIONS: Final = {"us-standard": "us-east-1"}
"""S3 called its first region so."""

_ARN_REGION: Final = re.compile(r"arn:aws[a-z-]*:health:(?P<region>[a-z0-9-]{4,30}):")
_PLACE: Final = re.compile(r"\s*\([^()]{1,60}\)\Z")
_RESOLVED: Final = re.compile(r"\[\s*resolved\s*\]\s*", re.IGNORECASE)


@lru_cache(maxsize=8192)
def split_slug(slug: str) -> tuple[str, str | None]:
    """The service and the region of `ec2-us-east-1`; the region is None for services that have none (`route53`)."""
    for old, region in _OLD_REGIONS.items():
        if slug.endswith(f"-{old}"):
            return slug.removesuffix(f"-{old}"), region
    found = next((one for one in _REGION.finditer(slug) if one.end() == len(slug)), None)
    return (slug[: found.start()], found["region"]) if found else (slug, None)


def arn_region(arn: str) -> str | None:
    """The region of an event; None for a global one."""
    found = _ARN_REGION.match(arn)
    return found["region"] if found and found["region"] != "global" else None


@lru_cache(maxsize=8192)
def service_name(name: str, region: str | None) -> str:
    """The name without the place that the old dashboard put behind it; the region is the component's group."""
    shown = title(name)
    return _PLACE.sub("", shown) or shown if region else shown


def is_marked_resolved(summary: str) -> bool:
    return _RESOLVED.search(summary) is not None


def without_mark(summary: str) -> str:
    """The headline as it was before the end: the mark comes with it and tells no other title."""
    return title(_RESOLVED.sub("", summary))


def impact_of(codes: Iterable[str], service: str) -> Impact:
    """By the worst code an event ever had; UNKNOWN where none says anything."""
    worst = max((code for code in codes if code in IMPACTS), default="0")
    return Impact.CRITICAL if worst == WORST_CODE and service in CORE else IMPACTS[worst]
