"""How a platform is spelt in the paths of hooks, and so in secrets and counters."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "incidentio": "incident-io",
    "betterstack": "better-stack",
    "statusio": "status-io",
    "uptimekuma": "uptime-kuma",
}
"""Names of two words; the others are spelt as the platform is named."""


def path_word(platform: str) -> str:
    """`better-stack` for the platform `betterstack`."""
    return _WORDS.get(platform, platform)
