"""What is handed to Prometheus and Grafana: it speaks of metrics that there are, and their own tools find no fault.

`promtool` is asked where it is installed; `.ci/run` installs it where it can.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from statuswire.metrics import words
from tests.web.parts import Site

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
BOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "statuswire.json").read_text(encoding="utf-8"))
ALERTS: dict[str, Any] = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PROMTOOL = shutil.which("promtool")

LABELS = {
    re.match(r"\| `(\w+)`", line)[1]: set(re.findall(r"`(\w+)`", line.split("|")[3]))  # type: ignore[index]
    for line in (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `statuswire_")
}
OF_TARGETS = {"job", "instance"}


def panels() -> Iterator[dict[str, Any]]:
    for panel in BOARD["panels"]:
        yield panel
        yield from panel.get("panels", ())


def expressions() -> list[Any]:
    """Every expression, with where it stands."""
    of_board = ((panel["title"], one["expr"]) for panel in panels() for one in panel.get("targets", ()))
    of_rules = ((rule["alert"], rule["expr"]) for rule in RULES)
    return [pytest.param(expr, id=f"{where}-{n}") for n, (where, expr) in enumerate((*of_rules, *of_board))]


def base(name: str) -> str:
    """The metric that a series belongs to."""
    bare = re.sub(r"_(?:bucket|sum|count)$", "", name)
    return bare if bare in LABELS else name


@pytest.mark.parametrize("expr", expressions())
def test_an_expression_asks_for_metrics_and_labels_that_there_are(expr: str) -> None:
    names = re.findall(r"\b(?:statuswire|process)_\w+", expr) or re.findall(r"\bup\b", expr)
    ours = {base(name) for name in names if name.startswith("statuswire_")}

    assert names
    assert ours <= set(LABELS)
    known = set().union(*(LABELS[name] for name in ours)) | OF_TARGETS | {"le"}
    grouped = {word.strip() for inside in re.findall(r"\b(?:by|on) \(([^)]*)\)", expr) for word in inside.split(",")}
    matched = {
        word for inside in re.findall(r"\{([^}]*)\}", expr) for word in re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", inside)
    }
    assert grouped | matched <= known
    assert expr.count("(") == expr.count(")") and expr.count("{") == expr.count("}")


def test_words_that_expressions_pick_are_words_of_metrics() -> None:
    sets = (words.HOOK_ANSWERS, words.DELIVERY_OUTCOMES, words.FEED_STATES, words.KINDS, words.EVENT_SOURCES)
    known = {*words.STATE_CODES, *words.HEARTBEAT_OUTCOMES}.union(*sets)
    picked = {
        word
        for param in expressions()
        for label, value in re.findall(r'(\w+)(?:=~|!=|=)"([^"$]*)"', str(param.values[0]))
        for word in value.split("|")
        if label != "job"
    }

    assert picked and picked <= known


def test_every_rule_says_how_urgent_it_is_and_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket"), rule
        assert rule["annotations"].keys() == {"summary", "description"}, rule
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_every_panel_has_a_title_a_unit_and_an_explanation() -> None:
    for panel in panels():
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert panel["description"] and panel["targets"], panel["title"]
    assert BOARD["schemaVersion"] >= 39
    assert len({panel["id"] for panel in panels()}) == len(list(panels()))


def test_panels_lie_beside_each_other_and_not_on_top() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in panels():
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for cell in ((x, y) for x in range(place["w"]) for y in range(place["h"])):
            spot = (place["x"] + cell[0], place["y"] + cell[1])
            assert taken.setdefault(spot, panel["title"]) == panel["title"]


def test_every_metric_of_ours_is_on_the_board_but_that_of_the_version() -> None:
    shown = {base(name) for param in expressions() for name in re.findall(r"statuswire_\w+", str(param.values[0]))}

    assert set(LABELS) - shown == {"statuswire_build_info", "statuswire_inbox_waiting", "statuswire_inbox_unread"} | {
        "statuswire_component_state"
    }


if PROMTOOL is not None:

    def promtool(*command: str, text: str = "") -> None:
        done = subprocess.run(
            [str(PROMTOOL), *command], cwd=PROMETHEUS, input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize(
        "command",
        ["check rules alerts.yml", "test rules alerts_test.yml", "check config --syntax-only prometheus.yml"],
    )
    def test_promtool_finds_no_fault(command: str) -> None:
        promtool(*command.split())

    def test_promtool_can_read_every_expression_of_the_board(tmp_path: Path) -> None:
        found = [str(param.values[0]).replace("$__rate_interval", "5m") for param in expressions()]
        rules = [{"record": f"board:{n}", "expr": expr} for n, expr in enumerate(found)]
        file = tmp_path / "board.yml"
        file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}), encoding="utf-8")

        promtool("check", "rules", str(file))

    def test_promtool_has_nothing_to_say_of_our_metrics() -> None:
        site = Site()
        site.post("/test")
        text = site.get("/metrics").body.decode()
        site.store.close()

        promtool("check", "metrics", text=text)
