"""What the how-tos of Homepage and Backstage ask, against the seeded site, read as those two read the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import yaml

from statuswire.model import Status
from tests.test_docs import DOCS, FENCE
from tests.web.parts import Reply, Site

OURS = "http://status.example.com:8000"


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    return [one["body"] for one in FENCE.finditer(text) if one["language"] == language]


def get(site: Site, url: str, headers: dict[str, str] | None = None) -> Reply:
    assert url.startswith(f"{OURS}/")
    return site.get(url.removeprefix(OURS), headers=headers)


# --- Homepage ----------------------------------------------------------------------------------------------------


def services() -> Iterator[Any]:
    """Each service of each sample."""
    for block in blocks("show-in-homepage", "yml"):
        for group in yaml.safe_load(block.replace("{{HOMEPAGE_VAR_STATUSWIRE}}", "sw_x")):
            for some in group.values():
                yield from (pytest.param(*one.items(), id=next(iter(one))) for one in some)


def value_of(field: str, answer: Any) -> Any:
    assert field in answer, f"{field} is not in the answer"
    return answer[field]


def shown(mapping: dict[str, Any], answer: Any) -> str:
    """What Homepage makes of one mapping: first `remap`, then `format`."""
    found = value_of(mapping["field"], answer)
    for one in mapping.get("remap", ()):
        if one.get("any") or one["value"] == found:
            return str(one["to"])
    match mapping.get("format", "text"):
        case "size":
            return str(len(found))
        case "relativeDate":
            return f"{datetime.fromisoformat(found):%Y-%m-%d %H:%M}"
        case "text":
            assert isinstance(found, str)
            return found
    raise AssertionError(mapping)


@pytest.mark.parametrize("service", list(services()))
def test_homepage_finds_every_field_that_its_sample_shows(site: Site, service: tuple[str, dict[str, Any]]) -> None:
    _, said = service
    widget = said["widget"]
    assert (widget["type"], widget["headers"]) == ("customapi", {"Authorization": "Bearer sw_x"})

    reply = get(site, widget["url"])

    assert reply.status == 200
    mappings = widget["mappings"]
    if widget.get("display") == "dynamic-list":
        items = value_of(mappings["items"], reply.json)
        lines = [(value_of(mappings["label"], one), value_of(mappings["name"], one)) for one in items]
        targets = [re.sub(r"\{(\w+)\}", lambda key, one=one: one[key[1]], mappings["target"]) for one in items]  # type: ignore[misc]
        assert ("Acme Relay", "PARTIAL OUTAGE") in lines
        assert {get(site, target).status for target in targets} == {200}
    else:
        texts = {one["label"]: shown(one, reply.json) for one in mappings}
        assert all(texts.values()) and len(texts) == len(mappings) <= 4
    if "href" in said:
        assert get(site, said["href"]).status == 200


def test_homepage_has_a_word_for_every_state(site: Site) -> None:
    service = yaml.safe_load(blocks("show-in-homepage", "yml")[0])[0]["Providers"][0]["Acme Relay"]
    mapping = service["widget"]["mappings"][0]

    words = {state: shown(mapping, {"state": state.value}) for state in Status}

    assert len(set(words.values())) == len(Status)
    assert words[Status.UNKNOWN] == "Unknown"


# --- Backstage ---------------------------------------------------------------------------------------------------


def test_backstage_reads_the_pages_of_an_entity_through_its_proxy(site: Site) -> None:
    proxy, entity = (yaml.safe_load(block) for block in blocks("show-in-backstage", "yml"))
    (card,) = blocks("show-in-backstage", "tsx")
    ((route, endpoint),) = proxy["proxy"]["endpoints"].items()
    (path,) = re.findall(r"plugin://proxy(/[^`]+)`", card)
    assert endpoint["allowedMethods"] == ["GET"]

    for slug in entity["metadata"]["annotations"]["statuswire/pages"].split(","):
        asked = path.replace("${slug}", slug)
        assert asked.startswith(f"{route}/")
        page = get(site, endpoint["target"] + asked.removeprefix(route)).json

        assert page["slug"] == slug
        fields = re.search(r"^type Page = \{(.*)\};$", card, re.MULTILINE)
        assert fields and set(re.findall(r"(\w+): ", fields[1])) - {"id", "title"} <= set(page)
        assert all({"id", "title"} <= set(one) for one in page["open_incidents"])

    (link,) = entity["metadata"]["links"]
    assert get(site, link["url"]).status == 200


def test_the_card_has_a_mark_for_every_state_that_is_known() -> None:
    (card,) = blocks("show-in-backstage", "tsx")

    marks = re.findall(r"^  (\w+): Status\w+,$", card, re.MULTILINE)

    assert set(marks) == {state.value for state in Status} - {"unknown"}
