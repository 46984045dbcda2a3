"""The chart: rendered by Helm itself and held against what each version of Kubernetes takes, where both are to be had.

In any case its values, their schema and its templates speak of the same things.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry
from referencing.jsonschema import DRAFT7

from statuswire.config import layers, validate
from tests.deploy.asked import misunderstood, obeyed
from tests.deploy.tools import DEPLOY, ROOT, run, schemas, tool

CHART = DEPLOY / "helm" / "statuswire"
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text("utf-8"))
TEMPLATES = "\n".join(path.read_text("utf-8") for path in sorted(CHART.glob("templates/*")))

Object = dict[str, Any]

POSTGRESQL = {"database": {"kind": "postgresql", "postgresql": {"existingSecret": "db"}}}
EVERYTHING: Object = POSTGRESQL | {
    "redis": {"existingSecret": "redis"},
    "roles": ["hooks", "web"],
    "replicas": 3,
    "image": {"digest": "sha256:" + "0" * 64, "pullSecrets": ["registry"]},
    "secretVariables": "channels",
    "secretFiles": "files",
    "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls", "annotations": {"a": "b"}},
    "networkPolicy": {
        "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}],
        "egress": [{"ports": [{"port": 8883, "protocol": "TCP"}]}],
    },
    "serviceAccount": {"annotations": {"a": "b"}},
    "service": {"annotations": {"a": "b"}},
    "podAnnotations": {"prometheus.io/scrape": "true"},
    "podLabels": {"team": "platform"},
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "tolerations": [{"key": "spot", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "priorityClassName": "high",
}
BARE: Object = {
    "networkPolicy": {"enabled": False},
    "podDisruptionBudget": {"enabled": False},
    "serviceAccount": {"create": False},
    "database": {"sqlite": {"storageClass": "fast"}},
}
CASES: dict[str, Object] = {"sqlite": {}, "postgresql": POSTGRESQL, "everything": EVERYTHING, "bare": BARE}


@functools.cache
def rendered(case: str) -> tuple[Object, ...]:
    """What Helm makes of the chart with these values."""
    text = run(tool("helm"), "template", "demo", CHART, *_as_options(CASES[case]))
    return tuple(one for one in yaml.safe_load_all(text) if one)


def _as_options(values: Mapping[str, Any]) -> list[str]:
    return [word for key, value in values.items() for word in ("--set-json", f"{key}={json.dumps(value)}")]


def kinds(case: str) -> dict[str, Object]:
    return {one["kind"]: one for one in rendered(case)}


def pod(case: str) -> Object:
    found = kinds(case)
    owner = found.get("Deployment") or found["StatefulSet"]
    spec: Object = owner["spec"]["template"]["spec"]
    return spec


def environ(case: str) -> dict[str, str]:
    return {one["name"]: one["value"] for one in pod(case)["containers"][0]["env"]}


# --- by Helm ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_helm_finds_no_fault(case: str) -> None:
    run(tool("helm"), "lint", "--strict", CHART, *_as_options(CASES[case]))


@pytest.mark.parametrize("version", ["1.27", "1.30", "1.34", "1.37"])
@pytest.mark.parametrize("case", CASES)
def test_kubernetes_takes_what_is_rendered(case: str, version: str) -> None:
    for one in rendered(case):
        _taken(one, schemas(version))


def test_kubernetes_takes_nothing_unknown() -> None:
    service = kinds("sqlite")["Service"]

    with pytest.raises(jsonschema.ValidationError, match="sesionAffinity"):
        _taken(service | {"spec": service["spec"] | {"sesionAffinity": "None"}}, schemas("1.37"))


def _taken(one: Object, folder: Path) -> None:
    """Raises ValidationError where the API would refuse it or drop a part of it."""
    group, _, version = one["apiVersion"].rpartition("/")
    words = [one["kind"].lower(), *filter(None, [group.partition(".")[0]]), version]
    schema = json.loads((folder / f"{'-'.join(words)}.json").read_text("utf-8"))
    definitions = json.loads((folder / "_definitions.json").read_text("utf-8"))
    registry: Registry[Any] = Registry().with_resource("_definitions.json", DRAFT7.create_resource(definitions))
    jsonschema.Draft7Validator(schema, registry=registry).validate(one)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("sqlite", {"ConfigMap", "NetworkPolicy", "Service", "ServiceAccount", "StatefulSet"}),
        (
            "postgresql",
            {"ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"},
        ),
        (
            "everything",
            {"ConfigMap", "Deployment", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"},
        ),
        ("bare", {"ConfigMap", "Service", "StatefulSet"}),
    ],
)
def test_the_values_choose_what_there_is(case: str, expected: set[str]) -> None:
    assert set(kinds(case)) == expected
    assert len(rendered(case)) == len(expected)


@pytest.mark.parametrize("case", CASES)
def test_a_pod_has_no_rights_and_writes_nowhere_but_into_its_volumes(case: str) -> None:
    spec = pod(case)
    container = spec["containers"][0]

    assert spec["automountServiceAccountToken"] is spec["enableServiceLinks"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["terminationGracePeriodSeconds"] >= 40
    written = {one["mountPath"] for one in container["volumeMounts"] if not one.get("readOnly")}
    assert written == {"/data", "/tmp"}


@pytest.mark.parametrize("case", CASES)
def test_every_volume_that_is_mounted_is_there(case: str) -> None:
    found = kinds(case)
    claims = found.get("StatefulSet", {"spec": {"volumeClaimTemplates": []}})["spec"]["volumeClaimTemplates"]
    there = {one["name"] for one in pod(case)["volumes"]} | {one["metadata"]["name"] for one in claims}

    assert {one["name"] for one in pod(case)["containers"][0]["volumeMounts"]} == there


@pytest.mark.parametrize("case", CASES)
def test_what_selects_pods_selects_ours(case: str) -> None:
    found = kinds(case)
    owner = found.get("Deployment") or found["StatefulSet"]
    labels = owner["spec"]["template"]["metadata"]["labels"].items()

    selectors = [found["Service"]["spec"]["selector"], owner["spec"]["selector"]["matchLabels"]]
    selectors += [found[one]["spec"]["podSelector"]["matchLabels"] for one in ("NetworkPolicy",) if one in found]
    selectors += [found[one]["spec"]["selector"]["matchLabels"] for one in ("PodDisruptionBudget",) if one in found]
    assert all(selector.items() <= labels for selector in selectors)


@pytest.mark.parametrize("case", CASES)
def test_probes_ask_paths_that_are_answered_by_a_name_that_is_always_right(case: str) -> None:
    container = pod(case)["containers"][0]
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}

    assert [one["path"] for one in asked.values()] == ["/health/live", "/health/live", "/health"]
    assert all(one["httpHeaders"] == [{"name": "Host", "value": "localhost"}] for one in asked.values())


@pytest.mark.parametrize("case", CASES)
def test_the_service_understands_what_it_is_told(case: str) -> None:
    config = kinds(case)["ConfigMap"]["data"]["statuswire.yaml"]

    assert validate(layers.parse(config, "statuswire.yaml"), {})
    assert obeyed(pod(case)["containers"][0]["args"])
    assert misunderstood(environ(case)) == set()


@pytest.mark.parametrize("case", CASES)
def test_secrets_are_files_and_no_variables(case: str) -> None:
    volumes = {one["name"]: one for one in pod(case)["volumes"]}
    mounts = {one["name"]: one["mountPath"] for one in pod(case)["containers"][0]["volumeMounts"]}
    sources = volumes.get("addresses", {"projected": {"sources": []}})["projected"]["sources"]
    files = {f"{mounts['addresses']}/{item['path']}" for one in sources for item in one["secret"]["items"]}

    assert {value for name, value in environ(case).items() if name.endswith("_FILE")} == files
    assert not any("@" in value for value in environ(case).values())


def test_roles_are_a_list_as_variables_have_lists() -> None:
    assert yaml.safe_load(environ("everything")["STATUSWIRE_ROLES"]) == ["hooks", "web"]


def test_a_pod_that_reads_the_database_of_one_is_never_two() -> None:
    stateful = kinds("sqlite")["StatefulSet"]["spec"]

    assert stateful["replicas"] == 1
    assert stateful["volumeClaimTemplates"][0]["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert environ("sqlite")["STATUSWIRE_DATABASE"] == "sqlite:////data/statuswire.db"


def test_addresses_within_the_cluster_are_closed_to_it_but_for_what_it_needs() -> None:
    rules = kinds("everything")["NetworkPolicy"]["spec"]["egress"]
    ports = [{one["port"] for one in rule["ports"]} for rule in rules]

    assert ports == [{53}, {5432}, {6379}, {80, 443, 465, 587}, {8883}]
    assert "169.254.0.0/16" in rules[3]["to"][0]["ipBlock"]["except"]


@pytest.mark.parametrize("case", CASES)
def test_the_notes_name_what_there_is(case: str) -> None:
    options = ["install", "demo", str(CHART), "--dry-run=client", "--namespace", "status"]
    notes = run(tool("helm"), *options, *_as_options(CASES[case])).partition("NOTES:")[2]
    kind = "deployment" if "Deployment" in kinds(case) else "statefulset"

    assert f"{kind}/demo-statuswire -- statuswire user add" in notes
    assert ("MIND" in notes) is (case == "everything")


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"database": {"kind": "postgresql"}}, "existingSecret"),
        ({"database": {"kind": "mysql"}}, "kind"),
        ({"replica": 3}, "replica"),
        ({"config": {"database": "sqlite://"}}, "config"),
        ({"roles": ["everything"]}, "roles"),
        ({"terminationGracePeriodSeconds": 10}, "terminationGracePeriodSeconds"),
    ],
)
def test_wrong_values_are_refused_by_name(values: Object, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        run(tool("helm"), "template", "demo", CHART, *_as_options(values))


# --- without Helm -------------------------------------------------------------------------------------------------


def paths(values: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every value that the schema knows by its own name, as templates write it."""
    for key, value in values.items():
        inner = schema["properties"][key]
        if "properties" in inner:
            yield from paths(value, inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def test_the_usual_values_are_right() -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(VALUES)


@pytest.mark.parametrize("case", CASES)
def test_the_schema_takes_what_the_chart_is_tested_with(case: str) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(CASES[case])


def test_every_value_is_used_and_every_value_used_is_there() -> None:
    used = set(re.findall(r"\.Values\.([\w.]+)", TEMPLATES))

    assert used == set(paths(VALUES, SCHEMA))


def test_the_chart_has_the_version_of_the_program() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    project = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)

    assert project is not None
    assert chart["appVersion"] == project[1]


def test_actions_of_every_template_are_closed() -> None:
    opened = len(re.findall(r"\{\{-? *(?:if|with|range|define)\b", TEMPLATES))

    assert opened == len(re.findall(r"\{\{-? *end\b", TEMPLATES))
    assert TEMPLATES.count("{{") == TEMPLATES.count("}}")
