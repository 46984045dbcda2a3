"""Every platform we can read.

Their names are known without the libraries that read documents; those are loaded with what reads them (`parsing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.platforms.base import Platform
from statuswire.platforms.registry import Registry

__all__ = ["EMAIL", "FALLBACKS", "FEED_FORMATS", "HOOKED", "OWN", "PLATFORMS", "VENDORS"]

_MODULES = (
    # products with documents of their own
    "statuswire",
    "incidentio",
    "openstatus",
    "rootly",
    "vendors.webex",  # before Statuspage, whose shape it imitates
    "pakyas",  # before Statuspage for the same reason
    "statuspage",
    "instatus",
    "betterstack",
    "statusio",
    "cachet",
    "uptimekuma",
    "hyperping",
    "flashduty",
    "freshstatus",
    "pagerduty",
    "site24x7",
    "datadog",
    "sorry",
    "gatus",
    "cstate",
    "upptime",
    "uptimerobot",
    "statuspal",
    "statuscast",
    "hund",
    "uptimecom",
    "oneuptime",
    "pingdom",
    "statuscake",
    "pulsetic",
    "adminlabs",
    "honeybadger",
    "firehydrant",
    "pingward",
    "statusgator",
    "onlineornot",
    "checkly",
    "cronitor",
    "squadcast",
    "statusfy",
    "githubissues",
    # vendors' own pages
    "vendors.google",
    "vendors.aws",
    "vendors.ibmcloud",
    "vendors.microsoft365",
    "vendors.azuredevops",
    "vendors.azure",
    "vendors.slack",
    "vendors.salesforce",
    "vendors.heroku",
    "vendors.meta",
    "vendors.okta",
    "vendors.auth0",
    "vendors.paypal",
    "vendors.stripe",
    "vendors.apple",
    "vendors.oracle",
    "vendors.zendesk",
    "vendors.adobe",
    "vendors.docusign",
    "vendors.algolia",
    "vendors.posthog",
    "vendors.xai",
    "vendors.hetzner",
    "vendors.vultr",
    "vendors.yandex",
    "vendors.ringcentral",
    "vendors.deepl",
    "vendors.signalwire",
    "vendors.xbox",
    "vendors.playstation",
    "vendors.riot",
    "vendors.zscaler",
    "vendors.alibaba",
    "vendors.nintendo",
    "vendors.tencent",
    "vendors.volcengine",
    "vendors.rackspace",
    "vendors.metanet",
    "vendors.wedos",
    "vendors.binance",
    "vendors.signal",
    "vendors.evernote",
    "vendors.beanstalk",
    "vendors.x",
    # formats that anybody may use
    "atom",
    "rss",
    "jsonfeed",
    "html",
    "email",
    "generic",
)
"""One line for each platform: the module below this package that has its `PLATFORM`."""


PLATFORMS: Mapping[str, Platform] = Registry(_MODULES)
"""By name, in the order in which they are asked: own shapes first, then feeds. The generic one claims nothing."""

HOOKED = frozenset(
    {
        "betterstack",
        "cachet",
        "firehydrant",
        "freshstatus",
        "generic",
        "hund",
        "incidentio",
        "instatus",
        "openstatus",
        "pingward",
        "rootly",
        "squadcast",
        "statuscast",
        "statusgator",
        "statusio",
        "statuspage",
        "statuspal",
        "statuswire",
        "upptime",
        "uptimekuma",
    }
)
"""Platforms that send webhooks, known without loading them; a test holds this equal to what they say."""

OWN: Final = "statuswire"
EMAIL: Final = "email"
"""Platforms that others speak of by name, known without loading them."""

FEED_FORMATS = ("atom", "rss", "jsonfeed")
"""Platforms that are only formats: each reads a feed of any of them."""

VENDORS = frozenset(module.rpartition(".")[2] for module in _MODULES if module.startswith("vendors."))
"""Platforms that are one vendor's own page, at that vendor's hosts only."""

FALLBACKS = ("html",)
"""Readers of pages for people, for where nothing else is served."""
