"""Volcengine, METANET, Rackspace and WEDOS: what golden documents cannot say."""

from __future__ import annotations

import pytest

from statuswire.model import Impact, Incident, Kind, Phase, Role, Snapshot, Status
from statuswire.platforms.parsing import recognise
from statuswire.platforms.vendors import metanet, rackspace, volcengine, wedos
from tests.platforms.vendor_checks import NOT_OURS, document, fixture, refused, sight

NOON = "Mon, 04 May 2026 10:00:00 GMT"
ALL = (volcengine, metanet, rackspace, wedos)
SOMEBODY = b'<rss version="2.0"><channel><title>x</title><link>https://acme.example</link></channel></rss>'


def feed(link: str, *items: str, title: str = "x") -> bytes:
    head = f"<title>{title}</title><link>{link}</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def item(title: str, words: str = "", when: str = NOON, extra: str = "") -> str:
    body = f"<description><![CDATA[{words}]]></description><pubDate>{when}</pubDate>"
    return f"<item><title>{title}</title>{extra}{body}</item>"


# --- volcengine ------------------------------------------------------------------------------------------------------

ARK = f"{volcengine.HOME}/rss/zh/cn-ruritania/ModelArk"


def ark(*items: str, region: str = "鲁里坦尼亚") -> Snapshot:
    return volcengine.parse(document(feed(f"{volcengine.HOME}/", *items, title=f"火山引擎方舟({region})服务状态"), ARK))


def test_of_volcengine_the_feed_that_the_address_names_is_polled_and_nothing_else() -> None:
    assert [(one.url, one.role) for one in volcengine.feeds(ARK)] == [(ARK, Role.ENTRIES)]
    assert volcengine.feeds(volcengine.HOME) == volcengine.feeds("http://[") == ()


@pytest.mark.parametrize("mark", ["(已恢复)", "（已恢复）", " (已恢复)"])
def test_a_mark_at_the_end_of_the_title_ends_a_notice_which_keeps_its_id(mark: str) -> None:
    (before,), (after,) = ark(item("报错")).incidents, ark(item(f"报错{mark}")).incidents

    assert (before.phase, after.phase) == (Phase.INVESTIGATING, Phase.RESOLVED)
    assert (before.id, before.title) == (after.id, after.title)


def test_notices_of_one_link_are_told_apart() -> None:
    link = f"<link>{volcengine.HOME}/</link>"

    assert len(ark(item("A", extra=link), item("B", extra=link)).incidents) == 2


def test_what_goes_on_is_the_level_of_the_product() -> None:
    assert ark(item("报错")).components[0].status is Status.DEGRADED
    assert ark(item("报错(已恢复)")).components[0].status is Status.OPERATIONAL
    assert ark().components[0].status is Status.OPERATIONAL


def test_a_feed_of_no_region_is_refused() -> None:
    title = "火山引擎方舟()服务状态"

    refused(volcengine.parse, feed(f"{volcengine.HOME}/", title=title), ARK)


# --- metanet ---------------------------------------------------------------------------------------------------------


def notice(title: str, words: str = "", when: str = NOON, extra: str = "") -> Incident:
    (incident,) = metanet.parse(document(feed(metanet.HOME, item(title, words, when, extra)))).incidents
    return incident


def test_the_feed_of_metanet_is_polled() -> None:
    address = f"{metanet.HOME}{metanet.PATH}"

    assert [one.url for one in metanet.feeds(metanet.HOME)] == [address]
    assert [one.url for one in metanet.feeds(address)] == [address]
    assert metanet.feeds("http://[") == ()


@pytest.mark.parametrize("words", ["Die Störung ist behoben.", "Das Problem wurde gelöst.", "Arbeiten abgeschlossen"])
def test_a_closing_word_in_german_ends_a_notice(words: str) -> None:
    assert notice("Webserver langsam", words).phase is Phase.RESOLVED


@pytest.mark.parametrize("words", ["noch nicht behoben", "wird behoben", "nicht gelöst"])
def test_a_denied_or_promised_end_is_none(words: str) -> None:
    assert notice("Webserver langsam", words).phase is Phase.INVESTIGATING


@pytest.mark.parametrize(
    ("title", "extra"),
    [
        ("Wartungsarbeiten am Router", ""),
        ("Geplante Wartung", ""),
        ("Umbau", "<category>Wartungsarbeiten</category>"),
        ("[Wartungsarbeiten] Umbau", ""),
    ],
)
def test_words_of_maintenance_make_one(title: str, extra: str) -> None:
    assert notice(title, extra=extra).kind is Kind.MAINTENANCE


@pytest.mark.parametrize(
    ("title", "category", "impact"),
    [
        ("x", "Betriebsunterbruch", Impact.MAJOR),
        ("Betriebsunterbruch: Mail", "", Impact.MAJOR),
        ("x", "Technische Infos", Impact.NONE),
        ("x", "Verschiedenes", Impact.UNKNOWN),
    ],
)
def test_the_category_says_how_bad_it_is(title: str, category: str, impact: Impact) -> None:
    assert notice(title, extra=f"<category>{category}</category>").impact is impact


def test_after_three_days_of_silence_nobody_knows() -> None:
    assert notice("Webserver langsam", when="Fri, 01 May 2026 10:00:00 GMT").phase is Phase.UNKNOWN


# --- rackspace -------------------------------------------------------------------------------------------------------


def window(number: str, begins: str, ends: str, words: str = "") -> str:
    return f"<table><tr><td>{number}</td><td>{begins}</td><td>{ends}</td></tr></table>{words}"


def sky(*items: str) -> tuple[Incident, ...]:
    return rackspace.parse(document(feed(rackspace.HOME, *items))).incidents


def test_the_feed_of_rackspace_is_polled_wherever_the_page_is() -> None:
    for address in (rackspace.HOME, "https://status.rackspace.com", rackspace.FEED):
        assert [one.url for one in rackspace.feeds(address)] == [rackspace.FEED]
    assert rackspace.feeds("http://[") == ()


@pytest.mark.parametrize(
    ("begins", "ends", "phase"),
    [
        ("2026-05-04 13:00:00", "2026-05-04 14:00:00", Phase.SCHEDULED),
        ("2026-05-04 11:00:00", "2026-05-04 14:00:00", Phase.IN_PROGRESS),
        ("2026-05-04 10:00:00", "2026-05-04 11:00:00", Phase.COMPLETED),
    ],
)
def test_a_change_goes_by_its_window(begins: str, ends: str, phase: Phase) -> None:
    (incident,) = sky(item("OpenStack Flex | SJC9 | Disks", window("CHG0000500", begins, ends)))

    assert (incident.id, incident.kind, incident.phase) == ("CHG0000500", Kind.MAINTENANCE, phase)
    assert incident.scheduled_for is not None
    assert incident.scheduled_until is not None


def test_one_outage_of_several_products_is_one_incident() -> None:
    words = window("OUT0000123", "2026-05-04 09:00:00", "")
    (incident,) = sky(item("Flex | DFW9 | Network", words), item("Files | LON9 | Network", words))

    assert [(one.id, one.group) for one in incident.components or ()] == [("DFW9/Flex", "DFW9"), ("LON9/Files", "LON9")]


@pytest.mark.parametrize(("words", "phase"), [("It was resolved.", Phase.RESOLVED), ("We look.", Phase.INVESTIGATING)])
def test_an_outage_is_over_where_it_says_so(words: str, phase: Phase) -> None:
    (incident,) = sky(item("Flex | DFW9 | Network", window("OUT0000123", "2026-05-04 09:00:00", "", words)))

    assert (incident.title, incident.phase) == ("Network", phase)


def test_a_title_of_other_parts_is_left_as_it_is() -> None:
    (incident,) = sky(item("Network | trouble"))

    assert (incident.title, incident.components) == ("Network | trouble", None)


# --- wedos -----------------------------------------------------------------------------------------------------------


def test_the_incidents_of_wedos_are_polled() -> None:
    assert [one.url for one in wedos.feeds(wedos.HOME)] == [f"{wedos.HOME}/en/json/incidents.json"]
    assert [one.url for one in wedos.feeds(f"{wedos.HOME}/cs/json/incidents.json")] == [
        f"{wedos.HOME}/cs/json/incidents.json"
    ]
    assert wedos.feeds("http://[") == ()


@pytest.mark.parametrize(
    ("fields", "phase"),
    [
        ({"status": "investigating"}, Phase.INVESTIGATING),
        ({"status": "resolved"}, Phase.RESOLVED),
        ({"resolved_at": "2026-05-04T09:00:00Z"}, Phase.RESOLVED),
        ({"status": "open", "resolved_at": "2026-05-04T09:00:00Z"}, Phase.RESOLVED),
        ({}, Phase.INVESTIGATING),
        ({"status": "wobbly"}, Phase.UNKNOWN),
    ],
)
def test_status_and_end_make_the_phase_of_wedos(fields: dict[str, object], phase: Phase) -> None:
    assert wedos.parse(document({"incidents": [{"id": 1, **fields}]})).incidents[0].phase is phase


# --- all -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "volcengine/quiet.xml",
        "volcengine/trouble.xml",
        "metanet/notices.xml",
        "rackspace/notices.xml",
        "wedos/incidents.json",
    ],
)
def test_their_own_documents_are_recognised(name: str) -> None:
    found = recognise(document(fixture(name)))

    assert found is not None
    assert found.name == name.partition("/")[0]


@pytest.mark.parametrize("value", [*NOT_OURS, SOMEBODY])
def test_what_is_none_of_theirs_is_refused_and_not_recognised(value: object) -> None:
    for module in ALL:
        refused(module.parse, value)
        assert not module.recognize(sight(value))
