"""Pingdom, StatusCake and Pulsetic: what their golden documents cannot say."""

from __future__ import annotations

from types import ModuleType

import pytest

from statuswire.model import Cover, Phase, Status
from statuswire.platforms import pingdom, pulsetic, statuscake
from statuswire.platforms.base import Platform
from statuswire.platforms.parsing import recognise
from statuswire.platforms.reading import fold_word
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

PAGE = "https://status.acme-relay.example"
ALL = [pingdom.PLATFORM, statuscake.PLATFORM, pulsetic.PLATFORM]
API = "https://api.pulsetic.com/public/status/status.acme-relay.example"


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        (pingdom.PLATFORM, [(f"{PAGE}/checks?sEcho=1&iDisplayStart=0&iDisplayLength=100", 0), (f"{PAGE}/noscript", 1)]),
        (statuscake.PLATFORM, [(f"{PAGE}/", 0)]),
        (pulsetic.PLATFORM, [(API, 0)]),
    ],
)
def test_the_feeds_of_a_page(platform: Platform, expected: list[tuple[str, int]]) -> None:
    assert [(one.url, one.tier) for one in platform.feeds(PAGE, None)] == expected
    assert platform.feeds("http://[", None) == ()


def test_pulsetic_answers_only_to_post() -> None:
    assert [one.post for one in (*pulsetic.feeds(PAGE), *pulsetic.feeds(API))] == ['{"password":null}'] * 2


@pytest.mark.parametrize("path", ["/checks?sEcho=1", "/noscript"])
def test_a_document_of_pingdom_named_by_its_own_address_is_polled_alone(path: str) -> None:
    assert [one.url for one in pingdom.feeds(f"{PAGE}{path}")] == [f"{PAGE}{path}"]


@pytest.mark.parametrize(("word", "level"), pingdom.LEVELS.items())
def test_the_words_of_pingdom(word: str, level: Status) -> None:
    row = [f'<span class="status {word}"></span>', '<a href="/7">API</a>']

    assert pingdom.parse(document({"aaData": [row]})).components[0].status is level


@pytest.mark.parametrize(("word", "level"), pulsetic.LEVELS.items())
def test_the_words_of_pulsetic(word: str, level: Status) -> None:
    body = {"data": {"monitors": [{"id": 1, "name": "API", "status": word}]}}

    assert pulsetic.parse(document(body)).components[0].status is level


@pytest.mark.parametrize(("word", "level"), statuscake.LEVELS.items())
def test_the_words_of_statuscake(word: str, level: Status) -> None:
    page = fixture("statuscake/quiet.html").replace(b">Good Service<", f">{word}<".encode(), 4)
    told = statuscake.parse(document(page.replace(b"is-success", b"is-dark"))).components[0]

    assert told.status is level


@pytest.mark.parametrize(("name", "level"), statuscake.CLASSES.items())
def test_the_colours_of_statuscake_count_where_the_word_is_the_owners(name: str, level: Status) -> None:
    page = fixture("statuscake/open.html").replace(b"is-warning", name.encode())

    assert next(one for one in statuscake.parse(document(page)).components if one.name == "Web").status is level


def test_a_hundred_checks_of_pingdom_may_be_more() -> None:
    rows = [['<span class="status up"></span>', f'<a href="/{n}">Check {n}</a>'] for n in range(100)]

    assert pingdom.parse(document({"aaData": rows[:99]})).covers == {Cover.COMPONENTS}
    assert pingdom.parse(document({"aaData": rows})).covers == frozenset()


def test_json_and_table_of_pingdom_name_checks_alike() -> None:
    listed = pingdom.parse(document(fixture("pingdom/quiet.json"))).components
    shown = pingdom.parse(document(fixture("pingdom/noscript.html"))).components

    assert [(one.id, one.name) for one in listed] == [(one.id, one.name) for one in shown]


def test_a_maintenance_of_pulsetic_may_have_the_number_of_an_incident() -> None:
    told = pulsetic.parse(document(fixture("pulsetic/open.json"))).incidents

    assert [(one.id, one.phase) for one in told] == [
        ("11", Phase.IDENTIFIED),
        ("10", Phase.RESOLVED),
        ("maintenance/11", Phase.IN_PROGRESS),
        ("maintenance/12", Phase.SCHEDULED),
    ]


@pytest.mark.parametrize("platform", ALL)
@pytest.mark.parametrize("value", NOT_OURS)
def test_what_is_none_of_theirs_is_refused_and_not_recognised(platform: Platform, value: object) -> None:
    refused(platform.parse, value)
    assert not platform.recognize(sight(value))


@pytest.mark.parametrize(
    "name",
    [
        "pingdom/down.json",
        "pingdom/noscript.html",
        "statuscake/open.html",
        "statuscake/quiet.html",
        "pulsetic/open.json",
    ],
)
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


@pytest.mark.parametrize("module", [pingdom, statuscake, pulsetic])
def test_the_words_of_the_tables_are_folded(module: ModuleType) -> None:
    assert [fold_word(word) for word in module.LEVELS] == list(module.LEVELS)
