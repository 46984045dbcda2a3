"""Announcements through Apprise, in a process of its own that is ended when it takes too long."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import msgspec

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.model import Announcement, Reply
from statuswire.net import apprise_child
from statuswire.net.apprise_child import Result
from statuswire.net.programs import run

_FAILURES: Final[dict[int, tuple[DeliveryReason, str, bool]]] = {
    Result.BAD_URL: (DeliveryReason.BAD_URL, "Apprise does not know what to do with this URL", True),
    Result.NOT_INSTALLED: (
        DeliveryReason.NOT_INSTALLED,
        "Apprise is not installed; it comes with `pip install statuswire[apprise]`",
        True,
    ),
    Result.FORBIDDEN: (DeliveryReason.FORBIDDEN_ADDRESS, "the URL leads to an address that is not public", True),
}
_ELSE: Final = (DeliveryReason.REFUSED, "Apprise could not deliver it, and does not say why", False)

CHILD: Final = (sys.executable, "-m", apprise_child.__name__)
OURS: Final = str(Path(apprise_child.__file__).parents[2])
"""The folder that our package stands in: the child inherits no search path."""


async def announce(announcement: Announcement, deadline_s: float) -> Reply:
    """A Reply of 0. Raises DeliveryError; the output of Apprise is not repeated, since it may hold the URL."""
    asked = msgspec.json.encode(announcement)
    answer = await run(CHILD, asked, {"PYTHONPATH": OURS, "PYTHONDONTWRITEBYTECODE": "1"}, deadline_s)
    if answer.status == Result.SENT:
        return Reply(0)
    raise failure(answer.status)


def failure(code: int) -> DeliveryError:
    """The typed error of an exit code other than SENT."""
    reason, message, is_permanent = _FAILURES.get(code, _ELSE)
    return DeliveryError(reason, message, is_permanent=is_permanent)
