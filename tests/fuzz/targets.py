"""Everything that reads what strangers wrote, each as a function of bytes that must return or raise what it promises.

A target returns for a value and for the typed errors of its contract; any other exception is a crash. Beyond that it
holds what follows from the contract: a text that leaves a parser can be stored, a URL that passed can be fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from statuswire import signing, wire
from statuswire.config import layers, validate
from statuswire.engine import series
from statuswire.engine.readings import read_body
from statuswire.errors import ConfigError, FetchError, ParseError, SignatureError
from statuswire.model import DocumentKind
from statuswire.net import addresses, caching, urls
from statuswire.platforms import PLATFORMS
from statuswire.platforms.feeds import read_feed
from statuswire.platforms.markup import scheduled_window, split_updates
from statuswire.platforms.parsing import parse, parse_hook, recognise
from statuswire.platforms.reading import html_text, moment, normalise_url, plain, title, url_path_tail, yearless
from statuswire.web import bodies, questions
from statuswire.web.trust import Believed, Way
from tests.fuzz import seeds
from tests.fuzz.pipeline import Pipeline, check_texts

Run = Callable[[bytes], object]

_NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_LONGEST_TEXT = 65_536


@dataclass(frozen=True, slots=True)
class Target:
    """`run` takes one input, `seeds` gives those to begin with, `tokens` is libFuzzer's dictionary."""

    name: str
    run: Run
    seeds: Callable[[], Iterable[bytes]]
    tokens: tuple[bytes, ...] = ()


# --- documents -------------------------------------------------------------------------------------------------


def _reads_as(name: str) -> Run:
    def run(material: bytes) -> None:
        try:
            check_texts(PLATFORMS[name].parse(seeds.document(material)))
        except ParseError:
            return

    return run


def _reads_hook_as(name: str) -> Run:
    def run(material: bytes) -> None:
        try:
            check_texts(parse_hook(seeds.document(material), name))
        except ParseError:
            return

    return run


def _recognise(material: bytes) -> None:
    document = seeds.document(material)
    found = recognise(document)
    try:
        snapshot = parse(document)
    except ParseError:
        return
    assert found is not None or document.kind is DocumentKind.HOOK, "read without being recognised"
    check_texts(snapshot)


def _secret_address(material: bytes) -> None:
    """A body behind `/hooks/{token}`, whose path names no platform."""
    try:
        check_texts(read_body(seeds.document(material), "", "statuspage"))
    except ParseError:
        return


def _read_feed(material: bytes) -> None:
    try:
        read_feed(seeds.document(material))
    except ParseError:
        return


def _pipeline() -> Run:
    pipeline: list[Pipeline] = []

    def run(material: bytes) -> None:
        if not pipeline:
            pipeline.append(Pipeline())
        document = seeds.document(material)
        try:
            snapshot = parse(document)
        except ParseError:
            return
        pipeline[0].record(snapshot, document)

    return run


# --- texts -----------------------------------------------------------------------------------------------------


def _text(material: bytes) -> str:
    return material.decode("utf-8", "surrogateescape")


def _moment(material: bytes) -> None:
    text = _text(material)
    for zone in (None, "America/New_York", text):
        at = moment(text, zone)
        assert at is None or (at.tzinfo is UTC and 1970 <= at.year <= 9999)
    if text.isascii() and text.isdecimal():
        moment(int(text[:400]))


def _yearless(material: bytes) -> None:
    text = _text(material)
    for near in (None, _NOW, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        for zone in (None, "Pacific/Apia"):
            at = yearless(text, near, zone)
            assert at is None or at.tzinfo is UTC


def _html_text(material: bytes) -> None:
    markup = _text(material)
    for words in (html_text(markup), *plain(markup), title(markup)):
        check_texts(words)
    for update in split_updates(markup, _NOW):
        assert update.at is None or update.at.tzinfo is UTC
    scheduled_window(markup, _NOW)


def _urls(material: bytes) -> None:
    text = _text(material)
    normalise_url(text)
    url_path_tail(text)
    for platform in PLATFORMS.values():
        if platform.feeds is not None and text.startswith(("http://", "https://")):
            platform.feeds(text, None)
    try:
        target = urls.parse_url(text)
    except FetchError:
        return
    assert target.url.scheme in ("http", "https")
    assert target.host
    assert urls.parse_url(target.text).origin == target.origin


def _redirect(material: bytes) -> None:
    start = urls.parse_url("https://status.acme-relay.example/a/b")
    try:
        hop = urls.next_hop(start, _text(material), status=301)
    except FetchError:
        return
    assert hop.host.removeprefix("www.") == start.host
    assert hop.url.scheme == "https"


def _addresses(material: bytes) -> None:
    addresses.is_public(_text(material))


def _caching(material: bytes) -> None:
    """Lines of `name: value`, as a server could send them."""
    lines = (line.partition(b":") for line in material.splitlines())
    headers = {name.decode("latin-1").strip().lower(): value.decode("latin-1").strip() for name, _, value in lines}
    shown = {**headers, "Cache-Control": headers.get("cache-control", ""), "Expires": headers.get("expires", "")}
    shown |= {
        "Date": headers.get("date", ""),
        "Age": headers.get("age", "0"),
        "Retry-After": headers.get("retry-after", ""),
    }
    age, wait = caching.max_age(shown, _NOW), caching.retry_after(shown, _NOW)
    assert age is None or timedelta(0) <= age <= timedelta(days=366)
    assert wait is None or timedelta(seconds=1) <= wait <= timedelta(hours=6)
    for value in headers.values():
        caching.http_date(value)
        kept = caching.validator(value)
        assert kept in ("", value)


# --- hooks -----------------------------------------------------------------------------------------------------

_SECRETS = ("whsec_" + "c3RhdHVzd2lyZS1mdXp6", "plain text", "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")
_SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-timestamp", "svix-signature")


def _verify(material: bytes) -> None:
    """Lines: the values of the headers in order, then the body."""
    *values, body = material.split(b"\n", 7)
    names = (*_SIGNED, "x-signature")
    headers = {name: value.decode("latin-1") for name, value in zip(names, values, strict=False) if value}
    try:
        verified = signing.verify(body, headers, _SECRETS, _NOW)
    except SignatureError:
        return
    raise AssertionError(f"a guessed signature was believed: {verified}")


def _hook_body(material: bytes) -> None:
    """What stands before the inbox: the type and the shape of a body."""
    content_type, _, body = material.partition(b"\n")
    headers = {"content-type": content_type.decode("latin-1")}
    for believed in (Believed(Way.LOOPBACK), Believed(Way.SIGNED, "m")):
        if bodies.check_head(headers) is None:
            bodies.check_body(body, headers, believed, _NOW)


def _question(material: bytes) -> None:
    answer = questions.read_question(material)
    assert answer is not None


# --- files -----------------------------------------------------------------------------------------------------


def _event(material: bytes) -> None:
    try:
        event = wire.decode_event(material)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, RecursionError):
        return
    wire.encode_event(event)


def _series(suffix: str) -> Run:
    def run(material: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"series.jsonl{suffix}")
            path.write_bytes(material)
            try:
                for _ in series.read_series(path):
                    pass
            except ConfigError:
                return

    return run


def _config(material: bytes) -> None:
    try:
        validate(layers.parse(material, "fuzz.yaml"), {})
    except ConfigError:
        return


# --- the table -------------------------------------------------------------------------------------------------

_HEADER_SEED = b"cache-control: max-age=60\nage: 5\nexpires: 0\ndate: Mon, 04 May 2026 10:22:31 GMT\nretry-after: 120"
_SIGNED_SEED = b"msg_1\n1777896000\nv1,AAAA v1,BBBB\n\n\n\n\n{}"
_EVENT_SEED = (
    b'{"id":1,"type":"incident.updated","at":"2026-05-04T10:22:31Z","seen_at":"2026-05-04T10:22:33Z","source":"hook",'
    b'"page":{"slug":"acme","name":"Acme","url":""},"incident":{"id":"i","title":"t","kind":"incident","phase":"identified",'
    b'"impact":"minor","url":"","components":[{"id":"","name":"API","group":null,"status":"degraded"}]},'
    b'"update":{"id":"u","phase":"identified","text":"x","at":"2026-05-04T10:22:31Z"}}'
)
_SERIES_SEED = b'{"captured_at":"2026-05-04T10:22:31Z","body":"{}","headers":{"ETag":"x"},"kind":"hook"}\n'
_CONFIG_SEED = (
    b"database: sqlite://\nserver: {host: 127.0.0.1, port: 8000}\npoll: {interval: 60s}\n"
    b'pages:\n  - openai\n  - {name: A, url: "https://status.acme-relay.example", components: ["API"]}\n'
    b"hooks: {allow_unsigned: true, secrets: {incident-io: [whsec_c2VjcmV0]}}\n"
)
_DATES = (
    "2026-05-04T10:22:31.123456789Z",
    "Mon, 04 May 2026 10:22:31 PDT",
    "May 4, 2026 05:15 PDT",
    "20260504",
    "1777890151",
    "2006-01-02 15:04:05.999 -0700 MST m=+0.01",
    "Mon May 4 10:22:31 UTC 2026",
    "4 mai 26 10:22 UT",
    "2026/05/04 10:22",
)
_YEARLESS = ("May 4, 10:22 UTC", "Feb 29, 23:59 GMT+14", "Aug 28, 10:33 PM UTC", "31 Dec 23:59", "May 4, 10:22:31 PDT")
_URLS = (
    "https://status.acme-relay.example/incidents/abc?x=1#y",
    "http://[::1]:8000/",
    "http://127.1/",
    "//h/../a",
    "http://[",
    "https://user:pw@h/",
    "https://h:99999/",
    "HTTPS://EXAMPLE.com.:443//a//",
    "javascript:alert(1)",
    "https://xn--/",
)
_ADDRESSES = (
    "127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
    "2002:7f00:1::",
    "64:ff9b::a9fe:a9fe",
    "1.1.1.1",
    "0177.1",
)
_QUESTIONS = ("limit=10&after=abc", "page=a&page=b", "since=2026-05-04T10:22:31+02:00", "at=2026-05-04&type=incident.*")
_MARKUP = (
    "<p><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22</var> UTC</small><br>"
    "<strong>Resolved</strong> - Done &amp; over</p>",
    "<!-- x --><script>a</script><li>one<li>two<br/>THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC",
)


def _all_documents() -> Iterable[bytes]:
    return seeds.bodies(seeds.golden())


def _platform_targets() -> Iterable[Target]:
    tokens = seeds.JSON_TOKENS + seeds.XML_TOKENS
    for name, platform in PLATFORMS.items():
        yield Target(f"parse-{name}", _reads_as(name), lambda name=name: seeds.bodies(seeds.golden(name)), tokens)
        if platform.parse_hook is not None:
            own = lambda name=name: seeds.bodies(seeds.golden(name, DocumentKind.HOOK))  # noqa: E731
            yield Target(f"hook-{name}", _reads_hook_as(name), own, seeds.JSON_TOKENS)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        *_platform_targets(),
        Target("recognise", _recognise, _all_documents, seeds.JSON_TOKENS + seeds.XML_TOKENS),
        Target("secret-address", _secret_address, _all_documents, seeds.JSON_TOKENS),
        Target("pipeline", _pipeline(), _all_documents, seeds.JSON_TOKENS + seeds.XML_TOKENS),
        Target("feed", _read_feed, _all_documents, seeds.XML_TOKENS),
        Target("moment", _moment, lambda: seeds.texts(*_DATES), seeds.TEXT_TOKENS),
        Target("yearless", _yearless, lambda: seeds.texts(*_YEARLESS, *_DATES), seeds.TEXT_TOKENS),
        Target("html-text", _html_text, lambda: seeds.texts(*_MARKUP), seeds.XML_TOKENS),
        Target("urls", _urls, lambda: seeds.texts(*_URLS), seeds.TEXT_TOKENS),
        Target("redirect", _redirect, lambda: seeds.texts(*_URLS, "/x", "../y"), seeds.TEXT_TOKENS),
        Target("addresses", _addresses, lambda: seeds.texts(*_ADDRESSES), seeds.TEXT_TOKENS),
        Target("caching", _caching, lambda: [_HEADER_SEED], seeds.TEXT_TOKENS),
        Target("verify", _verify, lambda: [_SIGNED_SEED], seeds.TEXT_TOKENS),
        Target("hook-body", _hook_body, lambda: [b"application/json\n{}"], seeds.JSON_TOKENS),
        Target("question", _question, lambda: seeds.texts(*_QUESTIONS), seeds.TEXT_TOKENS),
        Target("event", _event, lambda: [_EVENT_SEED], seeds.JSON_TOKENS),
        Target("series", _series(""), lambda: [_SERIES_SEED], seeds.JSON_TOKENS),
        Target("series-gz", _series(".gz"), lambda: [b"\x1f\x8b\x08"], ()),
        Target(
            "config",
            _config,
            lambda: [_CONFIG_SEED],
            (b"!!int", b"!!timestamp", b"&a", b"*a", b"<<: ", b"? ", b"2026-02-30"),
        ),
    )
}
