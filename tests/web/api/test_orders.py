"""Changes: the same orders that commands give, with the caller's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.store import queries
from tests.web.api.seed import API, OPERATOR, let_ask
from tests.web.parts import JSON, Reply, Site


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def by_ann(site: Site, rung: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An operator asks."""

    let_ask(monkeypatch, OPERATOR)
    site.replace(on_order=lambda: rung.append("rung"))
    return iter(())


def delete(site: Site, target: str) -> Reply:
    return site.run(lambda: site.request("DELETE", API + target))


def items(site: Site, target: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.get(API + target).json["items"]
    return found


def test_a_silence_is_made_with_its_author_and_ended(site: Site, rung: list[str]) -> None:
    body = {
        "filter": {"page": ["acme"], "impact": [">=major"]},
        "reason": "known",
        "until": "2030-01-01T01:00:00+01:00",
    }

    made = site.post(f"{API}/silences", body)

    assert (made.status, made.json["done"]) == (201, True)
    (found,) = [one for one in items(site, "/silences") if one["id"] == made.json["id"]]
    assert (found["author"], found["until"], found["reason"]) == ("ann", "2030-01-01T00:00:00Z", "known")
    assert found["filter"] == {"page": ["acme"], "impact": ["critical", "major"]}
    assert delete(site, f"/silences/{made.json['id']}").status == 200
    assert made.json["id"] not in [one["id"] for one in items(site, "/silences")]
    assert rung == ["rung", "rung"]


def test_what_stands_against_an_order_is_said_in_the_words_of_the_command(site: Site, rung: list[str]) -> None:
    over = site.post(f"{API}/silences", {"filter": {"page": ["a"]}, "reason": "r", "until": "2020-01-01T00:00:00Z"})
    empty = site.post(f"{API}/silences", {"filter": {}, "reason": "r"})
    gone = delete(site, "/silences/99")

    assert {(one.status, one.code) for one in (over, empty, gone)} == {(409, "not_done")}
    assert over.json["detail"] == "It would be over already."
    assert rung == []


def test_marks_are_set_and_taken_back(site: Site) -> None:
    mark = {"page": "acme", "subject": "Europe / Web", "kind": "snoozed", "until": "2030-01-01T00:00:00Z"}

    assert site.post(f"{API}/marks", mark).status == 201
    (found,) = [one for one in items(site, "/marks") if one["kind"] == "snoozed"]
    assert (found["subject"], found["author"]) == ("component/c2", "ann")
    assert delete(site, "/marks?page=acme&subject=Web&kind=snoozed").status == 200
    assert delete(site, "/marks?page=acme&subject=Web&kind=snoozed").code == "not_done"


@pytest.mark.parametrize(
    "mark",
    [{"kind": "snoozed"}, {"kind": "override"}, {"kind": "acknowledged", "impact": "minor"}],
)
def test_a_mark_has_what_its_kind_needs(site: Site, mark: dict[str, str]) -> None:
    reply = site.post(f"{API}/marks", {"page": "acme", "subject": "Slow API", **mark})

    assert (reply.status, reply.code) == (400, "bad_parameter")


def test_deliveries_are_sent_again_and_dropped_and_channels_enabled(site: Site) -> None:
    assert site.post(f"{API}/deliveries/3/retry").code == "not_done"
    assert site.post(f"{API}/channels/pager/enable").json["sentence"] == "pager is enabled; 1 waiting"
    assert site.post(f"{API}/deliveries/3/drop").status == 200
    assert site.get(f"{API}/deliveries/3").json["last_error"] == "dropped by ann"
    assert site.post(f"{API}/deliveries/2/retry").status == 200
    assert site.get(f"{API}/deliveries/2").json["state"] == "waiting"


def test_what_is_not_there_is_404(site: Site) -> None:
    targets = ("/deliveries/9/retry", "/deliveries/9/drop", "/channels/none/enable", "/channels/none/test")
    answers = [site.post(API + target) for target in (*targets, "/hooks/quarantined/9/replay")]

    assert {one.code for one in answers} == {"unknown_item"}


def test_a_quarantined_hook_is_read_again(site: Site) -> None:
    assert site.post(f"{API}/hooks/quarantined/1/replay").status == 200
    assert [one["id"] for one in items(site, "/hooks/quarantined")] == [2]
    assert site.store.read(lambda tx: queries.hook_state(tx, 1)) == "waiting"
    assert site.post(f"{API}/hooks/quarantined/1/replay").json["detail"] == "Hook 1 is waiting."


def test_a_page_is_looked_at_soon_where_it_is_polled(site: Site) -> None:
    assert site.post(f"{API}/pages/acme/look").status == 200
    assert site.post(f"{API}/pages/calm/look").code == "not_done"
    assert site.post(f"{API}/pages/none/look").code == "unknown_page"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "http://127.0.0.1:9999"])
def test_pages_of_other_origins_change_nothing(site: Site, origin: str) -> None:
    headers = {**JSON, "host": "127.0.0.1:8000", "origin": origin}

    reply = site.post(f"{API}/pages/acme/look", b"", headers)

    assert (reply.status, reply.code) == (403, "cross_origin")


def test_pages_of_ours_may(site: Site) -> None:
    headers = {**JSON, "host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}

    assert site.post(f"{API}/pages/acme/look", b"", headers).status == 200


def test_what_was_done_is_in_the_log_of_changes_and_what_was_not_is_not(site: Site) -> None:
    site.post(f"{API}/deliveries/3/drop")
    site.post(f"{API}/deliveries/3/retry")

    entry, _ = site.store.read(lambda tx: queries.audit_list(tx, limit=10))

    assert (entry.actor, entry.action, entry.subject) == ("ann", "delivery.drop", "delivery/3")
