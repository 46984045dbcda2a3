"""Everything that the library Apprise knows (https://github.com/caronc/apprise/wiki, checked 2026-11), as plain text.

Apprise says only yes or no: there is no thread, no edit, and no way to tell a wrong password from a bad day, so a
failure is tried again by the schedule. Each service cuts long texts as Apprise sees fit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr, field_validator

from statuswire.channels import phrasing
from statuswire.channels.base import Channel, ChannelSettings, Conversation, done, single
from statuswire.model import Announcement, Message, Status

_LEVELS: Final = {
    Status.OPERATIONAL: "success",
    Status.MAINTENANCE: "info",
    Status.UNKNOWN: "warning",
    Status.DEGRADED: "warning",
    Status.PARTIAL_OUTAGE: "failure",
    Status.MAJOR_OUTAGE: "failure",
}
_LONGEST_TITLE: Final = 200
_LONGEST_BODY: Final = 8_000


class AppriseSettings(ChannelSettings):
    """One Apprise URL. Needs `allow_apprise: true` at the top level, and the extra `statuswire[apprise]`."""

    url: SecretStr = Field(min_length=3, max_length=4000, examples=["mattermost://chat.example.com/token"])
    """The URL that Apprise documents for the service. It holds the secrets, so `url_env` or `url_file` is better."""

    @field_validator("url")
    @classmethod
    def _has_a_scheme(cls, value: SecretStr) -> SecretStr:
        if "://" not in value.get_secret_value():
            raise ValueError("must be an Apprise URL, such as mattermost://chat.example.com/token")
        return value


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """Title, plain text and level."""
    assert isinstance(settings, AppriseSettings)
    title = phrasing.shortened(phrasing.headline(message), _LONGEST_TITLE)
    body = phrasing.shortened(_body(message) or title, _LONGEST_BODY)
    level = _LEVELS[phrasing.level(message)]
    action = Announcement(settings.url.get_secret_value(), title, body, level, settings.allow_private)
    return (yield from single(action, now, done))


def _body(message: Message) -> str:
    """What `phrasing.plain` has below the headline."""
    return phrasing.plain(message).removeprefix(phrasing.headline(message)).removeprefix("\n")


CHANNEL = Channel(
    kind="apprise",
    title="Any service of Apprise",
    settings=AppriseSettings,
    converse=converse,
    rate_per_s=1,
    burst=5,
    requires="allow_apprise",
)
