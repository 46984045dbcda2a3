"""What an event names that other pages may stand on as well: a provider below them, or a place.

Words decide no level here or anywhere; they are evidence that stories belong together, and nothing more. A name counts
as a word of its own. Spellings that are also plain words count only as they are written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from statuswire.core.routing import touched
from statuswire.model import Clue, Event, EventComponent, Status, Where

PROVIDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS": (
        "AWS",
        "Amazon Web Services",
        "Amazon EC2",
        "Amazon S3",
        "Amazon RDS",
        "CloudFront",
        "DynamoDB",
        "Route 53",
    ),
    "Google Cloud": ("Google Cloud", "GCP", "Google Compute Engine", "BigQuery", "Vertex AI", "Firebase"),
    "Azure": ("Azure",),
    "Oracle Cloud": ("Oracle Cloud", "OCI"),
    "IBM Cloud": ("IBM Cloud", "SoftLayer"),
    "Alibaba Cloud": ("Alibaba Cloud", "Aliyun"),
    "DigitalOcean": ("DigitalOcean", "Digital Ocean"),
    "Hetzner": ("Hetzner",),
    "OVHcloud": ("OVHcloud", "OVH"),
    "Scaleway": ("Scaleway",),
    "Vultr": ("Vultr",),
    "Equinix": ("Equinix",),
    "Cloudflare": ("Cloudflare",),
    "Fastly": ("Fastly",),
    "Akamai": ("Akamai", "Linode"),
    "Heroku": ("Heroku",),
    "Vercel": ("Vercel",),
    "Netlify": ("Netlify",),
    "Fly.io": ("Fly.io",),
    "Supabase": ("Supabase",),
    "PlanetScale": ("PlanetScale",),
    "MongoDB Atlas": ("MongoDB Atlas",),
    "Snowflake": ("=Snowflake",),
    "Confluent": ("=Confluent",),
    "Databricks": ("Databricks",),
    "GitHub": ("GitHub",),
    "GitLab": ("GitLab",),
    "Bitbucket": ("Bitbucket",),
    "Docker Hub": ("Docker Hub", "DockerHub"),
    "Let's Encrypt": ("Let's Encrypt", "Let\N{RIGHT SINGLE QUOTATION MARK}s Encrypt", "LetsEncrypt"),
    "OpenAI": ("OpenAI", "ChatGPT"),
    "Anthropic": ("Anthropic", "=Claude"),
    "Google Gemini": ("Gemini API", "Google Gemini"),
    "Mistral": ("Mistral AI",),
    "Hugging Face": ("Hugging Face", "HuggingFace"),
    "Auth0": ("Auth0",),
    "Okta": ("Okta",),
    "Twilio": ("Twilio",),
    "SendGrid": ("SendGrid",),
    "Mailgun": ("Mailgun",),
    "Postmark": ("=Postmark",),
    "Vonage": ("Vonage", "Nexmo"),
    "Sinch": ("=Sinch",),
    "Telnyx": ("Telnyx",),
    "Verizon": ("Verizon",),
    "AT&T": ("AT&T",),
    "T-Mobile": ("T-Mobile",),
    "Comcast": ("Comcast",),
    "Lumen": ("=Lumen", "CenturyLink"),
    "Cogent": ("=Cogent",),
    "Stripe": ("=Stripe",),
    "PayPal": ("PayPal",),
    "Adyen": ("Adyen",),
    "Plaid": ("=Plaid",),
    "Braintree": ("Braintree",),
    "Slack": ("=Slack",),
    "Microsoft 365": ("Microsoft 365", "Office 365", "Exchange Online"),
    "Google Workspace": ("Google Workspace", "Gmail"),
    "Salesforce": ("Salesforce",),
    "Zendesk": ("Zendesk",),
    "Shopify": ("Shopify",),
    "HubSpot": ("HubSpot",),
    "Datadog": ("Datadog",),
    "PagerDuty": ("PagerDuty",),
    "Atlassian": ("Atlassian", "=Jira"),
    "Algolia": ("Algolia",),
    "Cloudinary": ("Cloudinary",),
}
"""Providers that others stand on, with their spellings; `=` before one says that its letters count as they are."""

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "Northern Virginia": ("us-east-1", "us-east4", "N. Virginia", "=Northern Virginia", "=North Virginia", "=Ashburn"),
    "Ohio": ("us-east-2", "us-east5", "=Ohio"),
    "South Carolina": ("us-east1", "=South Carolina"),
    "Iowa": ("us-central1", "=Iowa"),
    "Northern California": ("us-west-1", "N. California", "=Northern California"),
    "Oregon": ("us-west-2", "us-west1", "=Oregon"),
    "Montreal": ("ca-central-1", "northamerica-northeast1", "=Montreal", "=Montréal"),
    "São Paulo": ("sa-east-1", "southamerica-east1", "=São Paulo", "=Sao Paulo"),
    "Ireland": ("eu-west-1", "=Ireland", "=Dublin"),
    "London": ("eu-west-2", "europe-west2", "=London"),
    "Paris": ("eu-west-3", "europe-west9", "=Paris"),
    "Frankfurt": ("eu-central-1", "europe-west3", "=Frankfurt"),
    "Zurich": ("eu-central-2", "europe-west6", "=Zurich", "=Zürich"),
    "Stockholm": ("eu-north-1", "=Stockholm"),
    "Milan": ("eu-south-1", "europe-west8", "=Milan"),
    "Spain": ("eu-south-2", "europe-southwest1", "=Madrid"),
    "Belgium": ("europe-west1", "=Belgium"),
    "Netherlands": ("europe-west4", "=Amsterdam"),
    "Finland": ("europe-north1", "=Helsinki"),
    "Bahrain": ("me-south-1", "=Bahrain"),
    "Cape Town": ("af-south-1", "=Cape Town"),
    "Mumbai": ("ap-south-1", "asia-south1", "=Mumbai"),
    "Hyderabad": ("ap-south-2", "=Hyderabad"),
    "Singapore": ("ap-southeast-1", "asia-southeast1", "=Singapore"),
    "Sydney": ("ap-southeast-2", "australia-southeast1", "=Sydney"),
    "Jakarta": ("ap-southeast-3", "asia-southeast2", "=Jakarta"),
    "Melbourne": ("ap-southeast-4", "australia-southeast2", "=Melbourne"),
    "Tokyo": ("ap-northeast-1", "asia-northeast1", "=Tokyo"),
    "Seoul": ("ap-northeast-2", "asia-northeast3", "=Seoul"),
    "Osaka": ("ap-northeast-3", "asia-northeast2", "=Osaka"),
    "Hong Kong": ("ap-east-1", "asia-east2", "=Hong Kong"),
    "Azure East US": ("=East US", "eastus"),
    "Azure East US 2": ("=East US 2", "eastus2"),
    "Azure West US": ("=West US", "westus"),
    "Azure Central US": ("=Central US", "centralus"),
    "Azure West Europe": ("=West Europe", "westeurope"),
    "Azure North Europe": ("=North Europe", "northeurope"),
}
"""Places by the names of regions and cities. Azure's names of regions are its own: `East US` is no city."""

MOST: Final = 3
"""What names more providers, or more places, than this lists them for convenience: they tell nothing."""

LENGTH: Final = 5_000
"""So many characters of an update are looked at."""

_ZONE: Final = r"(?:(?<=\d)[a-f])?"
"""`us-east-1a` is a zone of `us-east-1`."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Which names a text holds, each by any of its spellings."""

    folded: re.Pattern[str]
    exact: re.Pattern[str]
    meant: Mapping[str, str]

    @classmethod
    def of(cls, table: Mapping[str, tuple[str, ...]]) -> _Names:
        spelt = [(spelling, name) for name, spellings in table.items() for spelling in spellings]
        exact = {spelling[1:]: name for spelling, name in spelt if spelling.startswith("=")}
        folded = {spelling.casefold(): name for spelling, name in spelt if not spelling.startswith("=")}
        return cls(_any_of(folded, re.IGNORECASE), _any_of(exact, re.NOFLAG), {**exact, **folded})

    def within(self, text: str) -> Iterator[str]:
        for found in self.folded.finditer(text):
            yield self.meant[found[1].casefold()]
        for found in self.exact.finditer(text):
            yield self.meant[found[1]]


def _any_of(spellings: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest_first = sorted(spellings, key=lambda one: (-len(one), one))
    return re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, longest_first))}){_ZONE}(?![^\W_])", flags)


_PROVIDERS: Final = _Names.of(PROVIDERS)
_PLACES: Final = _Names.of(PLACES)


def clues(events: Iterable[Event]) -> tuple[Clue, ...]:
    """The providers and places that the events name, each once, with the strongest place where it stands."""
    providers: dict[str, Clue] = {}
    places: dict[str, Clue] = {}
    for event in events:
        for where, text, component in _texts(event):
            for name in _PROVIDERS.within(text):
                providers.setdefault(name, Clue(name, where, component))
            for name in _PLACES.within(text) if where is not Where.PAGE else ():
                places.setdefault(name, Clue(name, where, component))
    return tuple(clue for found in (providers, places) if len(found) <= MOST for clue in found.values())


def _texts(event: Event) -> Iterator[tuple[Where, str, str]]:
    """What is looked at, the strongest first. Components that are well may be there for convenience alone."""
    yield Where.PAGE, event.page.name, ""
    for one in touched(event):
        if isinstance(one, EventComponent) or one.status is not Status.OPERATIONAL:
            yield Where.COMPONENT, f"{one.group} / {one.name}" if one.group else one.name, one.name
    if event.incident is not None:
        yield Where.TITLE, event.incident.title, ""
    if event.update is not None:
        yield Where.WORDS, event.update.text[:LENGTH], ""


_SENTENCES: Final = {
    Where.PAGE: "{page} is {name}'s own page",
    Where.COMPONENT: '{page} names {name} in its component "{component}"',
    Where.TITLE: "{page} names {name} in the title",
    Where.WORDS: "{page} names {name} in its words",
}


def sentence(page: str, clue: Clue) -> str:
    """`Acme Relay names AWS in its component "API us-east-1"`."""
    return _SENTENCES[clue.where].format(page=page, name=clue.name, component=clue.component)
