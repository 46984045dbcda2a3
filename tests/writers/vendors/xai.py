"""xAI's own page: a feed with an item for each incident, whose description has its whole story, newest block first.

Shape as captured (checked 2026-11): moments are whole minutes of UTC, severity and state are two categories.
"""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from statuswire.platforms.vendors import xai
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import number, paragraphs, without_report

HOME = "https://status.x.ai"


def write(provider: Provider, url: str) -> bytes | None:
    """`/feed.xml`."""
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>xAI Status</title>'
        f"<link>{HOME}</link><description>Incidents</description>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"INC{number(one)}"


def _item(one: TrueIncident) -> str:
    own_id, state = incident_id(one), one.phase.value
    ended = "" if one.is_open else f"<br/>Resolved: {in_order(one)[-1].at:%Y-%m-%d %H:%M} UTC"
    blocks = "".join(_block(update) for update in reversed(in_order(one)))
    scope = one.components[0] if one.components else ""
    return (
        f'<item><title>[{scope}] {escape(one.title)}</title><guid isPermaLink="false">{own_id}</guid>'
        f"<link>{HOME}/incidents/{own_id}</link><category>{state}</category><category>degraded</category>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate><description>"
        f"<![CDATA[Status: {state.upper()}<br/>Severity: degraded{ended}\n{blocks}]]></description></item>"
    )


def _block(update: TrueUpdate) -> str:
    heading = f"<strong>{update.at:%Y-%m-%d %H:%M}</strong><h3>{update.phase.value.capitalize()}</h3>"
    return f"<div>{heading}{paragraphs(update.text)}</div>"


WRITER = Writer(
    platform=xai.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=without_report,
    page_url=HOME,
    styles=("stamped", "untidy"),
    has_maintenances=False,
    shows_deletions=False,
    shows_components=False,
)
