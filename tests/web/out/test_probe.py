"""`/probe`: one watched page for one scrape, in our words or in those of the exporters that people come from."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from statuswire.config import Config
from statuswire.config.metrics import MetricsConfig, ProbeModule
from statuswire.engine.levels import Wanted
from statuswire.metrics.probes import DIALECTS, OF_MANY, Part, Probed, text_of
from statuswire.metrics.words import STATE_CODES
from statuswire.model import Impact, Status
from tests.test_docs import DOCS, FENCE
from tests.web.filling import NOW, blind, component, incident, minutes, put
from tests.web.parts import Reply, Site

COMPONENTS = (
    component("k1", "API", Status.DEGRADED, "Europe"),
    component("k2", "API", Status.MAJOR_OUTAGE, "America"),
    component("k3", "Web"),
    component("k4", "Mail", Status.MAINTENANCE),
    component("k5", "Queue", Status.PARTIAL_OUTAGE),
    component("k6", "Odd", Status.UNKNOWN),
)
URL = "https://status.acme.example"
PROMTOOL = shutil.which("promtool")

Sample = tuple[str, tuple[tuple[str, str], ...]]


def samples(text: bytes) -> dict[Sample, float]:
    families = text_string_to_metric_families(text.decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def labels(**names: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names.items()))


def named(reply: Reply, name: str, label: str) -> dict[str, float]:
    """The values of one metric by one of its labels."""
    assert reply.status == 200, reply
    return {dict(key[1])[label]: value for key, value in samples(reply.body).items() if key[0] == name}


# --- our own words -----------------------------------------------------------------------------------------------


def test_a_probe_says_how_a_page_is_and_how_current_that_is(site: Site) -> None:
    put(site.store, status=Status.DEGRADED, components=COMPONENTS, incidents=[incident("i1", impact=Impact.MAJOR)])

    reply = site.get("/probe?target=acme")

    found = samples(reply.body)
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert found["probe_success", ()] == 1
    assert found["probe_page_state", labels(page="acme")] == STATE_CODES["partial_outage"]
    assert found["probe_incidents_open", labels(page="acme", kind="incident", impact="major")] == 1
    assert found["probe_incidents_open", labels(page="acme", kind="incident", impact="critical")] == 0
    assert found["probe_page_read_timestamp_seconds", labels(page="acme")] == NOW.timestamp() - 12
    assert found["probe_component_state", labels(page="acme", component="America / API")] == 5
    assert 0 <= found["probe_duration_seconds", ()] < 5


def test_a_page_that_cannot_be_read_is_no_success_and_unknown(site: Site) -> None:
    put(site.store, components=COMPONENTS, health=blind())

    reply = site.get("/probe?target=acme")

    found = samples(reply.body)
    assert found["probe_success", ()] == 0
    assert found["probe_page_state", labels(page="acme")] == STATE_CODES["unknown"]
    assert set(named(reply, "probe_component_state", "component").values()) == {STATE_CODES["unknown"]}


def test_a_page_that_was_never_read_is_no_success(site: Site) -> None:
    put(site.store, is_read=False)

    assert samples(site.get("/probe?target=acme").body)["probe_success", ()] == 0


# --- targets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "acme",
        URL,
        f"{URL}/",
        "status.acme.example",
        "http://status.acme.example",
        f"{URL}/api/v2/summary.json",
        f"{URL}/history.atom",
    ],
)
def test_a_target_is_a_slug_or_any_usual_address_of_the_page(site: Site, target: str) -> None:
    put(site.store)

    assert named(site.get(f"/probe?target={target}"), "probe_page_state", "page") == {"acme": 0}


@pytest.mark.parametrize("target", ["github", "GitHub", "https://www.githubstatus.com/api/v2/summary.json"])
def test_a_page_of_the_catalog_is_found_under_the_slug_that_it_is_watched_by(site: Site, target: str) -> None:
    put(site.store, "our-forge", url="https://www.githubstatus.com")

    assert named(site.get(f"/probe?target={target}"), "probe_page_state", "page") == {"our-forge": 0}


def test_a_slug_that_another_page_took_is_not_that_of_the_catalog(site: Site) -> None:
    put(site.store, "github", url="https://status.forge.example")

    assert site.get("/probe?target=https://www.githubstatus.com").code == "unknown_page"


@pytest.mark.parametrize(
    "target",
    [
        "nobody",
        "github",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:22",
        "https://status.acme.example.evil.example",
        "https://status.acme.example:8443",
        "file:///etc/passwd",
        "https://user:secret@status.acme.example",
        "http://[::1",
        "%20acme%00",
    ],
)
def test_whatever_is_not_watched_is_an_error_and_nothing_is_fetched(site: Site, target: str) -> None:
    put(site.store)
    assert site.parts.client is None

    reply = site.get(f"/probe?target={target}")

    assert (reply.status, reply.code) == (404, "unknown_page")
    assert "Add it." in reply.json["detail"]


@pytest.mark.parametrize(
    "query", ["", "?target=", "?target=%20", f"?target={'a' * 2001}", "?target=acme&module=http_2xx"]
)
def test_a_probe_without_a_target_or_of_another_module_is_refused(site: Site, query: str) -> None:
    put(site.store)

    assert site.get(f"/probe{query}").code == "bad_parameter"
    assert site.get("/probe?target=acme&hostname=x").code == "bad_parameter"


# --- the exporters -----------------------------------------------------------------------------------------------


def test_sergeyshevch_has_his_names_labels_and_numbers(site: Site) -> None:
    put(site.store, status=Status.PARTIAL_OUTAGE, components=COMPONENTS)

    reply = site.get(f"/probe?module=sergeyshevch&target={URL}")

    page = labels(service="Acme Relay", status_page_url=URL)
    assert samples(reply.body)["statuspage_overall", page] == 4
    assert named(reply, "statuspage_overall", "service") == {"Acme Relay": 4}
    assert named(reply, "statuspage_component", "component") == {
        "API": 5,
        "Web": 1,
        "Mail": 2,
        "Queue": 4,
        "Odd": 0,
        "Europe": 3,
        "America": 5,
    }
    assert named(reply, "service_status", "component") == {
        "API": 4,
        "Web": 1,
        "Mail": 0,
        "Queue": 3,
        "Odd": 0,
        "Europe": 2,
        "America": 4,
    }
    assert ("service_status_fetch_duration_seconds", labels(status_page_url=URL)) in samples(reply.body)


def test_vladvasiliu_has_one_word_of_each(site: Site) -> None:
    put(site.store, status=Status.DEGRADED, components=COMPONENTS)

    found = samples(site.get(f"/probe?module=vladvasiliu&target={URL}/api/v2/summary.json").body)

    statuses = {dict(key[1])["status"] for key in found if key[0] == "statuspage_component"}
    chosen = {key[1] for key, value in found.items() if key[0] == "statuspage_component" and value == 1}
    indicators = {dict(key[1])["indicator"]: value for key, value in found.items() if key[0] == "statuspage_overall"}
    assert found["statuspage_probe_success", ()] == 1
    assert statuses == {
        "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"
    }  # fmt: skip
    assert indicators == {"maintenance": 0, "critical": 0, "major": 0, "minor": 1, "none": 0}
    assert chosen == {
        labels(component="API", status="major_outage"),
        labels(component="Web", status="operational"),
        labels(component="Mail", status="under_maintenance"),
        labels(component="Queue", status="partial_outage"),
        labels(component="Europe", status="degraded_performance"),
        labels(component="America", status="major_outage"),
    }
    assert found["statuspage_timestamp", ()] == (NOW - minutes(42)).timestamp()
    assert found["statuspage_component_timestamp", labels(component="Web")] == (NOW - minutes(42)).timestamp()


def test_a_blind_page_says_with_vladvasiliu_only_that_it_failed(site: Site) -> None:
    put(site.store, components=COMPONENTS, health=blind())

    assert samples(site.get("/probe?module=vladvasiliu&target=acme").body) == {("statuspage_probe_success", ()): 0}


def test_a_setting_says_which_module_is_meant_where_none_is_named(site: Site) -> None:
    put(site.store)
    config = Config(metrics=MetricsConfig(probe=ProbeModule.VLADVASILIU))
    site.replace(config=lambda: config)

    assert b"statuspage_probe_success 1.0" in site.get("/probe?target=acme").body
    assert b"\nprobe_success 1.0" in site.get("/probe?target=acme&module=statuswire").body


def test_all_pages_that_metrics_may_name_are_told_together(site: Site) -> None:
    put(site.store, status=Status.PARTIAL_OUTAGE, components=COMPONENTS)
    put(site.store, "beta", status=Status.MAJOR_OUTAGE)
    put(site.store, "gamma")
    site.replace(named_levels=Wanted(("acme", "be*")))

    reply = site.get("/metrics/sergeyshevch")

    assert named(reply, "statuspage_overall", "status_page_url") == {
        URL: 4,
        "https://status.beta.example": 5,
    }


def test_no_page_is_named_unless_it_is_asked_for(site: Site) -> None:
    put(site.store)

    assert samples(site.get("/metrics/sergeyshevch").body) == {}


def test_labels_that_tell_no_pages_apart_are_not_told_together(site: Site) -> None:
    assert site.get("/metrics/vladvasiliu").code == "unknown_address"
    assert set(OF_MANY) < set(DIALECTS) == {one.value for one in ProbeModule}


STATES = st.sampled_from(sorted(STATE_CODES))
PARTS = st.builds(
    Part, name=st.text(max_size=8), group=st.text(max_size=8), state=STATES, changed_at=st.floats(0, 2e9)
)  # fmt: skip
PROBED = st.builds(
    Probed,
    target=st.text(max_size=20),
    slug=st.just("acme"),
    name=st.text(max_size=20),
    state=STATES,
    is_current=st.booleans(),
    components=st.lists(PARTS, max_size=4).map(tuple),
    groups=st.lists(PARTS, max_size=2).map(tuple),
)


@given(PROBED, st.sampled_from(sorted(DIALECTS)))
def test_whatever_a_provider_calls_things_no_series_comes_twice(probed: Probed, dialect: str) -> None:
    text = text_of(dialect, [probed])

    families = text_string_to_metric_families(text.decode())
    keys = [(one.name, tuple(sorted(one.labels.items()))) for family in families for one in family.samples]
    assert len(keys) == len(set(keys))


# --- Prometheus --------------------------------------------------------------------------------------------------


def configurations() -> list[dict[str, object]]:
    page = (DOCS / "how-to" / "probe-with-prometheus.md").read_text(encoding="utf-8")
    found = [yaml.safe_load(one["body"]) for one in FENCE.finditer(page) if one["language"] == "yaml"]
    return [one for one in found if "scrape_configs" in one]


def test_the_relabelling_of_the_how_to_asks_for_the_target_that_it_lists(site: Site) -> None:
    put(site.store, "github", url="https://www.githubstatus.com")
    for job in (job for one in configurations() for job in one["scrape_configs"]):  # type: ignore[attr-defined]
        if job.get("metrics_path") != "/probe":
            continue
        module = job.get("params", {}).get("module", ["statuswire"])[0]
        assert job["relabel_configs"] == [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": "127.0.0.1:8000"},
        ]
        assert site.get(f"/probe?module={module}&target={job['static_configs'][0]['targets'][0]}").status == 200


if PROMTOOL is not None:

    @pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"sergeyshevch"}))
    def test_promtool_has_nothing_to_say_of_a_probe(site: Site, dialect: str) -> None:
        put(site.store, components=COMPONENTS, incidents=[incident("i1")])

        done = promtool("check", "metrics", text=site.get(f"/probe?target=acme&module={dialect}").body.decode())

        assert (done.returncode, done.stdout + done.stderr) == (0, "")

    def test_promtool_can_read_the_series_of_the_other_exporter(site: Site) -> None:
        put(site.store, components=COMPONENTS)

        done = promtool("check", "metrics", text=site.get("/probe?target=acme&module=sergeyshevch").body.decode())

        assert "error while parsing" not in done.stderr

    @pytest.mark.parametrize("number", range(len(configurations())))
    def test_promtool_finds_no_fault_with_the_how_to(number: int) -> None:
        text = yaml.safe_dump(configurations()[number])

        done = promtool("check", "config", "--syntax-only", "/dev/stdin", text=text)

        assert done.returncode == 0, done.stdout + done.stderr

    def promtool(*command: str, text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(PROMTOOL), *command], input=text, capture_output=True, text=True, check=False)
