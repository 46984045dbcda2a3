"""Which hook is believed, and why."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.signing import sign, sign_hex
from statuswire.web.problems import Refusal
from statuswire.web.trust import Believed, Door, HookSettings, Unproven, Way, decide, prove

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
BODY = b'{"event":"test"}'

STATUSPAGE = Door("statuspage", "statuspage", "/webhook/statuspage", ("statuspage",))
GENERIC = Door("generic", "generic", "/webhook/generic/{provider}", ("generic/acme", "generic"), provider="acme")
SECRET_ADDRESS = Door("hooks", "", "/hooks/{token}", page_slug="openai")

PUBLIC = HookSettings(is_loopback=False)


def with_secret(*secrets: str, name: str = "statuspage", is_loopback: bool = True) -> HookSettings:
    return HookSettings(secrets={name: secrets}, is_loopback=is_loopback, allow_unsigned=True)


def judge(door: Door, settings: HookSettings, headers: dict[str, str], body: bytes = BODY) -> Believed | Refusal:
    decision = decide(door, headers, settings)
    return prove(decision, body, headers, NOW) if isinstance(decision, Unproven) else decision


def code(verdict: Believed | Refusal) -> str:
    assert isinstance(verdict, Refusal), verdict
    return verdict.code


def test_a_secret_address_is_believed_everywhere_without_a_signature() -> None:
    assert judge(SECRET_ADDRESS, PUBLIC, {}) == Believed(Way.ADDRESS)


def test_an_unsigned_body_is_believed_on_loopback() -> None:
    assert judge(STATUSPAGE, HookSettings(), {}) == Believed(Way.LOOPBACK)


def test_U11_an_unsigned_body_that_a_trusted_proxy_brings_to_loopback_is_as_one_from_beyond() -> None:
    assert isinstance(decide(STATUSPAGE, {}, HookSettings(), is_from_beyond=True), Refusal)
    assert decide(STATUSPAGE, {}, HookSettings(allow_unsigned=True), is_from_beyond=True) == Believed(Way.ALLOWED)
    assert decide(SECRET_ADDRESS, {}, HookSettings(), is_from_beyond=True) == Believed(Way.ADDRESS)
    assert isinstance(decide(STATUSPAGE, {}, with_secret(SECRET), is_from_beyond=True), Unproven)


def test_an_unsigned_body_is_not_believed_beyond_loopback_and_the_answer_says_what_to_do() -> None:
    verdict = judge(STATUSPAGE, PUBLIC, {})

    assert isinstance(verdict, Refusal)
    assert (verdict.code, verdict.status) == ("untrusted", 401)
    assert "hooks.secrets" in verdict.detail
    assert "'statuspage'" in verdict.detail
    assert "/hooks/" in verdict.detail


def test_an_unsigned_body_is_believed_beyond_loopback_where_that_is_allowed() -> None:
    assert judge(STATUSPAGE, HookSettings(is_loopback=False, allow_unsigned=True), {}) == Believed(Way.ALLOWED)


def test_w1_where_a_secret_is_configured_an_unsigned_body_is_refused_even_on_loopback() -> None:
    assert code(judge(STATUSPAGE, with_secret(SECRET), {})) == "missing_signature"


def test_a_body_signed_with_the_configured_secret_is_believed_under_its_signed_id() -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW)

    assert judge(STATUSPAGE, with_secret(SECRET, is_loopback=False), headers) == Believed(Way.SIGNED, "msg_1")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (sign(BODY, NEW, "msg_1", NOW), "bad_signature"),
        (sign(BODY, SECRET, "msg_1", NOW - timedelta(minutes=6)), "expired_signature"),
        (sign(BODY, SECRET, "msg_1", NOW) | {"webhook-timestamp": "NaN"}, "malformed_signature"),
        ({"x-signature": "sha256=" + "0" * 64}, "bad_signature"),
        ({"x-signature": "nothing"}, "malformed_signature"),
    ],
)
def test_w1_w3_a_wrong_signature_is_refused_with_its_own_code(headers: dict[str, str], expected: str) -> None:
    assert code(judge(STATUSPAGE, with_secret(SECRET), headers)) == expected


def test_w5_during_rotation_both_the_old_and_the_new_secret_are_good() -> None:
    settings = with_secret(NEW, SECRET)

    assert isinstance(judge(STATUSPAGE, settings, sign(BODY, SECRET, "a", NOW)), Believed)
    assert isinstance(judge(STATUSPAGE, settings, sign(BODY, NEW, "b", NOW)), Believed)


def test_a_hexadecimal_signature_is_believed_and_names_no_message() -> None:
    headers = {"x-signature": sign_hex(BODY, "plain text")}

    assert judge(STATUSPAGE, with_secret("plain text"), headers) == Believed(Way.SIGNED)


def test_a_secret_of_one_path_says_nothing_of_another() -> None:
    assert judge(GENERIC, with_secret(SECRET), {}) == Believed(Way.LOOPBACK)


def test_the_secret_of_one_provider_goes_before_that_of_all() -> None:
    settings = HookSettings(secrets={"generic": (SECRET,), "generic/acme": (NEW,)})

    assert isinstance(judge(GENERIC, settings, sign(BODY, NEW, "m", NOW)), Believed)
    assert code(judge(GENERIC, settings, sign(BODY, SECRET, "m", NOW))) == "bad_signature"


def test_a_signature_without_a_configured_secret_counts_as_none() -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW)

    assert judge(STATUSPAGE, HookSettings(), headers) == Believed(Way.LOOPBACK)
    assert code(judge(STATUSPAGE, PUBLIC, headers)) == "untrusted"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "host": "127.0.0.1:8000"},
        {"origin": "http://evil.example:8000", "host": "evil.example:8000"},
        {"origin": "null", "host": "localhost:8000"},
        {"origin": "http://localhost:9999", "host": "localhost:8000"},
        {"origin": "http://[::1", "host": "localhost:8000"},
    ],
)
def test_an_unsigned_body_from_a_web_page_elsewhere_is_not_believed(headers: dict[str, str]) -> None:
    assert code(judge(STATUSPAGE, HookSettings(), headers)) == "cross_site"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_our_own_page_on_loopback_may_send(host: str) -> None:
    headers = {"origin": f"http://{host}", "host": host}

    assert judge(STATUSPAGE, HookSettings(), headers) == Believed(Way.LOOPBACK)


def test_only_signed_and_addressed_senders_have_proved_anything() -> None:
    proved = {way for way in Way if Believed(way).is_authenticated}

    assert proved == {Way.SIGNED, Way.ADDRESS}
