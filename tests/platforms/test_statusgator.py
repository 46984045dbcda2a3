"""StatusGator's webhook: what its golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Status
from statuswire.platforms import statusgator
from statuswire.platforms.parsing import recognise
from statuswire.platforms.statusgator import feeds, parse_hook, recognize
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight


def test_nothing_is_polled() -> None:
    assert feeds("https://statusgator.example") == ()


@pytest.mark.parametrize(("word", "level"), statusgator.LEVELS.items())
def test_every_word_of_a_level_is_read(word: str, level: Status) -> None:
    body = {"service": {}, "status": word, "previous_status": "up", "recorded_at": ""}

    assert parse_hook(document(body)).page.status is level


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_ours_is_refused_and_not_recognised(value: object) -> None:
    refused(parse_hook, value)
    refused(statusgator.parse, value)
    assert not recognize(sight(value))


def test_its_own_body_is_recognised() -> None:
    found = recognise(document(fixture("statusgator/down.json")))

    assert found is not None
    assert found.name == "statusgator"
