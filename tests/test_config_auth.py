"""Who may come in, as the configuration says it."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import jsonschema
import pytest

from statuswire import config, wiring
from statuswire.cli.printing import config_json
from statuswire.config import layers
from statuswire.errors import ConfigError
from statuswire.model import AccountRole

CANARY = "canary-1f3a"
OIDC = "issuer: 'https://login.example.com/x', client_id: sw, default_role: viewer"


def settings(auth: str, **environ: str) -> config.Config:
    return config.validate(layers.parse(f"auth: {auth}", "test.yaml"), environ)


def complaint(auth: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(auth, **environ)
    return str(caught.value)


def test_without_a_word_it_depends_on_where_the_service_listens() -> None:
    access = wiring.access_of(settings("{}"))

    assert access.is_required is None
    assert (access.has_passwords, access.oidc, access.hosts, access.proxies) == (True, None, frozenset(), ())


def test_none_is_open_to_everybody() -> None:
    assert wiring.access_of(settings("none")).is_required is False
    assert "`auth` is `none` or a mapping; right: auth: {required: true}" in complaint("open")


def test_none_may_be_written_as_a_variable(tmp_path: Path) -> None:
    assert config.load(environ={"STATUSWIRE_AUTH": "none"}).auth.required is False
    assert config.load(environ={"STATUSWIRE_AUTH__REQUIRED": "true"}).auth.required is True
    assert config.load(environ={"STATUSWIRE_AUTH__HOSTS": "[a.example]"}).auth.hosts == ("a.example",)


def test_names_and_proxies_are_a_word_or_a_list() -> None:
    access = wiring.access_of(settings("{hosts: Status.Example.COM, proxies: [10.0.0.0/8, '::1']}"))

    assert access.hosts == {"status.example.com"}
    assert [ip_address(one) in net for one, net in zip(("10.1.2.3", "::1"), access.proxies, strict=True)] == [True] * 2


@pytest.mark.parametrize(
    ("auth", "sentence"),
    [
        ("{hosts: 'https://x.example'}", "`auth.hosts[0]` is not the name of a host"),
        ("{hosts: ['x.example:80']}", "`auth.hosts[0]` is not the name of a host"),
        (
            "{proxies: [somewhere]}",
            "`auth.proxies[0]` is neither an address nor a network; right: 10.0.0.7 or 10.0.0.0/8",
        ),
        ("{sign_in: oidc}", "`auth` says `sign_in: oidc`, but has no `oidc.issuer`"),
        ("{sign_in: ldap}", "`auth.sign_in` must be 'both', 'password' or 'oidc'"),
        ("{oidc: {issuer: login}}", "`auth.oidc.issuer` is not the address of a provider"),
        ("{oidc: {issuer: 'https://x.example'}}", "`auth.oidc` needs a `client_id`"),
        ("{oidc: {client_id: sw}}", "`auth.oidc` has a `client_id`, but no `issuer`"),
        ("{oidc: {issuer: 'http://x.example', client_id: sw}}", "needs an issuer with https, or `allow_private: true`"),
        ("{oidc: {issuer: 'https://x.example', client_id: sw}}", "lets nobody in"),
        (f"{{oidc: {{{OIDC}, roles: {{a: admin}}}}}}", "has `roles`, but no `roles_claim`"),
        (f"{{oidc: {{{OIDC}, roles_claim: 'a b'}}}}", "`auth.oidc.roles_claim` is not the name of a claim"),
        (f"{{oidc: {{{OIDC}, roles_claim: g, roles: {{a: king}}}}}}", "`auth.oidc.roles.a` must be"),
        (f"{{oidc: {{{OIDC}, client_secret_env: NOT_SET}}}}", "names the variable NOT_SET, which is not set"),
        (f"{{oidc: {{{OIDC}, client_secret_file: /nothing}}}}", "names a file that cannot be read"),
        (f"{{oidc: {{{OIDC}, client_secret_file: /dev/null}}}}", "names a file that is empty"),
        (f"{{oidc: {{{OIDC}, client_secret: x, client_secret_env: Y}}}}", "may have one of `client_secret`"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_place(auth: str, sentence: str) -> None:
    assert sentence in complaint(auth)


@pytest.mark.parametrize("way", ["client_secret: canary-1f3a", "client_secret_env: SECRET", "client_secret_file: FILE"])
def test_U6_the_secret_comes_from_three_places_and_is_never_shown(tmp_path: Path, way: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{CANARY}\n", encoding="utf-8")

    loaded = settings(f"{{oidc: {{{OIDC}, {way.replace('FILE', str(file))}}}}}", SECRET=CANARY)

    oidc = wiring.oidc_of(loaded)
    assert oidc is not None
    assert (oidc.client_secret, oidc.default_role, oidc.scopes[0]) == (CANARY, AccountRole.VIEWER, "openid")
    shown = config_json(loaded) + repr(loaded) + str(loaded) + repr(oidc)
    assert CANARY not in shown.replace(str(file), "")


def test_the_schema_knows_the_word_and_the_mapping() -> None:
    schema = config.schema()

    for good in ("none", {"required": True}, {"oidc": {"issuer": "https://x.example"}}):
        jsonschema.validate({"auth": good}, schema)
    for bad in ("open", {"require": True}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"auth": bad}, schema)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("server: {host: 0.0.0.0}\nauth: none", "whoever reaches 0.0.0.0 may do everything, without signing in"),
        (f"auth: {{sign_in: password, oidc: {{{OIDC}}}}}", "the provider of `auth.oidc` is never asked"),
        ("auth: none", ""),
        ("server: {host: 0.0.0.0}", ""),
    ],
)
def test_what_is_allowed_and_probably_not_meant_is_remarked_upon(tmp_path: Path, text: str, remark: str) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text(text, encoding="utf-8")

    _, remarks = config.check(file, environ={}, now=datetime(2026, 5, 4, tzinfo=UTC))

    assert remark in "".join(remarks)
    assert bool(remarks) is bool(remark)


@pytest.mark.parametrize(("auth", "is_warned"), [("none", True), ("{required: false, hosts: [wire.internal]}", False)])
def test_who_lets_everybody_in_is_warned_of_foreign_names_until_the_own_are_said(
    tmp_path: Path, auth: str, is_warned: bool
) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text(f"server: {{host: 0.0.0.0}}\nauth: {auth}", encoding="utf-8")

    _, (remark,) = config.check(file, environ={}, now=datetime(2026, 5, 4, tzinfo=UTC))

    assert ("DNS rebinding" in remark) is is_warned
