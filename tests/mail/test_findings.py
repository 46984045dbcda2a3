"""What the doctor says of mail and of subscriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from statuswire.config import MailConfig
from statuswire.doctor.finding import Finding, Grade
from statuswire.doctor.mail import mail_findings
from statuswire.doctor.subscriptions import subscription_findings
from statuswire.engine import confirmations
from statuswire.engine.confirmations import Confirmation
from tests.mail.parts import parts

AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def findings(config: MailConfig, *asked: Confirmation, now: datetime = AT) -> list[Finding]:
    with parts() as built:
        for one in asked:
            built.store.write(lambda tx, one=one: confirmations.keep(tx, one))
        return built.store.read(lambda tx: [*mail_findings(tx, config), *subscription_findings(tx, now)])


def confirmation(number: int = 1, link: str = "https://x.example/confirm") -> Confirmation:
    return Confirmation("acme", f"a{number}@x.example", "Confirm", link, AT)


def test_a_page_that_only_mails_needs_a_way_for_mail() -> None:
    (found,) = findings(MailConfig())

    assert (found.grade, "acme" in found.sentence) == (Grade.ACT, True)


def test_the_ways_are_named() -> None:
    (found,) = findings(MailConfig.model_validate({"smtp": {"port": 0}, "maildir": "/m", "lmtp": {"socket": "/l"}}))

    assert found.sentence.startswith("comes in by SMTP, LMTP, Maildir;")


def test_a_confirmation_is_shown_with_its_link() -> None:
    found = findings(MailConfig(), confirmation(), confirmation(2, ""))[1:]

    assert "https://x.example/confirm" in found[0].advice
    assert found[0].facts["link"] == "https://x.example/confirm"
    assert found[0].facts["asked_at"] == "2026-05-04T10:00:00Z"
    assert "no link" in found[1].advice
    assert found[1].facts["link"] is None


def test_a_confirmation_is_shown_for_two_weeks() -> None:
    last, later = AT + timedelta(days=14), AT + timedelta(days=14, seconds=1)

    assert len(findings(MailConfig(), confirmation(), now=last)) == 2
    assert len(findings(MailConfig(), confirmation(), now=later)) == 1


def test_an_old_confirmation_is_forgotten_when_another_comes() -> None:
    fresh = replace(confirmation(2), at=AT + timedelta(days=15))

    found = findings(MailConfig(), confirmation(), fresh, now=AT)

    assert [one.facts["sender"] for one in found[1:]] == ["a2@x.example"]


def test_the_newest_confirmation_of_a_sender_and_twenty_in_all_are_kept() -> None:
    many = [confirmation(number) for number in range(30)]

    assert len(findings(MailConfig(), *many, *many)) == 1 + confirmations.MOST
