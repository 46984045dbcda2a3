"""One file of each kind that is read, in the real shape, with invented content."""

from __future__ import annotations

SAMPLES: dict[str, str] = {
    "package.json": """{
  "name": "shop",
  "dependencies": {
    "stripe": "^17.0.0",
    "left-pad": "1.3.0"
  },
  "devDependencies": {"@sentry/node": "8"}
}
""",
    "package-lock.json": """{
  "name": "shop",
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"stripe": "^17.0.0"}},
    "node_modules/stripe": {"version": "17.0.0"},
    "node_modules/stripe/node_modules/@octokit/core": {"version": "5.0.0"}
  }
}
""",
    "yarn.lock": """# yarn lockfile v1


"@aws-sdk/client-s3@^3.0.0", "@aws-sdk/client-s3@^3.1.0":
  version "3.1.0"
  dependencies:
    tslib "^2.0.0"

twilio@^5.0.0:
  version "5.0.1"
""",
    "pnpm-lock.yaml": """lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@slack/web-api':
        specifier: ^7.0.0
        version: 7.0.0
    devDependencies:
      typescript:
        specifier: ^5.0.0

packages:

  '@slack/web-api@7.0.0':
    resolution: {integrity: sha512-x}

  resend@4.0.0:
    resolution: {integrity: sha512-y}
""",
    "bun.lock": """{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "shop",
      "dependencies": {
        "@clerk/nextjs": "^5.0.0",
      },
    },
  },
  "packages": {
    "@clerk/nextjs": ["@clerk/nextjs@5.0.0", "", { "dependencies": { "twilio": "^5" } }, "sha512-x,}"],

    "@clerk/nextjs/twilio": ["twilio@5.0.1", "", {}, "sha512-y"],
  }
}
""",
    "requirements.txt": """# comment
-r base.txt
--hash=sha256:abc
boto3==1.34.0 ; python_version > "3.8"
Sentry_SDK[flask]>=2  # errors
git+https://example.org/x.git
""",
    "pyproject.toml": """[project]
name = "shop"
dependencies = ["stripe>=10", "httpx"]

[project.optional-dependencies]
chat = ["slack_sdk~=3.0"]

[dependency-groups]
dev = ["datadog"]

[tool.poetry.group.ai.dependencies]
anthropic = "^0.40"
""",
    "poetry.lock": """[[package]]
name = "openai"
version = "1.50.0"

[[package]]
name = "idna"
version = "3.7"
""",
    "pdm.lock": '[metadata]\nlock_version = "4.5"\n\n[[package]]\nname = "cohere"\nversion = "5.0"\n',
    "pylock.toml": """lock-version = "1.0"
created-by = "pip"

[[packages]]
name = "slack-sdk"
version = "3.33.0"

[[packages.wheels]]
url = "https://files.example.org/slack_sdk-3.33.0-py2.py3-none-any.whl"
""",
    "uv.lock": """version = 1

[[package]]
name = "shop"
source = { editable = "." }
dependencies = [{ name = "twilio" }]

[[package]]
name = "twilio"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "boto3"
source = { registry = "https://pypi.org/simple" }
""",
    "Pipfile.lock": """{
  "_meta": {"hash": {"sha256": "x"}},
  "default": {"plaid-python": {"version": "==20.0.0"}},
  "develop": {"pytest": {}}
}
""",
    "Pipfile": '[packages]\nmailgun = "*"\n',
    "go.mod": """module example.com/shop

go 1.23

require (
\tgithub.com/stripe/stripe-go/v76 v76.1.0
\tgithub.com/getsentry/sentry-go v0.28.0 // indirect
)

require github.com/slack-go/slack v0.13.0
""",
    "go.sum": "github.com/twilio/twilio-go v1.20.0 h1:abc=\ngithub.com/twilio/twilio-go v1.20.0/go.mod h1:def=\n",
    "Cargo.toml": """[dependencies]
serde = "1"
async-stripe = { version = "0.39" }
logs = { package = "sentry", version = "0.34" }
""",
    "Cargo.lock": """version = 3

[[package]]
name = "shop"
version = "0.1.0"
dependencies = ["aws-sdk-s3", "serde"]

[[package]]
name = "aws-sdk-s3"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "octocrab"
version = "0.39.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
""",
    "composer.json": '{"require": {"php": ">=8.2", "stripe/stripe-php": "^15"}}\n',
    "composer.lock": '{"packages": [{"name": "twilio/sdk"}], "packages-dev": [{"name": "phpunit/phpunit"}]}\n',
    "Gemfile": 'source "https://rubygems.org"\ngem "rails"\ngem "sentry-ruby", "~> 5"\n',
    "Gemfile.lock": """GEM
  remote: https://rubygems.org/
  specs:
    aws-sdk-s3 (1.150.0)
      aws-sdk-core (~> 3)
    stripe (12.0.0)

DEPENDENCIES
  stripe (~> 12)
""",
    "main.tf": """terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 4.0"
    }
    other = { source = "tf.example.com/acme/thing" }
  }
}

provider "aws" {
  region = "eu-central-1"
}
""",
    "stack.tf.json": """{
  "terraform": {"required_providers": {
    "duty": {"source": "PagerDuty/pagerduty", "version": "~> 3"},
    "other": {"source": "tf.example.com/acme/thing"}
  }},
  "provider": [{"fastly": {"alias": "x"}}, {"other": {}}],
  "locals": {"url": "https://api.contentful.com/spaces"}
}
""",
    ".terraform.lock.hcl": 'provider "registry.terraform.io/datadog/datadog" {\n  version = "3.40.0"\n}\n',
    "Dockerfile": """ARG BASE=alpine
FROM --platform=linux/amd64 ghcr.io/acme/base:1 AS build
COPY --from=quay.io/acme/tool:2 /tool /tool
ENV STRIPE_API_VERSION=2024 OPENAI_API_KEY="a b"
ENV PORT=80 \\
    TWILIO_ACCOUNT_SID=x
RUN curl -fsSL https://api.fastly.com/install | sh
FROM ${BASE}
FROM build
COPY --from=build /app /app
""",
    "compose.yaml": """services:
  web:
    image: registry.gitlab.com/acme/web:3
    environment:
      - OPENAI_API_KEY=${OPENAI_API_KEY}
      - TWILIO_ACCOUNT_SID
  worker:
    image: "redis:7"
    environment:
      SENTRY_DSN: https://abc@o123.ingest.sentry.io/4
  job:
    environment: {TZ: UTC, "LAUNCHDARKLY_SDK_KEY": "x, STRIPE_CANARY: y"}
""",
    "deploy.yaml": """apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:{{ .Values.tag }}
        - name: side
          image: public.ecr.aws/acme/side:1
          env:
            - name: DATADOG_API_KEY
              valueFrom: {secretKeyRef: {name: dd, key: api}}
            - {name: MAILGUN_DOMAIN, value: mg.example.com}
""",
    "values.yaml": """image:
  registry: ghcr.io
  repository: quay.io/acme/web
sidecar:
  image: acme/side
  repository: acme/side
logo:
  image: /img/logo.png
  repository: https://git.example.com/x
""",
    "openapi.yaml": """openapi: 3.1.0
servers:
  - url: https://api.contentful.com/spaces
""",
    "swagger.yaml": """swagger: "2.0"
host: api.zoom.us
basePath: /v2
""",
    "egress.yaml": """kind: ServiceEntry
metadata:
  name: out.example.com
spec:
  hosts:
    - api.intercom.io  # support
    - "*.notion.com"
  ports: [{number: 443}]
---
kind: Service
spec:
  externalName: shop.abc123.eu-central-1.rds.amazonaws.com
""",
    "application.properties": "spring.mail.host=smtp.sendgrid.net:587\nspring.mail.user = api.key.shop\n",
    ".env": """# local
export STRIPE_SECRET_KEY=sk_test_CANARY1
NEXT_PUBLIC_POSTHOG_KEY='phc_CANARY2'
PRIVATE_KEY="-----BEGIN KEY-----
OPENAI_CANARY3=CANARY4
-----END KEY-----"
SENDGRID_API_KEY=SG.CANARY5
lower_case=CANARY6
""",
    "openapi.json": '{"openapi": "3.1.0", "servers": [{"url": "https://api.contentful.com/spaces"}]}\n',
    "app.py": """# See https://docs.stripe.com/api and https://www.notion.so/page and https://github.com/acme/shop/issues/3
URL = "https://api.stripe.com/v1/charges"
HOST = 'acme-corp.snowflakecomputing.com'
LOCAL = f"https://{name}.algolia.net/1"
""",
}
