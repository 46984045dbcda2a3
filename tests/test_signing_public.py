"""Standard Webhooks `v1a`: bodies signed by a private key of which we have the public one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from statuswire.errors import SignatureError
from statuswire.signing import Scheme, Verified, check_secret, sign, sign_hex, verify

AT = datetime.fromtimestamp(1_777_888_800, UTC)
BODY = b'{"event":"test"}'
SHARED = "whsec_c2hhcmVkLXNlY3JldC1vZi1ib3RoLXNpZGVz"

KEY = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
SIGNED = "v1a,6gu3Q3w3TbMyb+1pxSUky7KN2ppHUghIaa5Gg/9oVq9b04n/Lk5R/XZPrdJjq2C+ENsFn7vaJUVz5De4JeIJCw=="
"""Made with OpenSSL from the private key of the bytes 0 to 31, over `msg_1.1777888800.` and the body."""

NEXT_KEY = "whpk_Kay64UG8yvCyLhqU000LxzYeUm0L/hLIl5S8kyKWbdc="
SIGNED_NEXT = "v1a,NPH2L/S77ApyW1fizUY1v8llOlS1LJ/wWKsvYnTWu853tj2S5m89rPoKvsFz5Gti+Enmx8V/mQ2hv4NLHB2GAQ=="
"""The same from the bytes 32 to 63."""


def headers(*signatures: str, family: str = "webhook") -> dict[str, str]:
    values = {"id": "msg_1", "timestamp": "1777888800", "signature": " ".join(signatures)}
    return {f"{family}-{part}": value for part, value in values.items()}


def reason_of(sent: dict[str, str], *secrets: str, body: bytes = BODY, now: datetime = AT) -> str:
    with pytest.raises(SignatureError) as caught:
        verify(body, sent, secrets, now)
    return str(caught.value.reason)


@pytest.mark.parametrize("family", ["webhook", "svix"])
def test_a_body_signed_by_the_private_key_is_believed(family: str) -> None:
    assert verify(BODY, headers(SIGNED, family=family), (KEY,), AT) == Verified(Scheme.STANDARD, "msg_1")
    assert verify(BODY, headers(SIGNED.rstrip("=")), (KEY.rstrip("="),), AT).message_id == "msg_1"


def test_another_body_id_time_or_key_is_a_mismatch() -> None:
    assert reason_of(headers(SIGNED), KEY, body=BODY + b" ") == "mismatch"
    assert reason_of(headers(SIGNED) | {"webhook-id": "msg_2"}, KEY) == "mismatch"
    assert reason_of(headers(SIGNED) | {"webhook-timestamp": "1777888801"}, KEY) == "mismatch"
    assert reason_of(headers(SIGNED), NEXT_KEY) == "mismatch"
    assert reason_of(headers(SIGNED.replace("v1a,", "v1,")), KEY) == "mismatch"
    assert reason_of(headers(SIGNED), KEY, now=AT + timedelta(seconds=301)) == "expired"


def test_keys_are_changed_by_having_both_for_a_while_on_either_side() -> None:
    assert verify(BODY, headers(SIGNED_NEXT), (NEXT_KEY, KEY), AT).message_id == "msg_1"
    assert verify(BODY, headers(SIGNED), (NEXT_KEY, KEY), AT).message_id == "msg_1"
    assert verify(BODY, headers(SIGNED, SIGNED_NEXT), (NEXT_KEY,), AT).message_id == "msg_1"


def test_a_sender_may_go_over_from_a_shared_secret_to_a_key_pair() -> None:
    shared = sign(BODY, SHARED, "msg_1", AT)

    assert verify(BODY, shared, (KEY, SHARED), AT).message_id == "msg_1"
    assert verify(BODY, headers(SIGNED), (KEY, SHARED), AT).message_id == "msg_1"
    assert verify(BODY, headers("v1,AAAA", SIGNED), (KEY, SHARED), AT).message_id == "msg_1"


def test_who_knows_the_public_key_alone_cannot_sign() -> None:
    """Everybody knows it: it must not count as a shared secret in any of the other schemes."""
    forged = sign(BODY, KEY.replace("whpk_", "whsec_"), "msg_1", AT)

    assert reason_of(forged, KEY) == "mismatch"
    assert reason_of({"x-signature": sign_hex(BODY, KEY)}, KEY) == "mismatch"
    assert reason_of({"x-signature": sign_hex(BODY, KEY.removeprefix("whpk_"))}, KEY) == "mismatch"


@pytest.mark.parametrize(
    "broken", ["v1a", "v1a,", "v1a,AAAA", "v1a,***", "v1a,é", "v1a," + "A" * 86, "v1a," + "A" * 88]
)
def test_what_is_no_signature_is_a_mismatch_and_raises_nothing_else(broken: str) -> None:
    assert reason_of(headers(broken), KEY) == "mismatch"


def test_an_eleventh_signature_and_a_fourth_key_are_not_looked_at() -> None:
    assert reason_of(headers(*["v1a,AAAA"] * 10, SIGNED), KEY) == "mismatch"
    assert reason_of(headers(SIGNED), NEXT_KEY, NEXT_KEY, NEXT_KEY, KEY) == "mismatch"


@pytest.mark.parametrize("secret", ["whpk_", "whpk_AAAA", "whpk_***", "whsk_" + "A" * 86 + "==", KEY[:-4]])
def test_a_key_that_could_never_verify_is_refused_when_it_is_configured(secret: str) -> None:
    with pytest.raises(SignatureError):
        check_secret(secret)


def test_a_public_key_is_a_good_secret() -> None:
    check_secret(KEY)


def test_the_library_of_public_keys_costs_nothing_where_there_is_none() -> None:
    """It takes 8 MB, a tenth of what the whole service may."""
    program = (
        "import sys; from statuswire import signing; signing.check_secret(sys.argv[1]);"
        "print('cryptography.hazmat.primitives.asymmetric.ed25519' in sys.modules)"
    )

    def is_loaded(secret: str) -> str:
        command = [sys.executable, "-c", program, secret]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert (is_loaded(SHARED), is_loaded(KEY)) == ("False", "True")
