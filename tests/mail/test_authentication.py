"""Who signed a mail."""

from __future__ import annotations

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from statuswire.mail.authentication import Result, Verdict, check
from statuswire.platforms.email_message import read_mail
from tests.mail.parts import mail, no_dns

KEY = rsa.generate_private_key(65537, 1024)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)
DOMAIN = "acme-relay.example"


def dns(name: str, timeout_s: float) -> bytes | None:
    return b"v=DKIM1; k=rsa; p=" + PUBLIC if name == f"s1._domainkey.{DOMAIN}." else None


def broken_dns(name: str, timeout_s: float) -> bytes | None:
    raise TimeoutError("no answer")


def signed(domain: str = DOMAIN) -> bytes:
    raw = mail()
    return dkim.sign(raw, b"s1", domain.encode(), PRIVATE) + raw


def verdict(raw: bytes, look_up=dns, authserv_id: str = "") -> Verdict:
    return check(raw, read_mail(raw), authserv_id, look_up)


def test_a_signature_that_holds() -> None:
    found = verdict(signed())

    assert (found.result, found.domain) == (Result.PASS, DOMAIN)


def test_a_mail_that_was_changed_after_it_was_signed() -> None:
    assert verdict(signed().replace(b"We look", b"We laugh")).result is Result.FAIL


def test_a_mail_without_a_signature() -> None:
    assert verdict(mail()).result is Result.NONE


def test_a_name_server_that_does_not_answer_is_no_failed_signature() -> None:
    assert verdict(signed(), broken_dns).result is Result.TEMPERROR


def test_a_key_that_is_not_there() -> None:
    assert verdict(signed(), no_dns).result in (Result.FAIL, Result.PERMERROR)


def test_one_good_signature_among_bad_ones_is_enough() -> None:
    bad = b"DKIM-Signature: v=1; a=rsa-sha256; d=other.example; s=x; h=from; bh=AAAA; b=AAAA\r\n"

    assert verdict(bad + signed()).result is Result.PASS


@pytest.mark.parametrize(
    ("header", "result"),
    [
        ("mx.ops.example; dkim=pass header.i=@acme-relay.example", Result.PASS),
        ("mx.ops.example; dkim=fail header.d=acme-relay.example; dmarc=fail", Result.FAIL),
        ("mx.ops.example 1; dkim=temperror", Result.TEMPERROR),
        ("mx.ops.example; dkim=fail header.d=a.example; dkim=pass header.d=acme-relay.example", Result.PASS),
        ("mx.ops.example; spf=pass", Result.NONE),
        ("evil.example; dkim=pass header.d=acme-relay.example", Result.NONE),
        ("mx.ops.example.evil.example; dkim=pass header.d=acme-relay.example", Result.NONE),
    ],
)
def test_only_our_own_servers_result_counts(header: str, result: Result) -> None:
    assert verdict(mail(Authentication_Results=header), authserv_id="mx.ops.example").result is result


def test_only_the_topmost_result_counts() -> None:
    below = mail(Authentication_Results="mx.ops.example; dkim=pass header.d=acme-relay.example")

    assert verdict(b"Authentication-Results: x.example; none\r\n" + below, authserv_id="mx.ops.example").result is (
        Result.NONE
    )


@pytest.mark.parametrize(
    ("domain", "sender", "is_aligned"),
    [
        (DOMAIN, f"a@{DOMAIN}", True),
        (DOMAIN, f"a@mail.{DOMAIN}", True),
        (f"mail.{DOMAIN}", f"a@{DOMAIN}", True),
        ("evil.example", f"a@{DOMAIN}", False),
        ("example", f"a@{DOMAIN}", False),
        ("", f"a@{DOMAIN}", False),
        (DOMAIN, "", False),
    ],
)
def test_a_signature_speaks_for_its_own_domain(domain: str, sender: str, is_aligned: bool) -> None:
    assert Verdict(Result.PASS, domain).is_aligned(sender) is is_aligned
    assert not Verdict(Result.FAIL, domain).is_aligned(sender)


@given(st.text(alphabet="vabdhsit=;:/ \t1AZ.-*", max_size=120))
def test_any_signature_gives_a_verdict(value: str) -> None:
    raw = b"DKIM-Signature: " + value.encode() + b"\r\n" + mail()

    assert verdict(raw).result in Result
