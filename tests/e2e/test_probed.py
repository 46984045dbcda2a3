"""A real Prometheus, where one is installed, that scrapes a running service as the how-to says."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import yaml

from tests.deploy.proxies import free_port
from tests.test_docs import DOCS, FENCE

from .acme import Acme, summary
from .running import PATIENCE_S
from .waiting import wait_until

PROMETHEUS = shutil.which("prometheus")
PAGE = (DOCS / "how-to" / "probe-with-prometheus.md").read_text(encoding="utf-8")
SCRAPES = [one["body"] for one in FENCE.finditer(PAGE) if "/probe" in one["body"] and one["language"] == "yaml"]


def config(acme: Acme) -> str:
    """Both jobs of the how-to, of this page and one that is not watched, at this service."""
    jobs = [job for text in SCRAPES for job in yaml.safe_load(text)["scrape_configs"]]
    for job in jobs:
        job["static_configs"][0]["targets"] = ["acme", acme.provider.url("/api/v2/summary.json"), "nobody"]
        job["relabel_configs"][-1]["replacement"] = acme.url.removeprefix("http://")
    return yaml.safe_dump({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs})


@contextmanager
def running(folder: Path, text: str) -> Iterator[str]:
    """The address of a Prometheus with this configuration."""
    file, port = folder / "prometheus.yml", free_port()
    file.write_text(text, encoding="utf-8")
    where = (f"--config.file={file}", f"--storage.tsdb.path={folder / 'tsdb'}")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(PROMETHEUS), *where, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def asked(server: str, expression: str) -> dict[str, float]:
    """The values of an expression by the label `instance`; none before Prometheus answers."""
    try:
        with urlopen(f"{server}/api/v1/query?query={quote(expression)}", timeout=5) as answer:
            found = json.loads(answer.read())["data"]["result"]
    except (URLError, ConnectionError):
        return {}
    return {one["metric"]["instance"]: float(one["value"][1]) for one in found}


if PROMETHEUS is not None:

    def test_prometheus_probes_pages_by_slug_and_address_as_the_how_to_says(tmp_path: Path) -> None:
        with Acme(tmp_path) as acme, running(tmp_path, config(acme)) as server:
            address = acme.provider.url("/api/v2/summary.json")
            wait_until(
                lambda: asked(server, 'up{job="providers"}') == {"acme": 1, address: 1, "nobody": 0}, "all targets"
            )
            assert asked(server, "probe_success") == {"acme": 1, address: 1}
            assert asked(server, "probe_page_state") == {"acme": 0, address: 0}

            acme.say(summary(5, "major_outage", incident="Slow API"))
            wait_until(lambda: asked(server, "probe_page_state >= 3").keys() == {"acme", address}, "the trouble")
            wait_until(lambda: asked(server, 'statuspage_component{component="API"}')["acme"] == 5, "the exporter's")
