"""StatusGator and IsDown. Neither documents an export to a file; what their APIs answer is documented, and read here.

- StatusGator v3, a board's monitors and the services: `{"success", "data": [...]}` in pages; a service has `name`,
  `slug`, `home_page_url` and `status_page_url` (https://statusgator.com/api/v3/docs; the fields as in its webhook 3.0,
  https://support.statusgator.com/support/solutions/articles/47001278989, read 2026-11).
- IsDown v2: `{"data": {"type": "service", "attributes": {"name", "status_page_url"}}}` or a list of such; its own
  probes are of the type `custom_monitor` (https://dev.isdown.app, read 2026-11).
"""

from __future__ import annotations

from statuswire.discovery.readers.loading import mapping, mappings, word
from statuswire.elsewhere.listed import Listed

_OTHER_TYPES = ("website", "ping", "custom")


def statusgator(body: object) -> list[Listed]:
    return [_of_gator(one) for one in entries(body)]


def isdown(body: object) -> list[Listed]:
    return [_of_isdown(one) for one in entries(body)]


def entries(body: object) -> list[dict[str, object]]:
    """The items of an answer, or of several that were put into one list."""
    if isinstance(body, list):
        return [one for part in body for one in entries(part)]
    data = mapping(body).get("data", body)
    return [data] if isinstance(data, dict) and data is not body else list(mappings(data)) or list(mappings([body]))


def _of_gator(one: dict[str, object]) -> Listed:
    service = mapping(one.get("service")) or one
    name = word(one.get("display_name")) or word(service.get("name")) or word(service.get("service_name"))
    kind = word(one.get("type")).lower().removesuffix("monitor")
    if kind in _OTHER_TYPES:
        return Listed(name, reason=f"is a {kind} monitor of StatusGator's own")
    url = word(service.get("status_page_url")) or word(service.get("status_url"))
    return Listed(
        word(service.get("name")) or word(service.get("service_name")) or name, url, word(service.get("slug"))
    )


def _of_isdown(one: dict[str, object]) -> Listed:
    attributes = mapping(one.get("attributes"))
    name = word(attributes.get("name"))
    if one.get("type") == "custom_monitor":
        return Listed(name, reason="is a probe of IsDown's own")
    slug = word(attributes.get("isdown_url")).rstrip("/").rpartition("/")[2]
    return Listed(name, word(attributes.get("status_page_url")), slug)
