"""Deliveries: what waits, what failed, how channels go, and what operators do about it."""

from __future__ import annotations

import pytest

from statuswire.model import AccountRole, DeliveryState
from statuswire.store import queries
from tests.web.face.house import House, text

VIEWER = AccountRole.VIEWER


def test_the_list_can_be_narrowed_to_what_failed(house: House) -> None:
    tree = house.look("/deliveries?state=failed")

    (row,) = tree.xpath("//ol[contains(@class, 'rows')]/li")
    assert text(row, ".//h3") == "Acme Relay: Slow API"
    assert text(row, ".//p[@class='facts']") == "failed ops HTTP 500"


def test_a_disabled_channel_says_why(house: House) -> None:
    row = text(house.look("/deliveries"), "//tr[th//a[text()='pager']]")

    assert "Disabled" in row
    assert "HTTP 410" in row


def test_one_delivery_tells_what_it_tells_and_how_it_went(house: House) -> None:
    page = text(house.look("/deliveries/2"))

    assert "HTTP 500" in page
    assert "Slow API" in page
    assert "told: new incident" in page


def test_there_is_no_other_delivery(house: House) -> None:
    assert house.get("/deliveries/99").status == 404
    assert house.get("/deliveries/x").status == 404


def test_operators_send_again_what_failed(house: House) -> None:
    reply = house.post("/deliveries/2/send")

    assert reply.headers["location"] == "/deliveries/2?said=delivery-sent"
    listed = house.site.store.read(lambda tx: queries.one_delivery(tx, 2))
    assert listed is not None
    assert listed.delivery.state is DeliveryState.WAITING
    assert [one.action for one in house.changes()] == ["delivery.retry"]


def test_operators_drop_what_waits(house: House) -> None:
    assert house.post("/deliveries/3/drop").status == 303

    listed = house.site.store.read(lambda tx: queries.one_delivery(tx, 3))
    assert listed is not None
    assert (listed.delivery.state, listed.delivery.last_error) == (
        DeliveryState.DROPPED,
        "dropped by operator of the house",
    )


def test_operators_enable_a_channel(house: House) -> None:
    assert house.post("/channels/pager/enable").headers["location"] == "/deliveries?said=channel-enabled"

    state = house.site.store.read(lambda tx: queries.channel_state(tx, "pager"))
    assert state is not None
    assert state.disabled_at is None


def test_what_cannot_be_done_says_why(house: House) -> None:
    reply = house.post("/deliveries/1/send")

    assert reply.status == 409
    assert b"would tell it twice" in reply.body


@pytest.mark.parametrize("path", ["/deliveries/2/send", "/deliveries/3/drop", "/channels/pager/enable"])
def test_viewers_see_no_buttons_and_may_not_post(house: House, path: str) -> None:
    for page in ("/deliveries", "/deliveries/2"):
        assert house.look(page).xpath("//main//form[@method='post']") == []
    assert house.post(path, role=VIEWER).status == 403
    assert house.changes() == []


@pytest.mark.parametrize("path", ["/deliveries", "/deliveries/2", "/rules", "/settings"])
def test_public_mode_does_not_show_who_is_told(house: House, path: str) -> None:
    house.site.replace(is_public=True)

    assert house.get(path, None).status == 401
