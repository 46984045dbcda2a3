"""The Compose files: read by Compose itself where it is to be had, and in any case closed in and without secrets."""

from __future__ import annotations

import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from statuswire import config
from tests.deploy.asked import misunderstood, obeyed
from tests.deploy.tools import DEPLOY, run, tool

COMPOSE = DEPLOY / "compose"
FILES = ("one", "replicas")

Services = dict[str, dict[str, Any]]


def content(name: str) -> dict[str, Any]:
    """With anchors and merges resolved."""
    loaded: dict[str, Any] = yaml.safe_load((COMPOSE / f"{name}.yaml").read_text("utf-8"))
    return loaded


def services() -> list[Any]:
    return [
        pytest.param(one, id=f"{name}-{service}")
        for name in FILES
        for service, one in content(name)["services"].items()
    ]


@pytest.mark.parametrize("name", FILES)
def test_compose_itself_finds_no_fault(name: str) -> None:
    run(tool("docker-compose"), "--file", COMPOSE / f"{name}.yaml", "config", "--quiet")


@pytest.mark.parametrize("service", services())
def test_a_service_is_closed_in(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["mem_limit"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_published_beyond_this_machine(name: str) -> None:
    ports = [port for service in content(name)["services"].values() for port in service.get("ports", ())]

    assert len(ports) == 1
    assert ports[0].startswith("127.0.0.1:")


@pytest.mark.parametrize("name", FILES)
def test_no_password_stands_in_a_file(name: str) -> None:
    text = (COMPOSE / f"{name}.yaml").read_text("utf-8")
    values = [value for one in content(name)["services"].values() for value in one.get("environment", {}).items()]

    assert all(key.endswith("_FILE") for key, _ in values if re.search("PASSWORD|DATABASE|REDIS", key))
    assert not re.search(r"://[^/\s]*@", text)


@pytest.mark.parametrize("service", [param for param in services() if "-statuswire" in str(param.id)])
def test_the_service_understands_what_it_is_told(service: dict[str, Any]) -> None:
    assert obeyed(service["command"])
    assert misunderstood(service["environment"]) == set()
    assert int(service["stop_grace_period"].removesuffix("s")) >= 40


def test_the_settings_beside_them_are_good(tmp_path: Path) -> None:
    variables = content("one")["services"]["statuswire"]["environment"]
    environ = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in variables.items()}

    chosen, remarks = config.check(COMPOSE / "statuswire.yaml", environ=environ, now=datetime(2026, 11, 29, tzinfo=UTC))

    assert chosen.auth.proxies == ("172.30.76.1",)
    assert remarks == []


def test_replicas_wait_for_what_they_need_and_nginx_for_them() -> None:
    found: Services = content("replicas")["services"]
    replica = found["statuswire-1"]

    assert replica["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert replica["depends_on"]["redis"]["required"] is False
    assert found["statuswire-2"] == replica | {"networks": found["statuswire-2"]["networks"]}
    assert set(found["nginx"]["depends_on"]) == {"statuswire-1", "statuswire-2"}
    assert all("healthcheck" in found[name] for name in ("nginx", "postgres", "redis"))


def test_the_proxy_that_is_believed_is_nginx_and_both_replicas_are_where_it_looks() -> None:
    found: Services = content("replicas")["services"]
    address = found["nginx"]["networks"]["front"]["ipv4_address"]
    looked = set(re.findall(r"server (\S+):8000", (COMPOSE / "nginx.conf").read_text("utf-8")))

    assert found["statuswire-1"]["environment"]["STATUSWIRE_AUTH__PROXIES"] == f"[{address}]"
    assert looked == {"statuswire-1", "statuswire-2"}


def test_the_databases_are_on_a_network_that_leads_nowhere() -> None:
    whole = content("replicas")

    assert whole["networks"]["back"] == {"internal": True}
    assert all(whole["services"][name]["networks"] == ["back"] for name in ("postgres", "redis"))


def test_secrets_are_made_once_and_fit_together(tmp_path: Path) -> None:
    shutil.copy(COMPOSE / "secrets.sh", tmp_path)
    made = tmp_path / "secrets"

    run("sh", tmp_path / "secrets.sh")
    texts = {path.name: path.read_text("utf-8") for path in made.iterdir()}
    run("sh", tmp_path / "secrets.sh")

    assert {path.name: path.read_text("utf-8") for path in made.iterdir()} == texts
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert {f"./secrets/{name}" for name in texts} == {one["file"] for one in content("replicas")["secrets"].values()}
    assert f":{texts['postgres_password']}@postgres:5432/" in texts["database_url"]
    password = texts["redis_conf"].removeprefix("requirepass ").strip()
    assert texts["redis_url"] == f"redis://:{password}@redis:6379/0"
    assert len(password) == len(texts["postgres_password"]) == 48
