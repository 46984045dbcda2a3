"""Notices by mail: what golden documents cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Impact, Incident, Kind, Phase, Snapshot
from statuswire.platforms import email
from statuswire.platforms.email_message import MAX_BYTES, MAX_PARTS, read_mail
from statuswire.platforms.email_words import PHRASES, read_subject, without_footer
from statuswire.platforms.parsing import recognise
from statuswire.platforms.sight import Sight

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PAGE = "https://status.acme-relay.example"
GOLDEN = Path(__file__).parent / "email" / "statuspage-identified.eml"


def mail(subject: str = "Slow API", words: str = "We look into it.", **headers: str) -> bytes:
    kept = {
        "From": "status@acme-relay.example",
        "Date": "Mon, 04 May 2026 10:00:00 +0000",
        "Message-ID": "<1@x>",
        "Subject": subject,
        "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in kept.items()) + "\r\n" + words).encode()


def html(markup: str) -> bytes:
    return mail(words=markup, Content_Type="text/html; charset=utf-8")


def read(body: bytes, url: str = PAGE) -> Snapshot:
    return email.parse(Document(body, NOW, url=url))


def incident(body: bytes, url: str = PAGE) -> Incident:
    (only,) = read(body, url).incidents
    return only


# --- subjects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "title", "phase", "kind"),
    [
        ("Slow API", "Slow API", None, None),
        ("Re: Fwd: AW: Slow API", "Slow API", None, None),
        ("[Acme Relay Status] Slow API", "Slow API", None, None),
        ("[Resolved] Slow API", "Slow API", Phase.RESOLVED, None),
        ("[Acme Status] [Monitoring] Slow API", "Slow API", Phase.MONITORING, None),
        ("Acme Relay Incident - Slow API", "Slow API", None, Kind.INCIDENT),
        ("Acme Relay Maintenance - New switch", "New switch", None, Kind.MAINTENANCE),
        ("CANCELLED - Network maintenance", "Network maintenance", Phase.CANCELLED, None),
        ("REMINDER - Network maintenance [CHG1]", "Network maintenance [CHG1]", None, None),
        ("[## 4711 ##] Emergency work", "[## 4711 ##] Emergency work", None, None),
        ("Slow API is not yet resolved", "Slow API is not yet resolved", None, None),
        ("Re:", "Re:", None, None),
    ],
)
def test_a_subject_is_a_title_with_marks_around_it(
    subject: str, title: str, phase: Phase | None, kind: Kind | None
) -> None:
    heading = read_subject(subject)

    assert (heading.title, heading.phase, heading.kind) == (title, phase, kind)


def test_mails_about_one_incident_have_one_id_without_a_link() -> None:
    first = incident(mail("[Investigating] Slow API"))
    last = incident(mail("Re: [Acme Status] [Resolved] slow  api"))

    assert first.id == last.id
    assert first.id.startswith("mail:")


# --- phases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("Status: Identified", Phase.IDENTIFIED),
        ("*Incident status:* Monitoring", Phase.MONITORING),
        ("Current Status: Resolved", Phase.RESOLVED),
        ("Status: In progress", Phase.INVESTIGATING),
        ("Status: Completed", Phase.RESOLVED),
        ("Status: Degraded performance", Phase.INVESTIGATING),
        ("Status: Operational", Phase.RESOLVED),
        ("Status: Update", None),
        ("The status: we think that the database is slow and will tell more in an hour", None),
        ("We have resolved nothing yet", None),
    ],
)
def test_a_line_of_label_and_value_tells_the_phase(words: str, phase: Phase | None) -> None:
    assert incident(mail(words=words)).phase is phase


@pytest.mark.parametrize("phrase", ["New incident", "Incident resolved", "An update has been posted"])
def test_a_phrase_of_statuspage_tells_the_phase(phrase: str) -> None:
    assert incident(mail(words=f"{phrase} on Acme Relay\nMore.")).phase is PHRASES[phrase.lower().replace(" ", "")]


def test_the_mark_in_the_subject_counts_before_the_text() -> None:
    assert incident(mail("[Resolved] Slow API", "Status: Identified")).phase is Phase.RESOLVED


def test_an_unknown_word_is_unknown_kept_and_named() -> None:
    snapshot = read(mail(words="Status: Frobnicating"))

    assert snapshot.incidents[0].phase is Phase.UNKNOWN
    assert snapshot.incidents[0].raw_phase == "Frobnicating"
    assert [one.reason for one in snapshot.problems] == ["unknown word 'Frobnicating'"]


@pytest.mark.parametrize(
    ("word", "phase"),
    [("Resolved", Phase.COMPLETED), ("Investigating", Phase.IN_PROGRESS), ("Monitoring", Phase.VERIFYING)],
)
def test_words_of_incidents_mean_their_like_of_a_maintenance(word: str, phase: Phase) -> None:
    told = incident(mail("Network maintenance", f"Status: {word}"))

    assert (told.kind, told.phase, told.impact) == (Kind.MAINTENANCE, phase, Impact.MAINTENANCE)


def test_a_level_is_never_guessed_from_a_sentence() -> None:
    assert incident(mail("Major outage of everything", "All is down. Impact: who knows")).impact is Impact.UNKNOWN


def test_a_start_without_a_zone_is_not_believed() -> None:
    told = incident(mail("Network maintenance", "Start: 9 May 2026 22:00\nEnd: 10 May 2026 02:00 UTC"))

    assert told.scheduled_for is None
    assert told.scheduled_until == datetime(2026, 5, 10, 2, tzinfo=UTC)


# --- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/incidents/w2x4y6z8b1c3", "w2x4y6z8b1c3"),
        ("/incident/417", "417"),
        ("/maintenance/m-12", "m-12"),
        ("/pages/incident/5a1b2c3d4e5f6a7b8c9d0e1f/6a1b2c3d4e5f6a7b8c9d0e1f", "6a1b2c3d4e5f6a7b8c9d0e1f"),
        ("/notices/abc123-slow-api", "abc123-slow-api"),
        ("/events/report/123", "123"),
    ],
)
def test_a_link_to_the_page_gives_the_incidents_id(path: str, name: str) -> None:
    assert incident(html(f'<a href="{PAGE}{path}?token=secret#x">More</a>')).id == name


def test_the_secret_part_of_a_link_is_not_kept() -> None:
    told = incident(html(f'<a href="{PAGE}/incidents/w2x4y6z8b1c3?token=secret">More</a>'))

    assert told.url == f"{PAGE}/incidents/w2x4y6z8b1c3"
    assert told.aliases == (told.url,)


@pytest.mark.parametrize(
    "url",
    [
        "https://u123.ct.sendgrid.net/ls/click?upn=x",
        "https://elsewhere.example/incidents/w2x4y6z8b1c3",
        f"{PAGE}/incidents/history",
        f"{PAGE}.evil.example/incidents/w2x4y6z8b1c3",
        "https://[half/incidents/w2x4y6z8b1c3",
        "javascript:alert(1)",
    ],
)
def test_other_links_give_no_id(url: str) -> None:
    assert incident(html(f'<a href="{url}">More</a>')).id.startswith("mail:")


def test_a_link_in_the_plain_text_counts_without_the_mark_after_it() -> None:
    assert incident(mail(words=f"See {PAGE}/incidents/w2x4y6z8b1c3.")).id == "w2x4y6z8b1c3"


# --- text and time ---------------------------------------------------------------------------------------------


def test_the_text_ends_where_it_speaks_of_subscriptions() -> None:
    assert without_footer("It is slow.\n\nManage your subscription\nAcme Ltd") == "It is slow."


def test_a_mail_that_is_nothing_but_a_footer_keeps_it() -> None:
    assert without_footer("Unsubscribe from all of it") == "Unsubscribe from all of it"


def test_a_forwarded_mail_loses_the_head_of_the_original() -> None:
    words = "---------- Forwarded message ---------\nFrom: NOC\nDate: Monday\nSubject: x\n\nIt is slow."

    assert without_footer(words) == "It is slow."


def test_the_same_notice_sent_twice_is_one_update() -> None:
    first = incident(mail(Message_ID="<1@x>")).updates[0]
    again = incident(mail(Message_ID="<2@x>", Date="Mon, 04 May 2026 10:09:00 +0000")).updates[0]

    assert first.id == again.id


@pytest.mark.parametrize("date", ["Tue, 05 May 2026 10:00:00 +0000", "gibberish", ""])
def test_a_mail_is_never_newer_than_its_receipt(date: str) -> None:
    assert read(mail(Date=date)).as_of == NOW


def test_it_covers_nothing_and_bears_its_mark() -> None:
    snapshot = read(mail())

    assert (snapshot.covers, snapshot.event_name) == (frozenset(), "from e-mail")


# --- no notices ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Confirm your subscription", "Click."),
        ("Please verify your e-mail address", "Click."),
        ("Subscription confirmation", "Click."),
        ("Welcome to Acme", "Please confirm your subscription: https://status.acme-relay.example/confirm/x"),
    ],
)
def test_a_mail_that_asks_for_a_confirmation_is_no_incident(subject: str, words: str) -> None:
    snapshot = read(mail(subject, words))

    assert (snapshot.incidents, snapshot.event_name) == ((), email.CONFIRMATION)


@pytest.mark.parametrize(
    ("sender", "automatic", "is_ignored"),
    [
        ("noreply@statuspage.io", "auto-generated", False),
        ("noc@acme-relay.example", "auto-generated", False),
        ("noc@mail.acme-relay.example", "auto-replied", False),
        ("bob@elsewhere.example", "auto-replied", True),
        ("bob@elsewhere.example", "no", False),
        ("bob@elsewhere.example", "", False),
        ("bob@notstatuspage.io", "auto-generated", True),
    ],
)
def test_an_automatic_mail_of_a_stranger_is_no_notice(sender: str, automatic: str, is_ignored: bool) -> None:
    told = read_mail(mail(From=f'"A, b" <{sender}>', Auto_Submitted=f"{automatic}; x=y"))

    assert email.is_automatic(told, PAGE) is is_ignored


def test_a_bounce_is_no_notice_whoever_sends_it() -> None:
    told = read_mail(mail(From="noreply@statuspage.io", Content_Type='multipart/report; boundary="b"'))

    assert email.is_automatic(told, PAGE)


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b" \r\n", ParseReason.EMPTY),
        (b'{"a": 1}', ParseReason.SHAPE),
        (b"X-Odd: 1\r\n\r\nhello", ParseReason.SHAPE),
        (mail("", ""), ParseReason.EMPTY),
        (mail("", "Words without a subject"), ParseReason.SHAPE),
        (mail() + b"x" * MAX_BYTES, ParseReason.TOO_LARGE),
        (b"Subject: x\r\nX: " + b"y" * 300_000, ParseReason.TOO_LARGE),
        (mail() + b"Content-Type: text/plain\r\n" * (2 * MAX_PARTS + 1), ParseReason.TOO_LARGE),
        (mail(Content_Type="multipart/mixed; boundary=b") + b"\r\n--b\r\n" * 100, ParseReason.TOO_LARGE),
        (mail(Content_Type="multipart/mixed; boundary=b") + b"\r\n--b\r\n" * 100_000, ParseReason.TOO_LARGE),
    ],
)
def test_what_is_no_mail_is_refused_with_the_reason(body: bytes, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        read(body)

    assert caught.value.reason is reason


def test_parts_nested_too_deeply_are_refused() -> None:
    body = "From: a@b.example\r\nSubject: x\r\n"
    for level in range(20):
        body += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'

    with pytest.raises(ParseError) as caught:
        read(body.encode())

    assert caught.value.reason is ParseReason.TOO_DEEP


@given(st.binary(max_size=400))
def test_any_bytes_after_real_headers_are_a_snapshot_or_an_error(tail: bytes) -> None:
    try:
        read(GOLDEN.read_bytes()[:400] + tail)
    except ParseError:
        return


HEADERS = st.sampled_from(
    ["From", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "To"]
)
VALUES = st.sampled_from(
    [
        "=?utf-8?b?////?=", "=?x-unknown?q?=FF?=", "=?utf-8?b?YQ", "<>", "@", '"', "a@b (c", "text/html; charset=\x00",
        'multipart/mixed; boundary="', "multipart/mixed", "message/rfc822", "text/plain; charset=idna",
        "base64", "uuencode",
        "text/plain; charset*=utf-8''%ff", "text/html; charset=base64", "quoted-printable",
        "Mon, 99 Foo 99999 99:99:99 +9999",
    ]
) | st.text(max_size=40)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=200))
def test_any_headers_are_a_snapshot_or_an_error(headers: list[tuple[str, str]], tail: bytes) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)

    try:
        read(head.encode("utf-8", "surrogateescape") + b"\r\n" + tail)
    except ParseError:
        return


# --- recognising -----------------------------------------------------------------------------------------------


def sees(body: bytes) -> bool:
    return email.recognize(Sight(Document(body, NOW)))


@pytest.mark.parametrize("path", sorted(GOLDEN.parent.glob("*.eml")), ids=lambda path: path.stem)
def test_a_mail_is_recognised(path: Path) -> None:
    found = recognise(Document(path.read_bytes(), NOW))

    assert found is email.PLATFORM


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<rss/>", b"Subject: alone\n\n", b"HTTP/1.1 200 OK\r\nDate: x\r\n\r\n", b"a: b\nc: d\n"]
)
def test_other_things_are_not(body: bytes) -> None:
    assert not sees(body)


def test_nothing_is_polled() -> None:
    assert email.feeds(PAGE) == ()


# --- captured --------------------------------------------------------------------------------------------------

REFUSED = {"bso1_first.eml", "bso4_end.eml"}
"""Their headers were blanked by whoever kept them, the subject too."""


def test_captured_notices_are_maintenances_or_clearly_refused(captures: Path) -> None:
    refused = set()
    for path in sorted((captures / "email").glob("*/*.eml")):
        try:
            told = incident(path.read_bytes(), url="")
        except ParseError:
            refused.add(path.name)
            continue
        assert told.title and told.updates[0].text
        is_named = "maintenance" in told.title.lower() or "upgrade" in told.title.lower()
        assert told.kind is (Kind.MAINTENANCE if is_named else Kind.INCIDENT), path.name

    assert refused == REFUSED
