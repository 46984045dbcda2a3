"""What other tools' files list, in the real shapes with invented content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.elsewhere.formats import FORMATS, OWN, format_of
from statuswire.elsewhere.listed import Listed
from statuswire.errors import ConfigError

KUMA = json.dumps(
    {
        "version": "1.23.11",
        "notificationList": [
            {"name": "ops", "config": '{"slackwebhookURL": "https://hooks.slack.com/services/CANARY"}'}
        ],
        "monitorList": [
            {"id": 1, "name": "GitHub", "type": "http", "url": "https://www.githubstatus.com/", "active": True},
            {
                "id": 2,
                "name": "Ours",
                "type": "keyword",
                "url": "https://shop.example.com/health?key=CANARY",
                "active": 1,
            },
            {"id": 3, "name": "DNS", "type": "dns", "hostname": "shop.example.com", "active": True},
            {"id": 4, "name": "Old", "type": "http", "url": "https://old.example.com", "active": False},
            {"id": 5, "name": "Payments", "type": "http", "url": "https://api.stripe.com/healthcheck", "active": True},
            {"id": 6, "name": "Group", "type": "group", "active": True},
        ],
    }
)
EXPORTER = (
    "http_port: 8080\nfetch_delay: 5\nstatuspages:\n  - https://githubstatus.com\n  - https://status.shop.example\n"
)
SERVICES = json.dumps(
    {
        "openai": {"url": "https://status.openai.com/api/v2/summary.json", "name": "OpenAI"},
        "shop": {"url": "https://status.shop.example/api/v2/summary.json", "name": "Shop"},
    }
)
PROMETHEUS = """\
global: {scrape_interval: 1m}
scrape_configs:
  - job_name: statuspage
    metrics_path: /probe
    static_configs:
      - targets: ["https://payline.statuspage.io/api/v2/summary.json", "https://status.openai.com/api/v2/summary.json"]
  - job_name: node
    static_configs: [{targets: ["10.0.0.1:9100"]}]
"""
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Feeds</title></head><body>
<outline text="Status">
  <outline text="GitHub" title="GitHub" type="rss" xmlUrl="https://www.githubstatus.com/history.rss" htmlUrl="x"/>
  <outline text="Shop" type="rss" xmlUrl="https://status.shop.example/history.atom"/>
</outline>
<outline text="A blog" type="rss" xmlUrl="https://blog.example.com/feed.xml"/>
</body></opml>
"""
CSV = "Name;URL;Team\nOpenAI;https://status.openai.com;ai\nShop;status.shop.example;web\nStripe;;pay\n"
GATOR = json.dumps(
    {
        "success": True,
        "data": [
            {
                "id": "UIMPLWZg9D",
                "type": "ServiceMonitor",
                "display_name": "Our OpenAI",
                "service": {"name": "OpenAI", "slug": "openai", "status_page_url": "https://status.openai.com"},
            },
            {"id": "x", "type": "WebsiteMonitor", "display_name": "Shop", "url": "https://shop.example.com"},
            {"id": "y", "type": "service", "name": "Stripe", "service_name": "Stripe"},
        ],
        "pagination": {"page": 1},
    }
)
ISDOWN = json.dumps(
    {
        "data": [
            {
                "id": "10000",
                "type": "service",
                "attributes": {
                    "name": "DigitalOcean",
                    "status": "ok",
                    "status_page_url": "https://status.digitalocean.com/",
                    "isdown_url": "https://isdown.app/integrations/digitalocean",
                },
            },
            {"id": "1", "type": "custom_monitor", "attributes": {"name": "Ours", "url": "https://shop.example.com"}},
        ]
    }
)

FILES: dict[str, tuple[str, str]] = {
    "uptime-kuma": ("Uptime_Kuma_Backup.json", KUMA),
    "statuspage-exporter": (".statuspage-exporter.yaml", EXPORTER),
    "services-json": ("services.json", SERVICES),
    "prometheus": ("prometheus.yml", PROMETHEUS),
    "opml": ("feeds.opml", OPML),
    "csv": ("pages.csv", CSV),
    "statusgator": ("monitors.json", GATOR),
    "isdown": ("services-isdown.json", ISDOWN),
}


def test_every_format_has_an_example_here() -> None:
    assert FILES.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_by_what_stands_in_it(name: str) -> None:
    file, text = FILES[name]

    assert format_of(Path(file), text) == name
    assert format_of(Path("x.dat"), text) == name or name == "csv"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("own.yaml", "pages: [openai]\n"),
        ("own.json", '{"pages": ["openai"]}'),
        ("own.yaml", "pages: [\n"),
        ("own.yaml", "poll: {}\n"),
        ("own.json", "{"),
    ],
)
def test_our_own_file_is_ours_even_with_mistakes(file: str, text: str) -> None:
    assert format_of(Path(file), text) == OWN


EXPECTED: dict[str, list[Listed]] = {
    "uptime-kuma": [
        Listed("GitHub", "https://www.githubstatus.com/", is_page=False, is_check=True),
        Listed("Ours", "https://shop.example.com/health?key=CANARY", is_page=False, is_check=True),
        Listed("DNS", is_page=False, reason="is a check of the type dns, and not of an address"),
        Listed("Old", is_page=False, reason="is paused there"),
        Listed("Payments", "https://api.stripe.com/healthcheck", is_page=False, is_check=True),
        Listed("Group", is_page=False, reason="is a check of the type group, and not of an address"),
    ],
    "statuspage-exporter": [Listed("", "https://githubstatus.com"), Listed("", "https://status.shop.example")],
    "services-json": [
        Listed("OpenAI", "https://status.openai.com/api/v2/summary.json", "openai"),
        Listed("Shop", "https://status.shop.example/api/v2/summary.json", "shop"),
    ],
    "prometheus": [
        Listed("", "https://payline.statuspage.io/api/v2/summary.json", is_page=False, is_check=True),
        Listed("", "https://status.openai.com/api/v2/summary.json", is_page=False, is_check=True),
    ],
    "opml": [
        Listed("GitHub", "https://www.githubstatus.com/history.rss", is_page=False),
        Listed("Shop", "https://status.shop.example/history.atom", is_page=False),
        Listed("A blog", "https://blog.example.com/feed.xml", is_page=False),
    ],
    "csv": [
        Listed("OpenAI", "https://status.openai.com"),
        Listed("Shop", "status.shop.example"),
        Listed("Stripe", ""),
    ],
    "statusgator": [
        Listed("OpenAI", "https://status.openai.com", "openai"),
        Listed("Shop", reason="is a website monitor of StatusGator's own"),
        Listed("Stripe", ""),
    ],
    "isdown": [
        Listed("DigitalOcean", "https://status.digitalocean.com/", "digitalocean"),
        Listed("Ours", reason="is a probe of IsDown's own"),
    ],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_lists_its_entries(name: str) -> None:
    assert FORMATS[name].read(FILES[name][1]) == EXPECTED[name]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (
            "https://status.shop.example\n# a remark\nopenai\n",
            [Listed("", "https://status.shop.example"), Listed("openai")],
        ),
        ("Shop,https://status.shop.example\n", [Listed("Shop", "https://status.shop.example")]),
        ("\n", []),
    ],
)
def test_a_list_without_a_header_is_read_too(text: str, listed: list[Listed]) -> None:
    assert FORMATS["csv"].read(text) == listed


def test_a_list_of_the_exporter_may_be_one_text() -> None:
    assert len(FORMATS["statuspage-exporter"].read("statuspages: https://a.example https://b.example\n")) == 2


def test_the_monitors_of_uptime_kuma_may_be_a_mapping() -> None:
    assert FORMATS["uptime-kuma"].read('{"monitorList": {"1": {"name": "x", "type": "http", "url": "https://x"}}}') == [
        Listed("x", "https://x", is_page=False, is_check=True)
    ]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    name = draw(st.sampled_from(sorted(FILES)))
    text = FILES[draw(st.sampled_from(sorted(FILES)))][1]
    for _ in range(draw(st.integers(0, 5))):
        begin, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        text = text[:begin] + draw(st.sampled_from(["", '"', "[", "{}", "null", "7", "\0", "<", ":"])) + text[end:]
    return name, text


@given(spoilt())
@settings(max_examples=300, deadline=None)
def test_a_spoilt_file_is_read_as_far_as_it_goes_or_refused(sample: tuple[str, str]) -> None:
    name, text = sample

    format_of(Path("x"), text)
    try:
        listed = FORMATS[name].read(text)
    except ConfigError:
        return

    assert all(isinstance(one, Listed) for one in listed)
