"""What the readers of StatusPal's documents share: the words, and the name under which a page is known to the API."""

from __future__ import annotations

import re
from typing import Final

from statuswire.model import Impact, Status
from statuswire.platforms.addresses import host_of, is_host_of
from statuswire.platforms.words import COMPONENT_WORDS

NAME: Final = "statuspal"
DOMAINS: Final = ("statuspal.io", "statuspal.eu")
"""Of the regions. Their numbers of incidents may be equal, so that a page is named by its host there."""

TYPES: Final[dict[str, Status]] = {
    "none": Status.OPERATIONAL,
    "ok": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.MAJOR_OUTAGE,
    "scheduled": Status.MAINTENANCE,
    "maintenance": Status.MAINTENANCE,
}
"""`current_incident_type` of a service or a page, where null is all well; owners may add types of their own."""

LABELS: Final[dict[str, Status]] = {
    **COMPONENT_WORDS,
    "operational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "majoroutage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""What the page for people writes on a service."""

IMPACTS: Final[dict[str, Impact]] = {
    "minor": Impact.MINOR,
    "major": Impact.CRITICAL,
    "scheduled": Impact.MAINTENANCE,
}

PLAIN_UPDATES: Final = frozenset({"issue", "update"})
"""Types of updates that say nothing of the phase. Only `issue` was seen; the word for a phase is taken as one."""

MONITORED: Final[dict[str, Status]] = {"up": Status.OPERATIONAL, "down": Status.MAJOR_OUTAGE}

Fields = dict[str, object]

_SUBDOMAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_OTHERS: Final = frozenset({"www", "help", "docs", "app", "api", "blog", "cdn", "static", "assets", "status", "mail"})
_IN_SOURCE: Final = re.compile(
    r"//([a-z0-9][a-z0-9-]{0,62})\.(statuspal\.(?:io|eu))\b|"
    r"\b(statuspal\.(?:io|eu))/(?:api/v2/)?status_pages/([A-Za-z0-9_-]{1,63})"
)


def own_name(subdomain: str, url: str) -> str:
    """`acme.statuspal.eu`: the subdomain with the region that `url` shows; the subdomain alone where it shows none."""
    domain = next((one for one in DOMAINS if is_host_of(host_of(url), one)), "")
    return f"{subdomain}.{domain}" if subdomain and domain else subdomain


def name_in(url: str) -> str:
    """The page's name out of an address on StatusPal's own hosts; empty for another one."""
    host = host_of(url)
    label, _, domain = host.partition(".")
    return host if domain in DOMAINS and label not in _OTHERS else ""


def name_in_source(source: str) -> str:
    """The first name of a page that stands in the source of a page for people; empty for none."""
    for found in _IN_SOURCE.finditer(source):
        label, domain, other_domain, subdomain = found.groups()
        if subdomain:
            return f"{subdomain}.{other_domain}"
        if label not in _OTHERS:
            return f"{label}.{domain}"
    return ""


def api_of(name: str) -> str:
    """The address of the API for a page's name, with or without its region; empty for what is no name."""
    subdomain, _, domain = name.partition(".")
    if not _SUBDOMAIN.fullmatch(subdomain) or domain not in ("", *DOMAINS):
        return ""
    return f"https://{domain or DOMAINS[0]}/api/v2/status_pages/{subdomain}"
