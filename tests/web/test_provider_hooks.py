"""Every platform that pushes: its path, its verbs, its signatures, and its bodies all the way into the state."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from statuswire.platforms import PLATFORMS
from statuswire.platforms.hook_paths import path_word
from statuswire.platforms.parsing import parse_hook
from statuswire.signing import SEALS, Scheme, Seal
from statuswire.store import queries
from statuswire.web.doors import Doors, SecretAddresses
from statuswire.web.trust import Door, HookSettings
from tests.platforms import golden
from tests.web.parts import JSON, Site

NEW, OLD, WRONG = "the-new-secret", "the-old-secret", "somebody-elses"
BODY = '{"page": {"id": "p1"}, "note": "Störung / é"}'.encode()
SENDERS = tuple(name for name, platform in PLATFORMS.items() if platform.parse_hook is not None)
SEALED = tuple((name, seal) for name in SENDERS for seal in SEALS.get(name, ()))
HOOKS = [case for case in golden.cases() if case.arrival.get("kind") == "hook" and case.platform in SENDERS]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def public(platform: str, *secrets: str) -> Site:
    """Beyond loopback, with secrets for this platform alone."""
    return Site(HookSettings(secrets={path_word(platform): secrets}, is_loopback=False))


def value(seal: Seal, body: bytes, secret: str, at_s: int) -> str:
    """What the sender puts into its header."""
    if seal.scheme is Scheme.STAMPED:
        return f"t={at_s},v1={digits(f'{at_s}'.encode() + body, secret)}"
    return digits(body, secret)


def digits(content: bytes, secret: str, algorithm: str = "sha256") -> str:
    return hmac.new(secret.encode(), content, getattr(hashlib, algorithm)).hexdigest()


def post(site: Site, platform: str, seal: Seal | None, secret: str = NEW, late_s: int = 0) -> tuple[int, str]:
    at_s = int(site.clock.now().timestamp()) - late_s
    headers = JSON | ({seal.header: value(seal, BODY, secret, at_s)} if seal is not None else {})
    try:
        reply = site.post(f"/webhook/{path_word(platform)}", BODY, headers)
        return reply.status, str(reply.json.get("code", ""))
    finally:
        site.store.close()


# --- paths -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "platform"),
    [
        ("better-stack", "betterstack"),
        ("betterstack", "betterstack"),
        ("Better_Stack", "betterstack"),
        ("status-io", "statusio"),
        ("status.io", "statusio"),
        ("uptime-kuma", "uptimekuma"),
        ("incident-io", "incidentio"),
        ("instatus", "instatus"),
        ("openstatus", "openstatus"),
        ("cachet", "cachet"),
        ("rootly", "rootly"),
    ],
)
def test_a_platform_has_one_path_however_it_is_spelt(spelling: str, platform: str) -> None:
    door = Doors(PLATFORMS, SecretAddresses(b"s" * 32)).find(f"/webhook/{spelling}")

    assert isinstance(door, Door)
    assert (door.platform, door.source) == (platform, path_word(platform))


def test_hund_may_send_by_put_as_its_subscribers_choose() -> None:
    doors = Doors(["hund", "statuspage"], SecretAddresses(b"s" * 32))
    hund, statuspage = doors.find("/webhook/hund"), doors.find("/webhook/statuspage")

    assert isinstance(hund, Door) and isinstance(statuspage, Door)
    assert (hund.methods, statuspage.methods) == (("POST", "PUT"), ("POST",))


def test_a_secret_address_takes_put_too(site: Site) -> None:
    path = f"/hooks/{site.addresses.token('acme')}"
    reply = site.run(lambda: site.request("PUT", path, b'{"incident": {}}', JSON))

    assert reply.status == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_other_methods_at_a_secret_address_are_405(site: Site, method: str) -> None:
    for path in ("/hooks/abc", f"/hooks/{site.addresses.token('acme')}"):
        reply = site.get(path, method)
        assert (reply.status, reply.headers["allow"]) == (405, "POST, PUT")


# --- signatures --------------------------------------------------------------------------------------------------


def test_every_sender_that_signs_is_in_the_table() -> None:
    assert {"instatus", "cachet", "rootly"} <= {name for name, _ in SEALED}


@pytest.mark.parametrize(("platform", "seal"), SEALED)
@pytest.mark.parametrize("secret", [NEW, OLD])
def test_a_body_signed_as_the_platform_does_is_believed_by_either_secret(
    platform: str, seal: Seal, secret: str
) -> None:
    assert post(public(platform, NEW, OLD), platform, seal, secret) == (202, "")


@pytest.mark.parametrize(("platform", "seal"), SEALED)
def test_a_wrong_secret_or_none_is_401(platform: str, seal: Seal) -> None:
    assert post(public(platform, NEW), platform, seal, WRONG) == (401, "bad_signature")
    assert post(public(platform, NEW), platform, None) == (401, "missing_signature")
    assert post(public("statuspage", NEW), platform, seal) == (401, "untrusted")


@pytest.mark.parametrize("late_s", [301, -301, 86_400])
def test_a_stamped_signature_expires(late_s: int) -> None:
    (seal,) = SEALS["rootly"]

    assert post(public("rootly", NEW), "rootly", seal, late_s=late_s) == (401, "expired_signature")


@pytest.mark.parametrize("header", ["instatus", "cachet", "rootly"])
def test_the_header_of_one_platform_counts_for_nothing_at_another(header: str) -> None:
    (seal,) = SEALS[header]

    assert post(public("statuspage", NEW), "statuspage", seal) == (401, "missing_signature")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_websub_names_its_algorithm(algorithm: str) -> None:
    site = Site(HookSettings(secrets={"generic": (NEW,)}, is_loopback=False))
    reply = site.post(
        "/webhook/generic/acme", BODY, JSON | {"x-hub-signature": f"{algorithm}={digits(BODY, NEW, algorithm)}"}
    )
    site.store.close()

    assert reply.status == 202


@pytest.mark.parametrize(("platform", "seal"), SEALED)
def test_the_generic_path_takes_every_signature(platform: str, seal: Seal) -> None:
    site = Site(HookSettings(secrets={"generic/acme": (NEW,)}, is_loopback=False))
    at_s = int(site.clock.now().timestamp())
    reply = site.post("/webhook/generic/acme", BODY, JSON | {seal.header: value(seal, BODY, NEW, at_s)})
    site.store.close()

    assert reply.status == 202


def watch(site: Site, platform: str) -> None:
    """The page behind the secret address `acme`, watched before its provider pushes."""
    site.store.write(
        lambda tx: queries.upsert_page(
            tx,
            slug="acme",
            name="Acme",
            url="https://status.acme.example",
            platform=platform,
            origin="config",
            provider_id=None,
            time_zone=None,
            allow_private=False,
        )
    )


# --- bodies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", HOOKS, ids=lambda case: str(case.name))
@pytest.mark.parametrize("address", ["/webhook/{}", "/hooks/token"])
def test_every_golden_hook_reaches_the_state(site: Site, case: golden.Case, address: str) -> None:
    document = golden.document_of(case)
    expected = parse_hook(document, case.platform)
    path = address.format(path_word(case.platform)).replace("token", site.addresses.token("acme"))
    watch(site, case.platform)

    reply = site.post(path, document.body, JSON | dict(document.headers))
    site.read_hooks()

    assert reply.status == 202, reply.body
    assert site.store.read(queries.hook_counts) == {"waiting": 0, "read": 1, "quarantined": 0}
    listed, _ = site.store.read(lambda tx: queries.incident_list(tx, limit=100))
    ids = {incident.id for _, incident in listed}
    assert {incident.id for incident in expected.incidents if incident.id} <= ids


@pytest.mark.parametrize("case", HOOKS, ids=lambda case: str(case.name))
def test_the_same_golden_hook_again_tells_nothing(site: Site, case: golden.Case) -> None:
    document = golden.document_of(case)
    path = f"/webhook/{path_word(case.platform)}"

    site.post(path, document.body, JSON | dict(document.headers))
    site.read_hooks()
    told = site.store.read(queries.last_event_id)
    site.post(path, document.body, JSON | dict(document.headers))
    site.read_hooks()

    assert site.store.read(queries.last_event_id) == told


def test_a_request_to_confirm_is_accepted_and_never_followed(site: Site) -> None:
    body = json.dumps({"type": "verification", "token": "t", "verifyUrl": "https://openstatus.dev/verify/t"}).encode()

    reply = site.post("/webhook/openstatus", body)
    site.read_hooks()

    assert reply.status == 202
    assert b"verify/t" not in reply.body
    assert site.store.read(queries.last_event_id) == 0
