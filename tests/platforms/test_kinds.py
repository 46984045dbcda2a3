"""Each platform has five kinds of golden documents, or a reason why its format has no such thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from statuswire.platforms import PLATFORMS
from tests.platforms.golden import FOLDER
from tests.platforms.kinds import KINDS, kinds_by_platform

NO_INCIDENTS: Final = "it says how components are, and tells of no incidents"
ONLY_OPEN: Final = "only what goes on is listed: the end is that it is gone"
NO_MAINTENANCE: Final = "it has no word for maintenances"

LACKING: Final[Mapping[str, Mapping[str, str]]] = {
    "open": {
        "binance": "its one other state is a maintenance",
        "signal": "the words of an outage were never seen",
    },
    "resolved": {
        **dict.fromkeys(
            ("beanstalk", "binance", "evernote", "html", "hyperping", "pingdom", "signal", "signalwire"), NO_INCIDENTS
        ),
        **dict.fromkeys(("statusgator", "stripe", "xbox"), NO_INCIDENTS),
        **dict.fromkeys(("azuredevops", "playstation", "posthog", "ringcentral", "riot", "zscaler"), ONLY_OPEN),
        "site24x7": "its JSON lists what is open, its feed components",
    },
    "maintenance": {
        **dict.fromkeys(("algolia", "azure", "azuredevops", "cstate", "docusign", "meta", "pingdom"), NO_MAINTENANCE),
        **dict.fromkeys(("ringcentral", "tencent", "volcengine", "wedos", "x", "xai", "xbox"), NO_MAINTENANCE),
        **dict.fromkeys(("yandex", "zscaler"), NO_MAINTENANCE),
        "aws": "there is no maintenance in the public documents",
        "flashduty": "no entry about one was ever seen, so that its words are not known",
        "gatus": "windows are configuration and not published",
        "google": "there is no maintenance in its documents",
        "microsoft365": "planned work is told in the message centre, which is not read",
        "oracle": "only the roll-up knows the word, and it has the very shape of Statuspage",
        "signal": "any other sentence than that all is well is unknown",
        "zendesk": "maintenances are not published",
    },
}
"""Why a format cannot have a document of a kind; by kind and platform."""

TRAPS: Final[Mapping[str, str]] = {"atom": "atom-0.3", "metanet": "doubtful", "rackspace": "odd"}
"""Documents that are odd although all of them can be read."""

FOUND: Final = kinds_by_platform()


@pytest.mark.parametrize("kind", KINDS)
def test_a_platform_has_a_golden_document_of_each_kind_or_a_reason(kind: str) -> None:
    reasons = LACKING.get(kind, {})
    there = {name for name in PLATFORMS if kind in FOUND[name] or (kind == "oddity" and name in TRAPS)}

    assert PLATFORMS.keys() - there - reasons.keys() == set(), "write a golden document of these"
    assert there & reasons.keys() == set(), "these have one by now"


def test_the_tables_speak_of_platforms_and_documents_that_exist() -> None:
    named = {platform for reasons in LACKING.values() for platform in reasons}

    assert named <= PLATFORMS.keys()
    assert all(any(FOLDER.glob(f"{platform}/{stem}.*")) for platform, stem in TRAPS.items())
