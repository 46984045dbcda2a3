"""Uptime Kuma's backup: `{"version", "notificationList", "monitorList": [{"name", "type", "url", "active", ...}]}`.

Settings > Backup writes it (deprecated in 1.x, gone in 2.0); scripts that ask its API keep the same list, also as a
mapping by id. Source: src/components/settings/Backup.vue of louislam/uptime-kuma 1.23, read 2026-11. Its notifications
and tokens are not looked at.
"""

from __future__ import annotations

from statuswire.discovery.readers.loading import from_json, mappings, word
from statuswire.elsewhere.listed import Listed

_WITH_ADDRESS = frozenset({"http", "keyword", "json-query", "real-browser"})


def read(text: str) -> list[Listed]:
    """Raises ConfigError for what is no JSON."""
    monitors = from_json(text).get("monitorList")
    return [_one(one) for one in mappings(list(monitors.values()) if isinstance(monitors, dict) else monitors)]


def _one(monitor: dict[str, object]) -> Listed:
    name, kind = word(monitor.get("name")), word(monitor.get("type"))
    if monitor.get("active") in (False, 0):
        return Listed(name, is_page=False, reason="is paused there")
    if kind not in _WITH_ADDRESS:
        return Listed(name, is_page=False, reason=f"is a check of the type {kind or 'unknown'}, and not of an address")
    return Listed(name, word(monitor.get("url")), is_page=False, is_check=True)
