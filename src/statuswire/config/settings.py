"""Every setting, documented: its attribute docstring is its text in the published schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta, tzinfo
from typing import Any, Literal, Self

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema

from statuswire.catalog import Target, find, resolve
from statuswire.channels import CHANNELS
from statuswire.config import words
from statuswire.config.access import PageAccess, clashes, same_origin
from statuswire.config.auth import AuthConfig
from statuswire.config.base import Settings as _Settings
from statuswire.config.channels import NAME, NO_NAME
from statuswire.config.contracts import ContractConfig, contracts_of
from statuswire.config.hooks import HookConfig
from statuswire.config.layers import KeyPath
from statuswire.config.lists import Words
from statuswire.config.mail import MailConfig
from statuswire.config.metrics import MetricsConfig
from statuswire.config.redis import RedisConfig
from statuswire.config.retention import RetentionConfig
from statuswire.config.roles import ALL_ROLES, Roles
from statuswire.config.signals import SignalsConfig
from statuswire.config.telling import TellingConfig
from statuswire.config.types import Duration, known_zone, spell_duration, zone
from statuswire.errors import ConfigError
from statuswire.model import Contract
from statuswire.platforms import PLATFORMS

DEFAULT_PAGES = ("openai", "github")


class SchemaWriter(GenerateJsonSchema):
    """Writes lengths of time as the file has them: `60s`."""

    def encode_default(self, dft: Any) -> Any:
        return spell_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


class ServerConfig(_Settings):
    """Where the service listens."""

    host: str = Field(default="127.0.0.1", min_length=1, examples=["127.0.0.1"])
    """Address to listen on. Beyond loopback, unsigned hooks are refused unless `hooks.allow_unsigned` is set."""

    port: int = Field(default=8000, ge=0, le=65_535, examples=[8000])
    """TCP port for hooks, health and everything else; 0 takes a free one."""


class PollConfig(_Settings):
    """How often pages are read, and how politely."""

    interval: Duration = Field(
        default=timedelta(seconds=60), ge=timedelta(seconds=1), le=timedelta(days=1), examples=["60s"]
    )
    """Time between two reads of a feed while nothing is wrong. Providers' own wishes lengthen it."""

    while_open: Duration = Field(
        default=timedelta(seconds=20), ge=timedelta(seconds=1), le=timedelta(days=1), examples=["20s"]
    )
    """Time between two reads while an incident is open on the page."""

    per_host: int = Field(default=2, ge=1, le=16, examples=[2])
    """Connections at the same time to one host."""

    user_agent_contact: str = Field(default="", max_length=200, examples=["ops@example.com"])
    """An e-mail or web address for providers to reach you; it is sent in the `User-Agent` header."""

    @field_validator("user_agent_contact")
    @classmethod
    def _fits_a_header(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("may hold printable ASCII only, because it is sent in a header")
        return value.strip()


class PageConfig(PageAccess):
    """One page to watch: a slug of the catalog, or an address with what is to be said of it."""

    slug: str = Field(default="", pattern=r"^[a-z0-9][a-z0-9-]*$|^$", max_length=80, examples=["payments"])
    """Name in addresses, routes and events: a slug of the catalog, or your own for an address."""

    name: str = Field(default="", max_length=200, examples=["Payments"])
    """Name to show; otherwise the catalog's or the provider's own."""

    url: str = Field(default="", examples=["https://status.example.com"])
    """Address of the status page."""

    feed: str = Field(default="", examples=["https://status.example.com/history.rss"])
    """Address of one feed or document to read instead of what the platform offers."""

    platform: str = Field(default="", examples=["statuspage"])
    """What serves the page, where recognising it by content is not wanted."""

    components: tuple[str, ...] = Field(default=(), examples=[["API", "Checkout/*"]])
    """Components that matter: names or `Group/Name`, with `*`; all of them when empty."""

    tags: Words = Field(default=(), examples=[["critical-path"]])
    """Words of your own, by which routes and silences may mean several pages."""

    time_zone: str = Field(default="", examples=["Europe/Berlin"])
    """Zone of the page's times that carry none (IANA name); UTC otherwise, or what the page itself says."""

    allow_private: bool = Field(default=False, examples=[True])
    """Whether this page may be on a loopback or private address."""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: object) -> object:
        """A bare slug or address stands for a page with nothing else to say."""
        if not isinstance(value, str):
            return value
        target = _resolve(value)
        if target.is_named:
            return {"slug": target.slug, "feed": target.feed_url or ""}
        return {"feed": target.feed_url} if target.feed_url else {"url": target.url}

    @field_validator("platform")
    @classmethod
    def _is_known_platform(cls, value: str) -> str:
        if value and value not in PLATFORMS:
            raise ValueError(f"is not a platform; {words.choices(value, sorted(PLATFORMS))}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        return known_zone(value) if value else ""

    @model_validator(mode="after")
    def _names_a_page(self) -> Self:
        if not (self.slug or self.url or self.feed):
            raise ValueError("needs a `url`, a `feed` or a `slug` of the catalog")
        page_url = self.target().url
        in_clear = [origin for origin in self.origins(page_url) if self.is_private and origin.startswith("http:")]
        if in_clear and not self.allow_private:
            raise ValueError(f"sends secrets to {in_clear[0]}; they need https, or `allow_private: true`")
        if self.ca_file and page_url.startswith("http:"):
            raise ValueError("has a `ca_file`, but its address is without TLS; right: https://...")
        return self

    def target(self) -> Target:
        """The page as it is to be watched, the catalog's knowledge filled in. Raises ValueError."""
        found = _resolve(self.url or self.feed or self.slug)
        slug = self.slug or _slugged(self.name) or found.slug
        feed = _resolve(self.feed).feed_url or self.feed if self.feed else found.feed_url
        return Target(
            slug=slug,
            name=self.name or found.name,
            url=found.url,
            platform=self.platform or found.platform,
            feed_url=feed,
            components=self.components,
            allow_private=self.allow_private,
            is_named=found.is_named or bool(self.name),
            time_zone=self.time_zone or None,
        )

    @property
    def category(self) -> str:
        """That of its row in the catalog; empty without one."""
        known = find(_resolve(self.url or self.feed or self.slug).slug)
        return known.category if known is not None else ""

    def sent(self) -> dict[str, dict[str, str]]:
        """Request headers with secrets in them, by the origins that they may go to; for the client only."""
        return self.sent_to(self.target().url)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Published as what a file may hold: a word or a mapping."""
        mapping = super().__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [{"type": "string", "description": "A slug or an address."}, mapping]}


class ConsoleConfig(_Settings):
    """What is printed on standard output."""

    format: str = Field(default="default", examples=["default"])
    """One of `default`, `provider`, `watcher`, `json`."""

    heartbeat: Duration = Field(
        default=timedelta(seconds=60), ge=timedelta(seconds=1), le=timedelta(days=1), examples=["60s"]
    )
    """Time between two heartbeat blocks of the watcher format."""

    tz: str = Field(default="UTC", examples=["Europe/Vienna"])
    """Time zone of the times shown (IANA name)."""

    @field_validator("format")
    @classmethod
    def _is_known_format(cls, value: str) -> str:
        formats = CHANNELS["console"].formats
        if value not in formats:
            raise ValueError(f"is not a console format; {words.choices(value, formats)}")
        return value

    @field_validator("tz")
    @classmethod
    def _is_known_zone(cls, value: str) -> str:
        return known_zone(value)


class LogConfig(_Settings):
    """What is logged, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", examples=["info"])
    """Least important level that is logged."""

    format: Literal["text", "json"] = Field(default="text", examples=["text"])
    """`text` is key=value lines, `json` one object a line."""


class Config(TellingConfig):
    """Settings of statuswire."""

    database: str = Field(default="sqlite:///./statuswire.db", examples=["sqlite:///statuswire.db"], repr=False)
    """Where everything is kept: `sqlite:///file.db`, or `postgresql://user:password@host:port/database` for several
    processes."""

    redis: RedisConfig = RedisConfig()
    """Redis or Valkey between replicas."""

    roles: Roles = Field(default_factory=lambda: ALL_ROLES, examples=[["hooks", "poll"]])
    """Which parts of the work this process does: `hooks`, `poll`, `deliver`, `web`; all of them where none is named."""

    server: ServerConfig = ServerConfig()
    """Where the service listens."""

    poll: PollConfig = PollConfig()
    """How often pages are read, and how politely."""

    pages: tuple[PageConfig, ...] = Field(
        default_factory=lambda: tuple(PageConfig(slug=slug) for slug in DEFAULT_PAGES),
        examples=[["openai", {"name": "Payments", "url": "https://status.example.com"}]],
    )
    """Pages to watch: slugs of the catalog, addresses, or mappings that say more."""

    hooks: HookConfig = HookConfig()
    """Which inbound webhooks are believed."""

    signals: SignalsConfig = SignalsConfig()
    """What your own monitoring may say, and of which page."""

    auth: AuthConfig = AuthConfig()
    """Who may come in."""

    metrics: MetricsConfig = MetricsConfig()
    """What metrics show by name."""

    mail: MailConfig = MailConfig()
    """Where mail is taken in, for pages that only mail."""

    contracts: dict[str, ContractConfig] = Field(
        default_factory=dict, examples=[{"payments": {"page": "payments", "objective": 99.9}}]
    )
    """What providers promised, by names of your own."""

    retention: RetentionConfig = RetentionConfig()
    """How long what was seen and told is kept."""

    console: ConsoleConfig = ConsoleConfig()
    """What is printed on standard output."""

    log: LogConfig = LogConfig()
    """What is logged, on standard error."""

    @field_validator("database")
    @classmethod
    def _is_known_engine(cls, value: str) -> str:
        if value != "sqlite://" and not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("must be `sqlite:///path` or `postgresql://user:password@host:port/database`")
        return value

    @field_validator("pages", mode="wrap")
    @classmethod
    def _have_slugs_of_their_own(cls, value: object, read: ValidatorFunctionWrapHandler) -> tuple[PageConfig, ...]:
        try:
            pages: tuple[PageConfig, ...] = read(value)
        except ValidationError as error:
            raise words.together(_double_slugs(_readable(value)), error) from error
        doubles = _double_slugs(enumerate(pages)) + clashes((index, page.sent()) for index, page in enumerate(pages))
        if doubles:
            raise words.together(doubles)
        return pages

    @field_validator("contracts")
    @classmethod
    def _have_names_of_their_own(cls, value: dict[str, ContractConfig]) -> dict[str, ContractConfig]:
        wrong: list[tuple[KeyPath, str]] = [((name,), NO_NAME) for name in value if not NAME.fullmatch(name)]
        if wrong:
            raise words.together(wrong)
        return value

    @property
    def promises(self) -> dict[str, Contract]:
        """The contracts, by name."""
        return contracts_of(self.contracts)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The pages with the catalog's knowledge filled in."""
        return tuple(page.target() for page in self.pages)

    def authorities(self, asked: Iterable[Target] = ()) -> dict[str, str]:
        """The certificates (PEM) of pages with a `ca_file`, by slug.

        Of `asked`, pages that are not configured have those of the first configured one at the same address.
        """
        own = {page.target().slug: page.certificates for page in self.pages}
        places = {target.slug: target.url for target in self.targets}
        for target in asked:
            if target.slug not in own:
                near = (own[slug] for slug, url in places.items() if own[slug] and same_origin(url, target.url))
                own[target.slug] = next(near, "")
        return {slug: certificates for slug, certificates in own.items() if certificates}

    def credentials(self) -> dict[str, dict[str, str]]:
        """Request headers that open private pages, by origin, with the secrets themselves; for the client only."""
        return {origin: headers for page in self.pages for origin, headers in page.sent().items()}

    def zones(self) -> dict[str, str]:
        """The zones of pages whose times carry none, by slug."""
        return {target.slug: target.time_zone for target in self.targets if target.time_zone}

    @property
    def zone(self) -> tzinfo:
        return zone(self.console.tz)


def _resolve(what: str) -> Target:
    """As `catalog.resolve`, with the error that pydantic turns into a complaint with a place."""
    try:
        return resolve(what)
    except ConfigError as error:
        raise ValueError(str(error)) from error


def _readable(value: object) -> Iterator[tuple[int, PageConfig]]:
    """Those of a list that are pages, with their positions; what is wrong with the others is told elsewhere."""
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        with suppress(ValidationError):
            yield index, PageConfig.model_validate(entry)


def _double_slugs(pages: Iterable[tuple[int, PageConfig]]) -> list[tuple[KeyPath, str]]:
    places: dict[str, int] = {}
    doubles: list[tuple[KeyPath, str]] = []
    for index, page in pages:
        slug = page.target().slug
        first = places.setdefault(slug, index)
        if first != index:
            doubles.append(((index,), f"has the slug `{slug}` of pages[{first}]; give one of them another `slug`"))
    return doubles


def _slugged(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
