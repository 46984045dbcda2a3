"""What may be configured of mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire import config
from statuswire.config import Config, layers
from statuswire.errors import ConfigError
from statuswire.mail.pages import is_mail_only


def read(text: str, **environ: str) -> Config:
    return config.validate(layers.parse(text, "test.yaml"), environ)


def test_mail_is_off_until_a_way_is_given() -> None:
    assert not read("pages: []").mail.is_on


@pytest.mark.parametrize(
    "way", ["smtp: {port: 0}", "lmtp: {port: 24}", "lmtp: {socket: /run/l.sock}", "maildir: /var/mail/x"]
)
def test_each_way_turns_it_on(way: str) -> None:
    assert read(f"mail: {{{way}}}").mail.is_on


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mail: {smtp: {host: 0.0.0.0, port: 25}}", "must be a loopback address"),
        ("mail: {lmtp: {socket: l.sock}}", "must be an absolute path"),
        ("mail: {domain: 'a b'}", "is not a domain"),
        ("mail: {imap: {host: imap.example.com, password_env: P}}", "needs a `user`"),
        ("mail: {imap: {host: imap.example.com, user: a}}", "needs one of `password_env` and `password_file`"),
        ("mail: {imap: {host: imap.example.com, user: a, password_env: NONE}}", "which is not set"),
        ("mail: {imap: {host: imap.example.com, user: a, password_env: P, tls: false}}", "needs `tls: true`"),
        ("mail: {imap: {folders: {}}}", "needs names of folders"),
        (
            "mail: {imap: {host: imap.example.com, user: a, password_env: P, ca_file: /nowhere.pem}}",
            "`mail.imap.ca_file` names a file that cannot be read",
        ),
        ("mail: {pop3: {}}", "is not a setting"),
    ],
)
def test_what_cannot_work_is_refused_with_what_would(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        read(text, P="secret word")

    assert "secret word" not in str(caught.value)


def test_the_password_comes_from_a_variable_or_a_file_and_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("from file\n")
    imap = "mail: {imap: {host: imap.example.com, user: a, "

    by_variable = read(f"{imap}password_env: P}}}}", P="from variable")
    by_file = read(f"{imap}password_file: {tmp_path / 'p'}}}}}")

    assert by_variable.mail.imap.password() == "from variable"
    assert by_file.mail.imap.password() == "from file"
    assert "from variable" not in repr(by_variable)


def test_a_page_that_only_mails_is_one_of_the_platform_email() -> None:
    loaded = read("pages: [{name: Acme, url: 'https://a.example', platform: email}, {url: 'https://b.example'}]")

    assert [is_mail_only(target) for target in loaded.targets] == [True, False]


def test_a_secret_address_has_mailbox_token_and_domain() -> None:
    assert read("mail: {domain: Ops.Example, mailbox: ops}").mail.address("abc") == "ops+abc@ops.example"
