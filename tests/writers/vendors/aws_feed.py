"""AWS: the feed of all updates, one item each, of which those of one service belong together until one is the end.

Shape as captured in 2026-08. As two incidents on one service would be one, each has a service of its own here; what is
said after an end is not in the feed, and what opens again is another incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from statuswire.platforms.vendors import aws
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import by_place, end_of, number, seconds

SITE = "https://status.aws.amazon.com/"
SEATTLE = timezone(timedelta(hours=-7), "PDT")
OVER, IMPACT = "Service is operating normally:  [RESOLVED]", "Service impact:"


def write(provider: Provider, url: str) -> bytes | None:
    """`all.rss`, the newest update first."""
    told = [(update, one) for one in provider.alive() for update in shown(one)]
    told.sort(key=lambda pair: pair[0].at, reverse=True)
    items = "".join(_item(one, update) for update, one in told)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title><![CDATA[Amazon Web Services Service Status]]></title><link>{SITE}</link><language>en-us</language>"
        f"<lastBuildDate>{_date(provider.now)}</lastBuildDate>"
        "<generator>AWS Service Health Dashboard RSS Generator</generator><ttl>5</ttl>"
        f"{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    """The service and the second of the first update."""
    return f"{_slug(one)}_{seconds(in_order(one)[0].at)}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """All until the end, and the end."""
    told = in_order(one)
    return told if one.is_open else [update for update in told if update.at <= end_of(one).at]


def _slug(one: TrueIncident) -> str:
    return f"part{number(one)}-eu-west-9"


def _item(one: TrueIncident, update: TrueUpdate) -> str:
    heading = f"{OVER if update.phase.is_closed else IMPACT} {one.title}"
    return (
        f"<item><title><![CDATA[{heading}]]></title><link>{SITE}</link><pubDate>{_date(update.at)}</pubDate>"
        f'<guid isPermaLink="false">{SITE}#{_slug(one)}_{seconds(update.at)}</guid>'
        f"<description><![CDATA[{update.text}]]></description></item>"
    )


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(SEATTLE):%a, %d %b %Y %H:%M:%S} PDT"


WRITER = Writer(
    platform=aws.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=by_place,
    page_url=f"{SITE}rss/all.rss",
    shown=shown,
    has_maintenances=False,
    has_reopening=False,
    shows_deletions=False,
    shows_components=False,
)
