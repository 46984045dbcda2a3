"""Which page what our own monitoring says is about, as the file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire import config
from statuswire.config import Config, layers
from statuswire.config.signals import SignalsConfig
from statuswire.errors import ConfigError


def read(text: str, **environ: str) -> Config:
    return config.validate(layers.parse(text, "f.yaml"), environ)


def test_usually_there_are_no_rules_and_no_address_of_all_pages() -> None:
    found = read("pages: [openai]").signals

    assert (found.shared, found.rules, found.sentry_secrets()) == (False, (), ())


def test_labels_may_be_written_as_yaml_has_them() -> None:
    (rule,) = read("signals: {rules: [{match: {shard: 7, prod: true}, page: acme}]}").signals.rules

    assert (rule.match, rule.component) == ({"shard": "7", "prod": "true"}, "")


def test_the_secrets_of_sentry_come_from_a_variable_or_a_file_and_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "sentry"
    file.write_text("canary-one\ncanary-two\n", encoding="utf-8")

    named = read("signals: {sentry_secret_env: SENTRY}", SENTRY="canary-one").signals
    in_file = read(f"signals: {{sentry_secret_file: {file}}}").signals

    assert (named.sentry_secrets(), in_file.sentry_secrets()) == (("canary-one",), ("canary-one", "canary-two"))
    assert "canary" not in repr(in_file) + str(in_file.model_dump())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{rules: [{page: acme}]}", "signals.rules[0].match"),
        ("{rules: [{match: {}, page: acme}]}", "signals.rules[0].match"),
        ("{rules: [{match: {a: b}}]}", "signals.rules[0].page"),
        ("{sentry_secret_env: NOWHERE}", "names the variable NOWHERE, which is not set"),
        ("{sentry_secret_env: A, sentry_secret_file: b}", "one of `sentry_secret_env` and `sentry_secret_file`"),
        ("{sentry_secret_env: MANY}", "must hold one to 3 secrets"),
        ("{pages: true}", "signals.pages"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(f"signals: {text}", MANY="a b c d", A="a")

    assert words in str(error.value)


def test_without_a_context_no_secret_is_read() -> None:
    assert SignalsConfig(sentry_secret_env="SENTRY").sentry_secrets() == ()
