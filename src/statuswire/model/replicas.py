"""What the equal processes of one installation may be asked to do."""

from __future__ import annotations

from enum import StrEnum


class ReplicaRole(StrEnum):
    """A part of the work that a process does. A process without a word about it does all of them."""

    HOOKS = "hooks"
    """Takes webhooks and mail in, and reads them."""

    POLL = "poll"
    """Reads pages."""

    DELIVER = "deliver"
    """Decides what is told, and sends it."""

    WEB = "web"
    """Answers the dashboard, the API and the streams."""
