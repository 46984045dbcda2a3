"""Pure adapters out: a Message becomes what one kind of destination takes. `CHANNELS` is the registry."""

from __future__ import annotations

from statuswire.channels.base import Channel
from statuswire.channels.registry import Registry

__all__ = ["CHANNELS", "Channel"]

CHANNELS = Registry(
    (
        "console",
        "webhook",
        "slack",
        "discord",
        "teams",
        "telegram",
        "ntfy",
        "pagerduty",
        "opsgenie",
        "alertmanager",
        "email",
        "mqtt",
        "file",
        "exec",
        "apprise",
    )
)
"""Every kind of destination, each a module of its name."""
