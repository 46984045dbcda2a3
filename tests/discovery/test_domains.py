"""Hosts to which traffic goes: bare lists and the logs of proxies."""

from __future__ import annotations

import pytest

from statuswire.discovery import domains


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("api.stripe.com", "api.stripe.com"),
        ("API.Stripe.com.", "api.stripe.com"),
        ("*.stripe.com", "stripe.com"),
        (".stripe.com", "stripe.com"),
        ("api.stripe.com:443", "api.stripe.com"),
        ("https://user:secret@api.stripe.com/v1?x=1", "api.stripe.com"),
        ("17, api.stripe.com, 4.2", "api.stripe.com"),
        (
            "1764410000.123 251 10.0.0.7 TCP_TUNNEL/200 4310 CONNECT api.openai.com:443 - HIER_DIRECT/162.1.2.3 -",
            "api.openai.com",
        ),
        (
            '10.0.0.7 - - [29/Nov/2026:10:00:00 +0000] "GET http://pypi.org/simple/ HTTP/1.1" 200 9 "-" "pip/26"',
            "pypi.org",
        ),
        ('{"authority":"hooks.slack.com:443"}', "hooks.slack.com"),
        ("10.0.0.7", ""),
        ("localhost", ""),
        ("1.2.3.4:443", ""),
        ("--", ""),
    ],
)
def test_the_host_of_a_line(line: str, host: str) -> None:
    assert domains.host_in(line) == host


def test_a_column_may_be_named() -> None:
    assert domains.host_in("a.example.com b.example.com", 2) == "b.example.com"
    assert domains.host_in("a.example.com", 2) == ""


def test_hosts_become_pages_with_their_lines_and_the_rest_is_counted() -> None:
    lines = ["# egress", "api.stripe.com", "", "github.com", "db.corp.example", "db.corp.example", "10.1.1.1"]

    found = domains.read(lines, "egress.txt")

    evidence = {slug: one.evidence[0] for slug, one in found.findings.proposals.items()}
    assert {slug: (one.name, one.line) for slug, one in evidence.items()} == {
        "stripe": ("api.stripe.com", 2),
        "github": ("github.com", 4),
    }
    assert (found.lines, found.without_host, dict(found.unknown)) == (7, 1, {"db.corp.example": 2})


def test_hosts_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "MAX_UNKNOWN", 10)

    found = domains.read((f"h{number}.corp.example" for number in range(1000)), "log")

    assert len(found.unknown) == 10
