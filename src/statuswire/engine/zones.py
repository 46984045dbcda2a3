"""In which zone a page shows its times, for documents whose times do not say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from statuswire.model import Document, Page


@dataclass(slots=True)
class Zones:
    """`configured` are IANA names by page slug; others take their place when pages come and go while running. The
    operator's word goes before what a document once taught."""

    configured: Mapping[str, str] = field(default_factory=dict)

    def of(self, page: Page) -> str | None:
        return self.configured.get(page.slug) or page.time_zone

    def placed(self, document: Document, page: Page) -> Document:
        """The document with the zone of its page."""
        zone = self.configured.get(page.slug) or document.time_zone or page.time_zone
        return document if zone == document.time_zone else replace(document, time_zone=zone)
