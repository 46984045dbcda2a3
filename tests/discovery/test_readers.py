"""What each kind of file names, line by line."""

from __future__ import annotations

import json

import pytest

from statuswire.discovery import kinds
from statuswire.discovery.matching import Findings, line_of, of_file
from statuswire.discovery.seen import Seen
from statuswire.errors import ConfigError
from tests.discovery.samples import SAMPLES


def seen(file: str, text: str | None = None) -> list[Seen]:
    way = kinds.way_of(file)
    assert way is not None
    return list(way.read(SAMPLES[file] if text is None else text))


def found(file: str, text: str | None = None) -> set[tuple[str, str, int, str]]:
    """(slug, name, line, how sure) of all evidence in one file."""
    body = SAMPLES[file] if text is None else text
    findings = Findings()
    of_file(findings, file, body, seen(file, body))
    return {
        (one.slug, known.name, known.line, known.sureness.name.lower())
        for one in findings.ranked()
        for known in one.evidence
    }


EXPECTED: dict[str, set[tuple[str, str, int, str]]] = {
    "package.json": {("stripe", "stripe", 4, "strong"), ("sentry", "@sentry/node", 7, "strong")},
    "package-lock.json": {("stripe", "stripe", 6, "strong"), ("github", "@octokit/core", 7, "fair")},
    "yarn.lock": {("aws", "@aws-sdk/client-s3", 4, "strong"), ("twilio", "twilio", 9, "strong")},
    "pnpm-lock.yaml": {("slack", "@slack/web-api", 7, "strong"), ("resend", "resend", 19, "fair")},
    "bun.lock": {("clerk", "@clerk/nextjs", 12, "strong"), ("twilio", "twilio", 14, "fair")},
    "requirements.txt": {("aws", "boto3", 4, "strong"), ("sentry", "sentry-sdk", 5, "strong")},
    "pyproject.toml": {
        ("stripe", "stripe", 3, "strong"),
        ("slack", "slack-sdk", 6, "strong"),
        ("datadog", "datadog", 9, "strong"),
        ("claude", "anthropic", 12, "strong"),
    },
    "poetry.lock": {("openai", "openai", 2, "strong")},
    "pdm.lock": {("cohere", "cohere", 5, "strong")},
    "pylock.toml": {("slack", "slack-sdk", 5, "strong")},
    "uv.lock": {("twilio", "twilio", 9, "strong"), ("aws", "boto3", 13, "fair")},
    "Pipfile.lock": {("plaid", "plaid-python", 3, "strong")},
    "Pipfile": {("mailgun", "mailgun", 2, "strong")},
    "go.mod": {
        ("stripe", "github.com/stripe/stripe-go/v76", 6, "strong"),
        ("sentry", "github.com/getsentry/sentry-go", 7, "fair"),
        ("slack", "github.com/slack-go/slack", 10, "strong"),
    },
    "go.sum": {("twilio", "github.com/twilio/twilio-go", 1, "fair")},
    "Cargo.toml": {("stripe", "async-stripe", 3, "strong"), ("sentry", "sentry", 4, "strong")},
    "Cargo.lock": {("aws", "aws-sdk-s3", 9, "strong"), ("github", "octocrab", 14, "fair")},
    "composer.json": {("stripe", "stripe/stripe-php", 1, "strong")},
    "composer.lock": {("twilio", "twilio/sdk", 1, "strong")},
    "Gemfile": {("sentry", "sentry-ruby", 3, "strong")},
    "Gemfile.lock": {("aws", "aws-sdk-s3", 4, "fair"), ("stripe", "stripe", 6, "strong")},
    "main.tf": {("cloudflare", "cloudflare/cloudflare", 4, "strong"), ("aws", "aws", 11, "strong")},
    "stack.tf.json": {
        ("pagerduty", "pagerduty/pagerduty", 3, "strong"),
        ("fastly", "fastly", 6, "strong"),
        ("contentful", "api.contentful.com", 7, "fair"),
    },
    ".terraform.lock.hcl": {("datadog", "datadog/datadog", 1, "strong")},
    "Dockerfile": {
        ("github", "ghcr.io", 2, "fair"),
        ("quay-io", "quay.io", 3, "fair"),
        ("stripe", "STRIPE_API_VERSION", 4, "weak"),
        ("openai", "OPENAI_API_KEY", 4, "weak"),
        ("twilio", "TWILIO_ACCOUNT_SID", 6, "weak"),
        ("fastly", "api.fastly.com", 7, "fair"),
    },
    "compose.yaml": {
        ("gitlab", "registry.gitlab.com", 3, "fair"),
        ("openai", "OPENAI_API_KEY", 5, "weak"),
        ("twilio", "TWILIO_ACCOUNT_SID", 6, "weak"),
        ("docker", "docker.io", 8, "fair"),
        ("sentry", "SENTRY_DSN", 10, "weak"),
        ("sentry", "*.sentry.io", 10, "fair"),
        ("launchdarkly", "LAUNCHDARKLY_SDK_KEY", 12, "weak"),
    },
    "deploy.yaml": {
        ("aws", "*.amazonaws.com", 8, "fair"),
        ("aws", "public.ecr.aws", 10, "fair"),
        ("datadog", "DATADOG_API_KEY", 12, "weak"),
        ("mailgun", "MAILGUN_DOMAIN", 14, "weak"),
    },
    "values.yaml": {
        ("github", "ghcr.io", 2, "fair"),
        ("quay-io", "quay.io", 3, "fair"),
        ("docker", "docker.io", 5, "fair"),
    },
    "openapi.yaml": {("contentful", "api.contentful.com", 3, "fair")},
    "swagger.yaml": {("zoom", "api.zoom.us", 2, "fair")},
    "egress.yaml": {
        ("intercom", "api.intercom.io", 6, "fair"),
        ("notion", "*.notion.com", 7, "fair"),
        ("aws", "*.amazonaws.com", 12, "fair"),
    },
    "application.properties": {("sendgrid", "smtp.sendgrid.net", 1, "fair")},
    ".env": {
        ("stripe", "STRIPE_SECRET_KEY", 2, "weak"),
        ("posthog", "NEXT_PUBLIC_POSTHOG_KEY", 3, "weak"),
        ("sendgrid", "SENDGRID_API_KEY", 7, "weak"),
    },
    "openapi.json": {("contentful", "api.contentful.com", 1, "fair")},
    "app.py": {
        ("stripe", "api.stripe.com", 2, "fair"),
        ("snowflake", "*.snowflakecomputing.com", 3, "fair"),
        ("algolia", "*.algolia.net", 4, "fair"),
    },
}


@pytest.mark.parametrize("file", SAMPLES)
def test_a_file_names_what_it_depends_on_with_the_line(file: str) -> None:
    assert found(file) == EXPECTED[file]


@pytest.mark.parametrize(
    "file",
    ["package.json", "package-lock.json", "pyproject.toml", "poetry.lock", "uv.lock", "Cargo.lock", "composer.lock"],
)
def test_a_malformed_file_is_refused_without_a_word_of_what_it_says(file: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        seen(file, SAMPLES[file][:-3] + "CANARY = = CANARY")

    assert "CANARY" not in str(refusal.value)


@pytest.mark.parametrize("file", ["pnpm-lock.yaml", "Gemfile.lock"])
def test_a_lock_file_read_by_lines_is_refused_where_it_is_none(file: str) -> None:
    with pytest.raises(ConfigError):
        seen(file, "something: else\n")


@pytest.mark.parametrize("text", ["[]", "7", '"x"', '{"packages": []}', '{"packages": {"node_modules/": 1}}'])
def test_json_of_another_shape_names_nothing_or_is_refused(text: str) -> None:
    try:
        assert seen("package-lock.json", text) == []
    except ConfigError as refusal:
        assert "is not a JSON object" in str(refusal)


def test_links_for_people_are_no_evidence() -> None:
    text = (
        '"https://developers.cloudflare.com/x" https://stripe.com/docs https://blog.cloudflare.com/ https://x.com/acme'
    )

    assert found("app.py", text) == set()


def test_only_the_vendor_s_part_of_a_host_is_shown() -> None:
    assert found("app.py", "https://SECRETTENANT.okta.com/oauth2") == {("okta", "*.okta.com", 1, "fair")}


@pytest.mark.parametrize(
    "start",
    ["{tenant}", "${tenant}", "#{tenant}", "$TENANT", "%s", "<tenant>", "{{ .Values.tenant }}", "${var.tenant}"],
)
def test_a_host_whose_beginning_is_filled_in_later_is_one(start: str) -> None:
    assert found("app.py", f'"https://{start}.okta.com/oauth2"') == {("okta", "*.okta.com", 1, "fair")}


def test_a_chain_of_names_in_source_is_no_host() -> None:
    assert found("app.py", "client = settings.api.stripe.com\n") == set()


def test_a_host_whose_end_is_filled_in_later_is_none() -> None:
    assert (
        found("app.py", '"https://api.okta.com${suffix}/x" "https://{host}/okta.com" "https://x{tenant}okta.com"')
        == set()
    )


def test_a_block_of_text_in_yaml_gives_no_names_of_variables() -> None:
    text = "data:\n  key: |\n    OPENAI_CANARY: x\n    STRIPE_CANARY=y\n  TWILIO_SID: z\n"

    assert found("deploy.yaml", text) == {("twilio", "TWILIO_SID", 5, "weak")}


@pytest.mark.parametrize(
    "text",
    [
        'A="\nOPENAI_CANARY=1\n"\n',
        "A='\nOPENAI_CANARY=1\n'\n",
        "A=`\nOPENAI_CANARY=1\n`\n",
        'A="x\\"\nOPENAI_CANARY=1\n"\n',
        'A="never closed\nOPENAI_CANARY=1\n',
    ],
)
def test_a_value_of_several_lines_in_an_env_file_gives_no_names(text: str) -> None:
    assert found(".env", text) == set()


@pytest.mark.parametrize(
    ("path", "is_read"),
    [
        ("a/b/Dockerfile.prod", True),
        ("requirements/dev.txt", True),
        ("notes.txt", False),
        ("deploy/.env.production", True),
        ("locales/de.json", False),
        ("src/Main.java", True),
        ("logo.png", False),
        ("pylock.dev.toml", True),
        ("gems.locked", True),
        ("cdktf.out/stacks/shop/cdk.tf.json", True),
    ],
)
def test_files_are_told_by_their_names(path: str, is_read: bool) -> None:
    assert (kinds.way_of(path) is not None) is is_read


def test_a_module_of_terraform_names_the_provider_that_it_is_for() -> None:
    text = (
        'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\nmodule "own" {\n  source = "./aws/own/aws"\n}\n'
    )

    assert found("main.tf", text) == {("aws", "aws", 2, "strong")}


def test_an_image_that_kustomize_puts_in_place_of_another_is_seen() -> None:
    text = "images:\n  - name: web\n    newName: quay.io/acme/web\n"

    assert found("deploy.yaml", text) == {("quay-io", "quay.io", 3, "fair")}


def test_a_mark_that_is_not_there_has_no_line() -> None:
    assert line_of("a\nb", "c") == 0
    assert line_of("a\nb", "") == 0


def test_what_a_workspace_asks_for_is_direct() -> None:
    packages = {"packages/web": {"dependencies": {"stripe": "1"}}, "node_modules/stripe": {}, "node_modules/ably": {}}
    text = json.dumps({"packages": {"": {}, **packages}}, indent=1)

    assert {(slug, sure) for slug, _, _, sure in found("package-lock.json", text)} == {
        ("stripe", "strong"),
        ("ably", "fair"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "lockfileVersion: 5.4\nspecifiers:\n  stripe: 1\ndependencies:\n  stripe: 1.0.0\n"
        "packages:\n\n  /@slack/bolt/3.0.0:\n    x: y\n",
        "lockfileVersion: '6.0'\ndependencies:\n  stripe:\n    specifier: ^1\n"
        "packages:\n\n  /@slack/bolt@3.0.0:\n    x: y\n",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      stripe:\n        specifier: ^1\n"
        "packages:\n\n  '@slack/bolt@3.0.0':\n    x: y\nsnapshots:\n  '@slack/bolt@3.0.0': {}\n",
    ],
)
def test_every_version_of_pnpm_s_lock_is_read(text: str) -> None:
    assert {(slug, sure) for slug, _, _, sure in found("pnpm-lock.yaml", text)} == {
        ("stripe", "strong"),
        ("slack", "fair"),
    }


def test_the_lock_of_yarn_berry_is_read() -> None:
    text = '__metadata:\n  version: 8\n\n"@slack/bolt@npm:^3.0.0, @slack/bolt@npm:^3.1.0":\n  version: 3.1.0\n'

    assert found("yarn.lock", text) == {("slack", "@slack/bolt", 4, "strong")}


def test_the_first_lock_of_npm_is_read() -> None:
    text = '{"lockfileVersion": 1, "dependencies": {"stripe": {"version": "1.0.0"}}}'

    assert found("package-lock.json", text) == {("stripe", "stripe", 1, "strong")}
