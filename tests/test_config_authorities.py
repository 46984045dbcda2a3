"""`ca_file` of a page: read and checked with the configuration, and found again for the pages that are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme

from statuswire import config
from statuswire.catalog import resolve
from statuswire.config import layers
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

PAGE = "https://status.acme.example"
CERTIFICATE = trustme.CA().cert_pem.bytes().decode()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    file = tmp_path / "ca.pem"
    file.write_text(f"# Société Générale, root\n{CERTIFICATE}\nsome words\n{CERTIFICATE}", encoding="utf-8")
    return file


def settings(*pages: str) -> config.Config:
    return config.validate(layers.parse(f"pages: [{', '.join(f'{{{page}}}' for page in pages)}]", "test.yaml"), {})


def complaint(page: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(page)
    return str(caught.value)


def test_the_certificates_of_a_page_are_known_by_its_slug(bundle: Path) -> None:
    loaded = settings(f"url: '{PAGE}', slug: acme, ca_file: {bundle}", "url: 'https://other.example'")

    assert set(loaded.authorities()) == {"acme"}
    assert loaded.authorities()["acme"].count("BEGIN CERTIFICATE") == 2
    assert "words" not in loaded.authorities()["acme"]


def test_a_file_that_is_not_there_or_holds_no_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (tmp_path / "der.pem").write_bytes(b"\x30\x82\xff\xfe")
    begin = "test.yaml:1: `pages[0].ca_file` names a file"

    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}/none.pem").startswith(f"{begin} that cannot be read")
    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}").startswith(f"{begin} that cannot be read")
    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}/der.pem").startswith(f"{begin} that cannot be read")
    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}/empty.pem").startswith(f"{begin} that is empty")
    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}/key.pem").startswith(f"{begin} without certificates")
    assert complaint(f"url: '{PAGE}', ca_file: {tmp_path}/broken.pem").startswith(f"{begin} with a certificate that")


def test_a_page_without_tls_has_no_use_for_certificates(bundle: Path) -> None:
    assert "`ca_file`" in complaint(f"url: 'http://127.0.0.1:8080', allow_private: true, ca_file: {bundle}")


def test_verification_cannot_be_turned_off() -> None:
    assert "is not a setting" in complaint(f"url: '{PAGE}', verify: false")


def test_two_pages_of_one_host_may_trust_different_authorities(bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(trustme.CA().cert_pem.bytes().decode())

    loaded = settings(
        f"url: '{PAGE}/a', slug: a, ca_file: {bundle}",
        f"url: '{PAGE}/b', slug: b, ca_file: {other}",
        f"url: '{PAGE}/c', slug: c",
    )

    assert set(loaded.authorities()) == {"a", "b"}
    assert loaded.authorities()["a"] != loaded.authorities()["b"]


def test_a_look_at_an_address_of_a_configured_page_trusts_as_that_page_does(bundle: Path) -> None:
    loaded = settings(f"url: '{PAGE}', slug: acme, ca_file: {bundle}", f"url: '{PAGE}/open', slug: open")
    asked = [resolve(f"{PAGE}/sub"), resolve("https://elsewhere.example"), *loaded.targets]

    assert set(loaded.authorities(asked)) == {"acme", asked[0].slug}


def test_a_page_of_the_command_line_keeps_the_file_of_the_configured_one(bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text(f"pages: [{{slug: acme, url: '{PAGE}', ca_file: {bundle}}}]")

    loaded = config.load(environ={}, options=RunOptions(config=file, watch=("acme",)))

    assert set(loaded.authorities()) == {"acme"}
