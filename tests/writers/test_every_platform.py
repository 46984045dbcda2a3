"""Every platform has a writer, or a reason for having none."""

from __future__ import annotations

from statuswire.platforms import PLATFORMS

from .found import WRITERS

UNTURNED = "its format is read and was not turned round"
EXCUSED: dict[str, str] = {
    "email": "one mail is one update in anybody's words, and no document shows where an incident stands",
    "generic": "a body of any shape: there is no format to write",
    "html": "a page of any make, read for what it says now: there is no format to write",
    **dict.fromkeys(
        [
            "adminlabs",
            "adobe",
            "algolia",
            "alibaba",
            "apple",
            "auth0",
            "azure",
            "azuredevops",
            "deepl",
            "docusign",
            "firehydrant",
            "flashduty",
            "freshstatus",
            "hetzner",
            "honeybadger",
            "hund",
            "ibmcloud",
            "meta",
            "microsoft365",
            "nintendo",
            "okta",
            "oneuptime",
            "onlineornot",
            "oracle",
            "pagerduty",
            "paypal",
            "pingdom",
            "pingward",
            "playstation",
            "posthog",
            "pulsetic",
            "ringcentral",
            "riot",
            "salesforce",
            "signalwire",
            "site24x7",
            "statuscake",
            "statuscast",
            "statusgator",
            "stripe",
            "upptime",
            "uptimecom",
            "uptimerobot",
            "vultr",
            "webex",
            "x",
            "xai",
            "xbox",
            "yandex",
            "zendesk",
            "zscaler",
        ],
        UNTURNED,
    ),
}


def test_every_platform_has_a_writer_or_is_excused() -> None:
    written = {writer.platform.name for writer in WRITERS}

    assert set(PLATFORMS) - written == set(EXCUSED)
