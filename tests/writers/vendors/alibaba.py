"""Alibaba Cloud's feed of a product in a region: notices without any state, known by the milliseconds of their start.

Shape as a client knows it (checked 2026-11): one item each, rewritten, and over where its title says so. Its date is
that of its text, so that a corrected text is another.
"""

from __future__ import annotations

from email.utils import format_datetime

from statuswire.model import Kind
from statuswire.platforms.vendors import alibaba
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import newest_update, paragraphs, planned_or_over, seconds

HOME = "https://status.alibabacloud.com"


def write(provider: Provider, url: str) -> bytes | None:
    """The feed that is watched."""
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>ECS</title><link>{HOME}/</link>'
        f"{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return str(seconds(one.created_at) * 1000)


def _item(one: TrueIncident) -> str:
    newest = in_order(one)[-1]
    heading = f"Maintenance: {one.title}" if one.kind is Kind.MAINTENANCE else one.title
    return (
        f"<item><title>{heading if one.is_open else f'[Resolved] {heading}'}</title><link>{HOME}/notices</link>"
        f"<guid>{incident_id(one)}</guid><category>Notice</category><pubDate>{format_datetime(newest.at)}</pubDate>"
        f"<description><![CDATA[{paragraphs(newest.text)}]]></description></item>"
    )


WRITER = Writer(
    platform=alibaba.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=planned_or_over,
    page_url=f"{HOME}/rss/en/ap-southeast-5/ecs.rss",
    shown=newest_update,
    has_edits=False,
    has_updates_apart=False,
    styles=("stamped", "untidy"),
    shows_deletions=False,
    shows_components=False,
)
