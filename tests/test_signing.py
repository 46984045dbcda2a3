"""Signatures: what is believed, what is not, and that nothing but SignatureError ever comes out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from statuswire import signing
from statuswire.errors import SignatureError
from statuswire.signing import Scheme, Verified, hook_token, seals_of, sign, sign_hex, verify

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()
BODY = b'{"event":"test"}'


def svix(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("webhook-", "svix-"): value for name, value in headers.items()}


def reason_of(body: bytes, headers: dict[str, str], *secrets: str, now: datetime = NOW) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(body, headers, secrets or (SECRET,), now)
    return str(caught.value.reason)


@pytest.mark.parametrize("rename", [dict, svix])
def test_either_header_set_verifies_and_names_the_message(rename: type) -> None:
    headers = rename(sign(BODY, SECRET, "msg_1", NOW))

    assert verify(BODY, headers, (SECRET,), NOW) == Verified(Scheme.STANDARD, "msg_1")


def test_a_mixture_of_the_two_sets_is_malformed() -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW)
    headers["svix-id"] = headers.pop("webhook-id")

    assert reason_of(BODY, headers) == "malformed"


def test_w1_no_signature_is_missing_and_a_wrong_one_a_mismatch() -> None:
    assert reason_of(BODY, {}) == "missing"
    assert reason_of(BODY, {"webhook-id": "msg_1"}) == "missing"
    assert reason_of(BODY, sign(BODY, OTHER, "msg_1", NOW)) == "mismatch"
    assert reason_of(BODY + b" ", sign(BODY, SECRET, "msg_1", NOW)) == "mismatch"


@pytest.mark.parametrize(
    "broken",
    ["v1", "v1,", "v1,***", "\xff\xfe", "v1,é", ",", "v2,AAAA", "v1,AAAA v1", "v1a,AAAA", "v1," + "A" * 9000],
)
def test_w2_malformed_signature_headers_do_not_match_and_do_not_raise_anything_else(broken: str) -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW) | {"webhook-signature": broken}

    assert reason_of(BODY, headers) == "mismatch"


@pytest.mark.parametrize("broken", ["", "nan", "NaN", "inf", "1e9", "-5", "12.5", "١٢٣", "9" * 13, " 1777888800"])
def test_w3_a_timestamp_that_is_no_whole_number_is_malformed(broken: str) -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW) | {"webhook-timestamp": broken}

    assert reason_of(BODY, headers) == "malformed"


@pytest.mark.parametrize(("skew_s", "fine"), [(-301, False), (-299, True), (0, True), (299, True), (301, False)])
def test_w3_five_minutes_either_way_are_tolerated_and_no_more(skew_s: int, fine: bool) -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW + timedelta(seconds=skew_s))

    if fine:
        assert verify(BODY, headers, (SECRET,), NOW).message_id == "msg_1"
    else:
        assert reason_of(BODY, headers) == "expired"


def test_w5_any_of_several_signatures_by_any_of_three_secrets_is_enough() -> None:
    headers = sign(BODY, OTHER, "msg_1", NOW)
    headers["webhook-signature"] = "v9,zzz v1,AAAA v1a,BBBB " + headers["webhook-signature"]

    assert verify(BODY, headers, (SECRET, "whsec_AAAA", OTHER), NOW).message_id == "msg_1"


def test_w5_a_fourth_secret_and_an_eleventh_signature_are_not_looked_at() -> None:
    headers = sign(BODY, OTHER, "msg_1", NOW)

    assert reason_of(BODY, headers, SECRET, SECRET, SECRET, OTHER) == "mismatch"
    headers["webhook-signature"] = "v1,AAAA " * 10 + headers["webhook-signature"]
    assert reason_of(BODY, headers, OTHER) == "mismatch"


def test_a_secret_without_prefix_or_padding_is_the_same_secret() -> None:
    headers = sign(BODY, SECRET, "msg_1", NOW)

    assert verify(BODY, headers, (SECRET.removeprefix("whsec_").rstrip("="),), NOW).message_id == "msg_1"


def test_an_empty_secret_verifies_nothing() -> None:
    forged = "v1," + base64.b64encode(hmac.new(b"", b"m.1777888800." + BODY, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": "1777888800", "webhook-signature": forged}

    assert reason_of(BODY, headers, "", "whsec_") == "mismatch"
    assert reason_of(BODY, {"x-signature": hmac.new(b"", BODY, hashlib.sha256).hexdigest()}, "") == "mismatch"


@pytest.mark.parametrize("header", ["x-signature", "x-hub-signature-256"])
@pytest.mark.parametrize("prefix", ["", "sha256=", "SHA256="])
def test_a_hexadecimal_signature_is_taken_bare_and_prefixed(header: str, prefix: str) -> None:
    digest = sign_hex(BODY, "some text").removeprefix("sha256=")

    assert verify(BODY, {header: prefix + digest}, ("x", "some text"), NOW) == Verified(Scheme.HEX)
    assert verify(BODY, {header: prefix + digest.upper()}, ("some text",), NOW) == Verified(Scheme.HEX)


@pytest.mark.parametrize("broken", ["", "sha256=", "abc", "sha1=" + "0" * 40, "g" * 64, "é" * 64, "0" * 65])
def test_what_is_not_64_hexadecimal_digits_is_malformed(broken: str) -> None:
    assert reason_of(BODY, {"x-signature": broken}) == "malformed"


@given(body=st.binary(max_size=300), key=st.binary(min_size=1, max_size=64), name=st.text(min_size=1, max_size=40))
def test_what_we_sign_we_and_the_library_verify(body: bytes, key: bytes, name: str) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    message_id = base64.b32encode(name.encode("utf-8", "replace")).decode()
    text = base64.b64encode(body)
    now = datetime.now(UTC)

    headers = sign(text, secret, message_id, now)

    assert verify(text, headers, (secret,), now).message_id == message_id
    Webhook(secret).verify(text, headers, json_parse=False)


@given(body=st.binary(max_size=200), flipped=st.integers(min_value=0), bit=st.integers(0, 7))
def test_changing_one_bit_of_the_body_breaks_both_schemes(body: bytes, flipped: int, bit: int) -> None:
    original = base64.b64encode(body) + b"!"
    changed = bytearray(original)
    changed[flipped % len(changed)] ^= 1 << bit

    assert reason_of(bytes(changed), sign(original, SECRET, "m", NOW)) == "mismatch"
    assert reason_of(bytes(changed), {"x-signature": sign_hex(original, SECRET)}) == "mismatch"


_names = st.sampled_from(
    [f"{family}-{part}" for family in ("webhook", "svix") for part in ("id", "timestamp", "signature")]
    + ["x-signature", "x-hub-signature-256"]
)
_values = st.one_of(st.text(max_size=80), st.just("1777888800"), st.text("v1, =ABab09", max_size=80))


@given(
    body=st.binary(max_size=50),
    headers=st.dictionaries(_names, _values, max_size=8),
    secrets=st.lists(st.text(max_size=40), max_size=5),
)
def test_w2_whatever_headers_and_secrets_only_signature_errors_come_out(
    body: bytes, headers: dict[str, str], secrets: list[str]
) -> None:
    assert reason_of(body, headers, *secrets) in {"missing", "malformed", "expired", "mismatch"}


@given(headers=st.dictionaries(_names, _values, max_size=8), body=st.binary(max_size=50))
def test_nothing_that_the_library_refuses_is_believed_by_us(headers: dict[str, str], body: bytes) -> None:
    try:
        verify(body, headers, (SECRET,), datetime.now(UTC))
    except SignatureError:
        return
    try:
        Webhook(SECRET).verify(body, headers, json_parse=False)
    except WebhookVerificationError as error:
        pytest.fail(f"we believed what the library refuses: {error}")


def test_a_body_that_is_not_utf8_verifies_as_the_bytes_it_is() -> None:
    body = b"\xff\xfe{}"
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    content = b"m." + str(int(NOW.timestamp())).encode() + b"." + body
    value = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": "v1," + value}

    assert verify(body, headers, (SECRET,), NOW).message_id == "m"
    with pytest.raises(SignatureError):
        sign(body, SECRET, "m", NOW)


@pytest.mark.parametrize("secret", ["", "   ", "whsec_", "whsec_***"])
def test_a_secret_that_could_never_verify_is_refused_when_it_is_configured(secret: str) -> None:
    with pytest.raises(SignatureError):
        signing.check_secret(secret)


def test_plain_text_and_base64_are_both_good_secrets() -> None:
    signing.check_secret("any text will do")
    signing.check_secret(SECRET)


def test_hook_tokens_are_stable_long_and_different_for_each_page_and_installation() -> None:
    tokens = {hook_token(secret, slug) for secret in (b"a" * 32, b"b" * 32) for slug in ("openai", "github", "")}

    assert len(tokens) == 6
    assert hook_token(b"a" * 32, "openai") == hook_token(b"a" * 32, "openai")
    assert all(len(token) == 32 and token.isalnum() and token == token.lower() for token in tokens)


def test_a_short_installation_secret_gives_no_tokens() -> None:
    with pytest.raises(SignatureError):
        hook_token(b"short", "openai")


def test_no_message_of_an_error_holds_a_secret_or_a_signature() -> None:
    headers = sign(BODY, OTHER, "msg_1", NOW)
    with pytest.raises(SignatureError) as caught:
        verify(BODY, headers, (SECRET,), NOW)

    assert SECRET not in str(caught.value)
    assert headers["webhook-signature"] not in str(caught.value)


# --- the headers of single senders ---------------------------------------------------------------------------------

TEXT = "text-secret"


def hexadecimal(content: bytes, algorithm: str = "sha256", secret: str = TEXT) -> str:
    return hmac.new(secret.encode(), content, algorithm).hexdigest()


def reason_at(platform: str, header: str, value: str, body: bytes = BODY) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(body, {header: value}, ("another", TEXT), NOW, platform)
    return str(caught.value.reason)


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("instatus", "x-instatus-webhook-signature"),
        ("cachet", "signature"),
        ("firehydrant", "fh-signature"),
        ("upptime", "x-hub-signature-256"),
        ("", "x-signature"),
    ],
)
def test_each_sender_signs_in_a_header_of_its_own(platform: str, header: str) -> None:
    good = hexadecimal(BODY)

    assert verify(BODY, {header: good}, ("another", TEXT), NOW, platform) == Verified(Scheme.HEX)
    assert verify(BODY, {header: f" SHA256={good.upper()} "}, (TEXT,), NOW, platform) == Verified(Scheme.HEX)
    assert reason_at(platform, header, hexadecimal(BODY + b" ")) == "mismatch"
    for broken in ("", good[:-1], f"{good}0", "z" * 64, f"sha1={good}", "é" * 64, "sha256=sha256="):
        assert reason_at(platform, header, broken) == "malformed"


@pytest.mark.parametrize("header", ["x-instatus-webhook-signature", "signature", "fh-signature", "x-rootly-signature"])
def test_the_header_of_another_sender_is_no_signature(header: str) -> None:
    assert reason_at("statuspage", header, hexadecimal(BODY)) == "missing"
    assert header in {seal.header for seal in seals_of("generic")}


def test_what_is_missing_is_named_as_the_sender_names_it() -> None:
    with pytest.raises(SignatureError, match="X-Instatus-Webhook-Signature"):
        verify(BODY, {}, (TEXT,), NOW, "instatus")
    with pytest.raises(SignatureError, match="or X-Signature"):
        verify(BODY, {}, (TEXT,), NOW, "generic")


@pytest.mark.parametrize(
    ("sent", "signed"),
    [
        ('{ "a": 1,\n "b": [1, 2] }', '{"a":1,"b":[1,2]}'),
        ('{"t": "St\\u00f6rung"}', '{"t":"Störung"}'),
        ('{"url": "https:\\/\\/a.example"}', '{"url":"https://a.example"}'),
        ('{"b":1,"a":"\\u2028"}', '{"b":1,"a":"\u2028"}'),
    ],
)
def test_instatus_signs_the_json_as_javascript_writes_it(sent: str, signed: str) -> None:
    header = {"x-instatus-webhook-signature": hexadecimal(signed.encode())}

    assert verify(sent.encode(), header, (TEXT,), NOW, "instatus") == Verified(Scheme.HEX)
    assert reason_at("instatus", "x-instatus-webhook-signature", hexadecimal(b'{"a":2}'), sent.encode()) == "mismatch"
    assert reason_at("cachet", "signature", hexadecimal(signed.encode()), sent.encode()) == "mismatch"


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000, b'{"a": "\\ud800"}'])
def test_a_body_that_cannot_be_written_again_is_a_mismatch(body: bytes) -> None:
    assert reason_at("instatus", "x-instatus-webhook-signature", "0" * 64, body) == "mismatch"


def stamped(at: datetime, *secrets: str) -> str:
    stamp = str(int(at.timestamp()))
    values = (hexadecimal(stamp.encode() + BODY, secret=secret) for secret in secrets)
    return f"t={stamp}," + ",".join(f"v1={value}" for value in values)


def test_rootly_signs_a_time_and_the_body() -> None:
    for header in (stamped(NOW, TEXT), stamped(NOW - timedelta(seconds=299), "unknown", TEXT)):
        assert verify(BODY, {"x-rootly-signature": header}, ("new", TEXT), NOW, "rootly") == Verified(Scheme.STAMPED)
    assert reason_at("rootly", "x-rootly-signature", stamped(NOW, "unknown")) == "mismatch"
    assert reason_at("rootly", "x-rootly-signature", stamped(NOW - timedelta(seconds=301), TEXT)) == "expired"
    assert reason_at("rootly", "x-rootly-signature", stamped(NOW + timedelta(seconds=301), TEXT)) == "expired"


@pytest.mark.parametrize(
    "broken", ["", "t=1", "v1=" + "0" * 64, "t=1,t=2,v1=" + "0" * 64, "t=1,v1=xyz", "t=x,v1=" + "0" * 64, "é,=,,"]
)
def test_a_stamped_signature_without_its_parts_is_malformed(broken: str) -> None:
    assert reason_at("rootly", "x-rootly-signature", broken) == "malformed"


def test_the_time_of_a_stamped_signature_cannot_be_moved() -> None:
    moved = stamped(NOW, TEXT).replace(str(int(NOW.timestamp())), str(int(NOW.timestamp()) + 60))

    assert reason_at("rootly", "x-rootly-signature", moved) == "mismatch"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_websub_may_choose_among_four_algorithms(algorithm: str) -> None:
    good = {"x-hub-signature": f"{algorithm}={hexadecimal(BODY, algorithm)}"}

    assert verify(BODY, good, (TEXT,), NOW, "generic") == Verified(Scheme.HEX)
    assert reason_at("generic", "x-hub-signature", f"md5={hexadecimal(BODY, 'md5')}") == "malformed"
    assert reason_at("generic", "x-hub-signature", f"{algorithm}={hexadecimal(b'', algorithm)}") == "mismatch"


@given(st.sampled_from(["instatus", "cachet", "rootly", "generic", ""]), st.text(max_size=200), st.binary(max_size=200))
def test_no_guess_at_any_header_is_believed_and_nothing_else_is_raised(platform: str, value: str, body: bytes) -> None:
    for seal in seals_of(platform):
        with pytest.raises(SignatureError):
            verify(body, {seal.header: value}, (TEXT,), NOW, platform)
