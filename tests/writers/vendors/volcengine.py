"""Volcengine: notices with one text for all their life, whose title says in the end that they are over.

Shape as working clients have it (checked 2026-11): all items have the link of the page, and no guid.
"""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from statuswire.platforms.feed_parts import derived_id
from statuswire.platforms.vendors import volcengine
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import open_or_over

HOME = "https://status.volcengine.com"


def write(provider: Provider, _: str) -> bytes | None:
    """The whole history of the product, the newest item first."""
    items = "".join(_item(one) for one in reversed(provider.alive()))
    head = f"<title>火山引擎方舟(鲁里坦尼亚)服务状态</title><link>{HOME}/</link>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def incident_id(one: TrueIncident) -> str:
    """Made of title and date."""
    return derived_id(one.title, one.created_at, one.updates[0].text)


def _item(one: TrueIncident) -> str:
    mark = "" if one.is_open else "(已恢复)"
    return (
        f"<item><title>{escape(one.title)}{mark}</title><link>{HOME}/</link>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate>"
        f"<description>{escape(one.updates[0].text)}</description></item>"
    )


WRITER = Writer(
    platform=volcengine.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=open_or_over,
    page_url=f"{HOME}/rss/zh/cn-ruritania/ModelArk",
    has_updates=False,
    styles=("stamped", "untidy"),
    has_maintenances=False,
    has_backfilling=False,
    has_edits=False,
    has_reopening=False,
    shows_deletions=False,
    shows_components=False,
)
