"""How long what was seen and told is kept."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from statuswire.config.base import Settings
from statuswire.config.types import Duration

_LONGEST = timedelta(days=36_500)
_QUARTER = timedelta(days=92)


class RetentionConfig(Settings):
    """How long what was seen and told is kept. Pages, components, incidents and what reports need stay for good."""

    events: Duration = Field(default=timedelta(days=400), ge=timedelta(days=31), le=_LONGEST, examples=["400d"])
    """Events of the log. Of older ones there remains what reports need, and that they were told."""

    updates: Duration = Field(default=timedelta(days=400), ge=timedelta(days=31), le=_LONGEST, examples=["400d"])
    """Texts of the updates of incidents that are over. The incidents themselves stay."""

    verdicts: Duration = Field(default=_QUARTER, ge=timedelta(days=1), le=_LONGEST, examples=["92d"])
    """What each route made of each event, and why. Of older ones their number remains."""

    deliveries: Duration = Field(default=_QUARTER, ge=timedelta(days=1), le=_LONGEST, examples=["92d"])
    """Deliveries that have ended. Of older ones their number remains."""

    hooks: Duration = Field(default=timedelta(days=8), ge=timedelta(days=8), le=_LONGEST, examples=["8d"])
    """Hooks that were read. Senders repeat them for some days, and they must be known until then."""

    correlations: Duration = Field(default=_QUARTER, ge=timedelta(days=1), le=_LONGEST, examples=["92d"])
    """Stories of several pages."""

    signals: Duration = Field(default=timedelta(days=400), ge=timedelta(days=31), le=_LONGEST, examples=["400d"])
    """What your own monitoring said, by which reports compare it with what providers said."""

    changes: Duration = Field(default=timedelta(days=731), ge=timedelta(days=1), le=_LONGEST, examples=["731d"])
    """The log of who changed what."""

    documents: Duration = Field(default=timedelta(days=731), ge=timedelta(days=31), le=_LONGEST, examples=["731d"])
    """Documents of pages with a contract, counted from the end of the last window that needs them."""
