"""The configurations of Prometheus exporters for status pages, and the scrape jobs that name their targets.

- sergeyshevch/statuspage-exporter: `.statuspage-exporter.yaml` with `statuspages`, a list of addresses (README and
  pkg/config/config.go, read 2026-11).
- mcarvin8/statuspage-prometheus-exporter: `services.json`, `{"key": {"url": ".../api/v2/summary.json", "name"}}`
  (README and src/services.json, read 2026-11).
- vladvasiliu/statuspage-exporter has none: Prometheus names the targets of its `/probe` (README, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator

from statuswire.config import layers
from statuswire.discovery.readers.loading import from_json, mapping, mappings, word, words
from statuswire.elsewhere.listed import Listed


def statuspages(text: str) -> list[Listed]:
    """Also a text with blanks between, which is what the exporter takes from a variable. Raises ConfigError."""
    listed = layers.parse(text, "the file").values.get("statuspages")
    return [Listed("", url) for url in (listed.split() if isinstance(listed, str) else words(listed))]


def services(text: str) -> list[Listed]:
    """Raises ConfigError."""
    entries = ((key, mapping(one)) for key, one in from_json(text).items())
    return [Listed(word(one.get("name")) or key, word(one.get("url")), slug=key) for key, one in entries]


def scrape_jobs(text: str) -> list[Listed]:
    """The targets of all jobs that ask `/probe`: those of an exporter for status pages, but perhaps other ones too.

    Raises ConfigError.
    """
    jobs = mappings(layers.parse(text, "the file").values.get("scrape_configs"))
    return [Listed("", target, is_page=False, is_check=True) for job in jobs for target in _targets(job)]


def _targets(job: dict[str, object]) -> Iterator[str]:
    if word(job.get("metrics_path")).rstrip("/") == "/probe":
        for group in mappings(job.get("static_configs")):
            yield from words(group.get("targets"))
