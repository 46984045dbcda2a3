"""The closed sets of words that may be labels. A word outside its set is counted as `other`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from statuswire.errors import FetchReason, ParseReason

OTHER = "other"

POLL_OUTCOMES = (
    frozenset({"not_modified", "unchanged", "changed"})
    | {reason.value for reason in FetchReason}
    | {reason.value for reason in ParseReason}
    | {"store", "error"}
)
"""How a poll can end: well in three ways, with the reason of a FetchError or ParseError, not recorded by the store, or
by a bug of ours."""

HOOK_SOURCES = frozenset({"statuspage", "incident-io", "generic", "webhook", "hooks", "test"})
"""Doors that hooks come in by; every other platform's is `other` until it registers its name with `Metrics`."""

HOOK_ANSWERS = frozenset(
    {
        "accepted",
        "duplicate",
        "bad_json",
        "not_an_object",
        "wrong_type",
        "encoded_body",
        "too_large",
        "slow_body",
        "bad_length",
        "incomplete",
        "missing_signature",
        "malformed_signature",
        "expired_signature",
        "bad_signature",
        "untrusted",
        "cross_site",
        "unknown_address",
        "method_not_allowed",
        "too_many_refusals",
        "overloaded",
        "store_unavailable",
    }
)
SIGNAL_SOURCES = frozenset({"alertmanager", "grafana", "sentry", "datadog", "json"})
"""Who sends signals."""

SIGNAL_OUTCOMES = frozenset({"new", "known", "unplaced", "nothing", "refused"})
"""What became of a word of a sender: kept, heard before, of no page that is watched; or of its request: it said nothing
of alerts, or was refused."""

LOST_HOOKS = ("overloaded", "store_unavailable")
"""Answers that lose a hook. They stand at zero from the first hook of a door on: Prometheus sees a rise only of what
was there before."""

EVENT_SOURCES = frozenset({"poll", "hook", "import", "infer", "operator"})
PARSE_REASONS = frozenset(reason.value for reason in ParseReason) | {"error"}
POLL_REASONS = PARSE_REASONS | {reason.value for reason in FetchReason} | {"store"}
WORD_FIELDS = frozenset({"page_status", "component_status", "phase", "impact"})
DELIVERY_OUTCOMES = frozenset({"delivered", "later", "refused", "given_up", "disabled"})
HEARTBEAT_OUTCOMES = frozenset({"delivered", "later", "refused", "not_sent", "disabled", "error"})
"""How a sign of life can end: taken, put off or refused by the receiver, not sent at all, none because its channel is
disabled, or by a bug of ours."""

FEED_STATES = frozenset({"new", "ok", "failing", "unreadable", "blocked"})

LEASE_CHANGES = frozenset({"claimed", "taken_over", "lost"})
"""A lane of deliveries was claimed, taken over from a holder whose lease ran out, or lost to another process."""

SHARED_LEASES = frozenset({"shard", "duty"})
"""What processes that share a database have leases of."""

SHARE_FATES = frozenset({"claimed", "taken_over", "given_up", "lost"})
"""A lease was claimed, taken over from a process that let it run out, given up for others, or lost to one."""

DROP_REASONS = frozenset({"slow", "crowded"})
"""Why a stream was ended or refused: its reader does not read, or there are too many."""

STATUS_CLASSES = frozenset({"1xx", "2xx", "3xx", "4xx", "5xx"})

STATE_CODES: Mapping[str, int] = MappingProxyType(
    {"operational": 0, "maintenance": 1, "unknown": 2, "degraded": 3, "partial_outage": 4, "major_outage": 5}
)
"""States as numbers, from fine to worst; what nobody knows is worse than what is planned and better than broken."""

KINDS = frozenset({"incident", "maintenance"})
IMPACTS = frozenset({"none", "minor", "major", "critical", "maintenance", "unknown"})


def closed(word: str, words: Collection[str]) -> str:
    """The word, or `other`."""
    return word if word in words else OTHER
