"""Banner, watcher report and heartbeats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from statuswire.channels.console_report import (
    Banner,
    BannerPage,
    Heartbeat,
    LastIncident,
    PageBeat,
    WatcherReport,
    render_banner,
    render_heartbeat,
    render_report,
    render_reports,
    spell,
)
from statuswire.channels.terminal import Style
from statuswire.model import Status

AT = datetime(2025, 11, 16, 21, 53, 56, tzinfo=UTC)
LAST = LastIncident("Queue of jobs stuck at the end", datetime(2025, 11, 15, 8, 53, 3, tzinfo=UTC))
CALM = PageBeat("Acme", Status.OPERATIONAL, LAST)


def test_the_report_tells_source_interval_history_services_last_incident_and_state() -> None:
    report = WatcherReport(
        source="https://status.acme.example/history.rss",
        interval=timedelta(seconds=10),
        existing=94,
        beat=CALM,
        services=("Agent", "Audio"),
        discovered_from="RSS",
    )

    assert render_report(report) == (
        "Acme status watcher\n"
        "Source: https://status.acme.example/history.rss\n"
        "Refreshing every 10 seconds.\n"
        "Press CTRL+C to exit.\n"
        "\n"
        "Initialized watcher. Existing 94 incidents marked as seen.\n"
        "\n"
        "INITIAL STATUS CHECK\n"
        "-------------------------\n"
        "Monitoring Acme services (discovered from RSS):\n"
        "- Agent\n"
        "- Audio\n"
        "\n"
        "Last incident update: Sat, 15 Nov 2025 08:53:03 GMT — Queue of jobs stuck at the end\n"
        "Current state: All systems operational\n"
        "\n"
        "Live monitoring started.\n"
        "-----------------------------------------------"
    )


def test_the_reports_of_several_pages_say_once_how_to_end_and_that_it_goes_on() -> None:
    pages = [PageBeat(name, Status.OPERATIONAL, LAST) for name in ("Acme", "Brook", "Cinder")]
    reports = [WatcherReport(f"https://{one.name}.example", timedelta(seconds=10), 1, one) for one in pages]

    lines = render_reports(reports).splitlines()

    assert [line for line in lines if line.endswith("status watcher")] == [
        f"{one.name} status watcher" for one in pages
    ]
    assert lines.count("Press CTRL+C to exit.") == lines.count("Live monitoring started.") == 1
    assert lines.index("Press CTRL+C to exit.") == 3
    assert lines[-2] == "Live monitoring started."
    assert render_reports(reports[:1]) == render_report(reports[0])


def test_a_page_without_services_or_incidents_says_so() -> None:
    report = WatcherReport("https://a.example", timedelta(minutes=1), 0, PageBeat("Acme", None))

    shown = render_report(report)

    assert "Existing 0 incidents marked as seen." in shown
    assert "Monitoring Acme; it names no services." in shown
    assert "Last incident update: none known" in shown
    assert "Current state: Unknown" in shown


def test_a_calm_heartbeat_is_active() -> None:
    assert render_heartbeat(Heartbeat(AT, (CALM,))) == (
        "[2025-11-16 21:53:56] ACTIVE\n"
        "Last incident update: Sat, 15 Nov 2025 08:53:03 GMT — Queue of jobs stuck at the end\n"
        "Current state: All systems operational (no active incidents detected)."
    )


def test_a_heartbeat_names_what_is_open_and_what_it_touches() -> None:
    beat = PageBeat("Acme", Status.PARTIAL_OUTAGE, LAST, ("Slow API",), ("API", "Web"))

    shown = render_heartbeat(Heartbeat(AT, (beat,)))

    assert shown.startswith("[2025-11-16 21:53:56] PARTIAL OUTAGE\n")
    assert shown.endswith("Current state: Partial outage: Slow API (API, Web)")


def test_a_page_that_cannot_be_read_is_never_shown_as_fine() -> None:
    blind = PageBeat("Acme", Status.OPERATIONAL, LAST, stale_since=AT - timedelta(minutes=14))

    shown = render_heartbeat(Heartbeat(AT, (blind,)))

    assert shown.startswith("[2025-11-16 21:53:56] UNKNOWN\n")
    assert "Unknown, not read since 2025-11-16 21:39:56 (last known: operational)" in shown


def test_a_green_roll_up_with_something_open_is_not_shown_as_fine() -> None:
    lying = PageBeat("Acme", Status.OPERATIONAL, LAST, ("Slow API",))

    assert render_heartbeat(Heartbeat(AT, (lying,))).startswith("[2025-11-16 21:53:56] DEGRADED\n")


def test_a_heartbeat_of_several_pages_has_a_line_for_each_and_the_worst_label() -> None:
    broken = PageBeat("Brine", Status.MAJOR_OUTAGE, None, ("All down",))

    assert render_heartbeat(Heartbeat(AT, (CALM, broken))) == (
        "[2025-11-16 21:53:56] MAJOR OUTAGE\nAcme: All systems operational\nBrine: Major outage: All down"
    )


def test_the_banner_tells_mode_address_hooks_pages_and_next_steps() -> None:
    banner = Banner(
        version="0.1.0",
        mode="webhooks + polling",
        base_url="http://127.0.0.1:5000",
        database="sqlite:///./statuswire.db",
        hooks=("/webhook/statuspage",),
        pages=(
            BannerPage("OpenAI", "https://status.openai.com", "every 60 s"),
            BannerPage("状態", "https://a.example"),
        ),
        next_steps=("curl -X POST http://127.0.0.1:5000/test",),
    )

    shown = render_banner(banner).splitlines()

    assert shown[0] == shown[-1] == "=" * 70
    assert "Mode: webhooks + polling" in shown
    assert "Listening on: http://127.0.0.1:5000" in shown
    assert "Webhook endpoint: http://127.0.0.1:5000/webhook/statuspage" in shown
    assert "  OpenAI  https://status.openai.com  every 60 s" in shown
    assert "  状態    https://a.example" in shown
    assert "  - curl -X POST http://127.0.0.1:5000/test" in shown


def test_the_banner_fits_a_narrow_terminal() -> None:
    banner = Banner("1", "m", "http://h", "d", pages=(BannerPage("Acme", "https://" + "x" * 80),))

    rows = render_banner(banner, Style(width=40)).splitlines()

    assert max(map(len, rows)) <= 40


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (10, "10 seconds"), (60, "1 minute"), (90, "1.5 minutes"), (86_400, "1 day")],
)
def test_spans_are_spelled_in_the_largest_unit(seconds: int, words: str) -> None:
    assert spell(timedelta(seconds=seconds)) == words


def test_names_in_the_report_are_neutralised() -> None:
    report = WatcherReport("https://a.example", timedelta(1), 1, PageBeat("A\x1b[2Jcme", None), ("x\r\ny",))

    shown = render_report(report)

    assert "\x1b" not in shown
    assert "- x y\n" in shown


def test_a_page_s_name_cannot_move_the_cursor_in_any_line_of_the_banner() -> None:
    page = BannerPage("A\x1b[2Jcme\x9b1m", "https://a.example\x1b]0;x\x07", "open now: \x1b[31mred")

    shown = render_banner(Banner("0.1.0", "", "http://h", "sqlite://", (), (page,), ("Let A\x1b[2Jcme\r\npush",)))

    assert not {"\x1b", "\x9b", "\x07", "\r"} & set(shown)
    assert "  - Let Acme push" in shown.splitlines()
