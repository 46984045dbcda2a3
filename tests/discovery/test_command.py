"""`statuswire discover`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statuswire.cli.app import app
from statuswire.config import layers, validate
from tests.discovery.samples import SAMPLES


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["discover", *map(str, arguments)], input=stdin)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in SAMPLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_pages_are_proposed_the_surest_first_with_the_reason(project: Path) -> None:
    result = run(project)

    words = [line.split()[:2] for line in result.stdout.splitlines()[1:-2]]
    assert result.exit_code == 0
    assert [order for _, order in words] == sorted((order for _, order in words), key=["strong", "fair", "weak"].index)
    assert "crate aws-sdk-s3 (Cargo.lock:9) and 8 more" in result.stdout
    assert "files" in result.stdout.splitlines()[-1]


def test_no_value_of_a_variable_is_ever_shown_or_written(project: Path, tmp_path: Path) -> None:
    canary = "CANARYVALUE"
    (project / ".env.local").write_text(f"STRIPE_KEY={canary}\nX='\nOPENAI_{canary}=1\n'\n", encoding="utf-8")
    (project / "compose.yaml").write_text(
        f"e:\n  STRIPE_KEY: {canary}\n  OPENAI_URL: https://u:{canary}@api.openai.com/{canary}\n"
    )
    (project / "deploy.yml").write_text(
        f"e:\n- name: SLACK_TOKEN\n  value: {canary}\n  url: https://{canary}.okta.com\n"
    )
    (project / "Dockerfile").write_text(f"FROM scratch\nENV STRIPE_KEY={canary}\nARG SENTRY_DSN={canary}\n")
    (project / "main.tf").write_text(f'provider "aws" {{\n  secret_key = "{canary}"\n}}\n')
    for broken in ("package.json", "pyproject.toml", "Cargo.lock", "composer.lock"):
        (project / broken).write_text(f"{{{canary} = = {canary}")
    file = tmp_path / "out.yaml"

    shown = [run(project), run(project, "--json"), run(project, "--write", file)]

    text = "".join(one.stdout + one.stderr for one in shown) + file.read_text(encoding="utf-8")
    assert "STRIPE_KEY" in text
    assert "CANARY" not in text


def test_json_has_all_the_evidence_and_what_was_not_read(project: Path) -> None:
    (project / "go").mkdir()
    (project / "go" / "package.json").write_text("{", encoding="utf-8")

    body = json.loads(run(project, "--json", "--min", "strong").stdout)

    stripe = next(one for one in body["pages"] if one["slug"] == "stripe")
    assert stripe["name"] == "Stripe" and stripe["url"].startswith("https://")
    assert {
        "kind": "composer",
        "name": "stripe/stripe-php",
        "file": "composer.json",
        "line": 1,
        "sureness": "strong",
        "is_indirect": False,
    } in stripe["evidence"]
    assert {one["sureness"] for one in body["pages"]} == {"strong"}
    assert body["unread"] == [{"file": "go/package.json", "why": "is not JSON (line 1)"}]


def test_the_pages_are_written_into_a_configuration_that_is_good(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "statuswire.yaml"
    file.parent.mkdir()

    result = run(project, "--min", "strong", "--write", file)

    config = validate(layers.read(file), {})
    assert "stripe" in {target.slug for target in config.targets}
    assert f"{len(config.targets)} pages added" in result.stdout
    assert "- stripe  # " in file.read_text(encoding="utf-8")


def test_a_configuration_keeps_what_is_there_and_is_extended_only_once(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    before = "# ours\npages:\n  - stripe   # the till\n  - {url: https://a.example}\n\n# below\npoll: {interval: 2m}\n"
    file.write_text(before, encoding="utf-8")

    run(project, "--min", "strong", "--write", file)
    first = file.read_text(encoding="utf-8")
    again = run(project, "--min", "strong", "--write", file)

    assert all(line in first.splitlines() for line in before.splitlines())
    assert first.count("stripe") == 1
    assert file.read_text(encoding="utf-8") == first
    assert "0 pages added" in again.stdout


def test_hosts_of_traffic_come_from_standard_input() -> None:
    result = run("--domains", "-", stdin="api.stripe.com\ndb.corp.example\n")

    assert result.exit_code == 0
    assert "host api.stripe.com (standard input:1)" in result.stdout
    assert "most often: db.corp.example" in result.stdout


def test_a_tree_and_its_traffic_together_are_one_list(project: Path, tmp_path: Path) -> None:
    (tmp_path / "egress.txt").write_text("api.stripe.com\nuploads.pinecone.io\n", encoding="utf-8")

    body = json.loads(run(project, "--domains", tmp_path / "egress.txt", "--json").stdout)

    pages = {one["slug"]: one for one in body["pages"]}
    assert pages["pinecone"]["evidence"][0]["kind"] == "host"
    assert pages["stripe"]["sureness"] == "strong"
    assert body["lines"] == 2


def test_nothing_found_is_said_by_the_exit_code(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 1


@pytest.mark.parametrize(
    "arguments", [[], ["--min", "sure", "."], ["/nowhere/at/all"], ["--domains", "/nowhere/at/all"]]
)
def test_wrong_usage_is_told_in_a_sentence(arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("statuswire: ")
