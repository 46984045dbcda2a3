"""Watching pages with the real command against a provider on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.fake_provider import ThreadedProvider

from .running import Running

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ITEM = (
    "<item><title>{title}</title><link>https://s.example/incidents/{code}</link>"
    "<guid>https://s.example/incidents/{code}</guid><pubDate>{date}</pubDate>"
    "<description>&lt;p&gt;&lt;small&gt;{small}&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{label}&lt;/strong&gt; - {text}"
    "&lt;/p&gt;</description></item>"
)


def rss(*items: str, title: str = "Acme Relay Status - Incident History") -> bytes:
    head = f"<title>{title}</title><link>https://s.example</link><description>Statuspage</description>"
    channel = f"<channel>{head}{''.join(items)}</channel>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">{channel}</rss>'.encode()


def item(code: str, title: str, label: str, text: str, day: int) -> str:
    small = f"May <var data-var='date'>{day:2}</var>, <var data-var='time'>08:53</var> UTC"
    small = small.replace("<", "&lt;").replace(">", "&gt;")
    date = f"{DAYS[(day - 4) % 7]}, {day:02} May 2026 08:53:00 +0000"
    return ITEM.format(code=code, title=title, label=label, text=text, small=small, date=date)


OLD = item("aaaaaaaaaaaa", "Batch jobs stuck in finalizing state", "Resolved", "All is well again.", 4)
NEW = item("bbbbbbbbbbbb", "Elevated error rates", "Investigating", "We are looking into it.", 5)


def test_the_watcher_reports_beats_and_tells_what_a_feed_gains(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/history.rss", rss(OLD), content_type="application/rss+xml", etag='"1"')
        what = provider.url("/history.rss")
        arguments = ("watch", what, "--format", "watcher", "--interval", "1s", "--heartbeat", "1s", "--allow-private")
        with Running(*arguments, cwd=tmp_path) as watcher:
            report = watcher.until_line("Live monitoring started.")
            assert f"Source: {what}" in report
            assert "Initialized watcher. Existing 1 incident marked as seen." in report
            assert (
                "Last incident update: Mon, 04 May 2026 08:53:00 GMT — Batch jobs stuck in finalizing state" in report
            )
            assert "Current state: All systems operational" in report
            watcher.until_line("] ACTIVE")

            provider.serve("/history.rss", rss(NEW, OLD), content_type="application/rss+xml", etag='"2"')

            lines = watcher.until_line("Status: We are looking into it.")
            assert any(line.startswith("[2026-05-05 08:53:00] Product: Acme Relay") for line in lines)
            assert not any("All is well again" in line for line in lines)
            assert watcher.stop() == 0


ENTRY = """<entry><id>https://status.three.example//incidents/01JA0B1C2D3E4F5G6H7J8K9MNP</id><title>Slow API</title>
<link href="https://status.three.example//incidents/01JA0B1C2D3E4F5G6H7J8K9MNP"/><updated>2026-05-04T10:01:00Z</updated>
<content type="html">&lt;b&gt;Status: Resolved&lt;/b&gt;&lt;br/&gt;&lt;br/&gt;Done.</content></entry>"""
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Three</title><generator>incident.io</generator>{ENTRY}</feed>'


def test_three_feeds_at_once_and_their_304s_are_counted(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/feed.rss", rss(OLD), content_type="application/rss+xml", etag='W/"one"')
        provider.serve("/history.rss", rss(OLD), content_type="application/rss+xml", etag='"two"')
        provider.serve("/rss/all.rss", ATOM.encode(), content_type="application/xml", etag='"three"')
        pages = [
            {"name": "OpenAI", "feed": provider.url("/feed.rss"), "allow_private": True},
            {"name": "GitHub", "feed": provider.url("/history.rss"), "allow_private": True},
            {"name": "AWS", "feed": provider.url("/rss/all.rss"), "allow_private": True},
        ]
        config = tmp_path / "three.yaml"
        config.write_text(json.dumps({"poll": {"interval": "1s"}, "pages": pages}), encoding="utf-8")
        database = f"sqlite:///{tmp_path / 'test.db'}"
        with Running("run", "-c", str(config), "--port", "0", "--database", database, cwd=tmp_path) as server:
            stats = server.until_status("/stats", lambda body: body["polls"]["not_modified"] >= 3)

            assert stats["polls"]["changed"] == 3
            assert stats["polls"]["failed"] == 0
            assert stats["feeds"]["ok"] == 3
            assert server.get("/health").json["mode"] == "event-based (webhooks + polling)"
        assert {request.headers.get("if-none-match") for request in provider.seen} >= {'W/"one"', '"two"', '"three"'}


def test_a_restart_tells_no_history_and_polls_conditionally_at_once(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/history.rss", rss(NEW, OLD), content_type="application/rss+xml", etag='"1"')
        page = {"name": "Acme", "feed": provider.url("/history.rss"), "allow_private": True}
        config = tmp_path / "one.yaml"
        config.write_text(json.dumps({"poll": {"interval": "1s"}, "pages": [page]}), encoding="utf-8")
        arguments = ("run", "-c", str(config), "--port", "0", "--database", f"sqlite:///{tmp_path / 'test.db'}")
        with Running(*arguments, cwd=tmp_path) as server:
            server.until_status("/stats", lambda body: body["polls"]["not_modified"] >= 1)
            server.kill()
        asked = len(provider.seen)

        with Running(*arguments, cwd=tmp_path) as server:
            server.until_status("/stats", lambda body: body["polls"]["not_modified"] >= 1)
            assert server.records == []
            assert server.stop() == 0

        assert provider.seen[asked].headers["if-none-match"] == '"1"'


def test_an_unknown_page_is_recognised_by_looking_at_it(tmp_path: Path) -> None:
    body = {
        "page": {"id": "q7h2m0x9c4vd", "name": "Acme Relay", "url": "", "updated_at": "2026-05-04T10:00:00.000Z"},
        "status": {"indicator": "none", "description": "All Systems Operational"},
        "components": [{"id": "k3m9s8d1f2gh", "name": "API", "status": "operational", "group": False}],
        "incidents": [],
        "scheduled_maintenances": [],
    }
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", json.dumps(body).encode(), etag='"1"')
        database = f"sqlite:///{tmp_path / 'test.db'}"
        arguments = ("--watch", provider.url("/"), "--allow-private", "--database", database, "--port", "0")
        with Running("run", *arguments, cwd=tmp_path) as server:
            status = server.until_status("/status", lambda found: found["pages"][0]["name"] == "Acme Relay")

            assert status["pages"][0]["state"] == "operational"


def test_a_page_that_cannot_be_read_is_never_green(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/history.rss", b"<html><title>Just a moment...</title></html>", content_type="text/html")
        page = {"name": "Acme", "feed": provider.url("/history.rss"), "allow_private": True}
        config = tmp_path / "one.yaml"
        config.write_text(json.dumps({"poll": {"interval": "1s"}, "pages": [page]}), encoding="utf-8")
        database = f"sqlite:///{tmp_path / 'test.db'}"
        with Running("run", "-c", str(config), "--port", "0", "--database", database, cwd=tmp_path) as server:
            server.until_status("/stats", lambda body: body["polls"]["failed"] >= 1)

            status = server.get("/status").json

            assert status["pages"][0]["state"] == "unknown"


def test_watching_ends_when_nobody_reads_any_more(tmp_path: Path) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/history.rss", rss(OLD), content_type="application/rss+xml", etag='"1"')
        command = [sys.executable, "-m", "statuswire", "watch", provider.url("/history.rss"), "--allow-private"]
        command += ["--format", "watcher", "--interval", "1s", "--heartbeat", "1s"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watcher:
            assert watcher.stdout is not None and watcher.stderr is not None
            watcher.stdout.readline()
            watcher.stdout.close()

            assert watcher.wait(20) == 0
            assert watcher.stderr.read() == b""
