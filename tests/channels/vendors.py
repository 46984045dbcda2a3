"""The receivers of the kinds that speak HTTP: each looks at method, address, headers and body as its vendor documents
them, keeps what it was sent, and answers as the vendor does. The sources of forms and limits are named in the module of
each kind.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Final

from tests.channels.vendor import Answer, Call, Kind, Vendor, allowed, asked, formed, must, units

SECRET: Final = "c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="
KEY: Final = "0123456789abcdef0123456789abcdef"


# --- webhooks ----------------------------------------------------------------------------------------------------


def _webhook(call: Call, vendor: Vendor) -> Answer:
    """Standard Webhooks 1.0: the signature is over id, timestamp and the body as it came."""
    asked(call, "POST", "/hook")
    allowed(call, "Bearer hidden", Answer(401))
    id_, sent_at = call.headers.get("webhook-id", ""), call.headers.get("webhook-timestamp", "")
    signed = b".".join([id_.encode(), sent_at.encode(), call.raw])
    digest = hmac.digest(b64decode(SECRET), signed, hashlib.sha256)
    must(call.headers.get("webhook-signature") == f"v1,{b64encode(digest).decode()}", "signed wrongly", Answer(401))
    must("." not in id_.removeprefix("msg_") or id_.count(".") == 1, "an id with dots", Answer(400))
    formed(call, "webhook", Answer(400))
    vendor.note("posted", id_)
    return Answer(204)


_FLAT: Final = {
    "incident.update": {"event", "incident_title", "components", "phase"},
    "status.change": {"event", "from", "to", "timestamp", "message"},
}


def _flat(call: Call, vendor: Vendor) -> Answer:
    asked(call, "POST", "/hook")
    digest = hmac.new(b"hidden", call.raw, hashlib.sha256).hexdigest()
    must(call.headers.get("x-signature") == f"sha256={digest}", "signed wrongly", Answer(401))
    must(set(call.body) == _FLAT.get(call.body.get("event")), "not one of the bodies", Answer(400))
    vendor.note("posted", call.headers["webhook-id"])
    return Answer(200, {"received": True})


# --- chats -------------------------------------------------------------------------------------------------------


def _slack_hook(call: Call, vendor: Vendor) -> Answer:
    asked(call, "POST", "/services/T0/B0/hidden")
    formed(call, "slack", Answer(400, "invalid_payload"))
    vendor.note("posted", vendor.next_id())
    return Answer(200, "ok")


def _slack_says(error: str) -> Answer:
    return Answer(200, {"ok": False, "error": error})


def _slack_bot(call: Call, vendor: Vendor) -> Answer:
    """Posting takes the name of a channel, editing only its id; both answer with the id."""
    method = call.path.removeprefix("/api/")
    asked(call, "POST", f"/api/{method}")
    allowed(call, "Bearer xoxb-1-hidden", _slack_says("invalid_auth"))
    formed(call, "slack", _slack_says("invalid_blocks"))
    channel, thread, ts = (call.body.get(name) for name in ("channel", "thread_ts", "ts"))
    if method == "chat.update":
        must(channel == "C0123456789", f"no id of a channel: {channel}", _slack_says("channel_not_found"))
        must(vendor.knows(str(ts)), "no such message", _slack_says("message_not_found"))
        vendor.note("edited", str(ts))
    else:
        must(method == "chat.postMessage", method, _slack_says("unknown_method"))
        must(channel in ("#ops", "C0123456789"), f"no channel {channel}", _slack_says("channel_not_found"))
        must(thread is None or vendor.knows(thread), "no such thread", _slack_says("thread_not_found"))
        ts = f"1700000000.000{vendor.next_id()}"
        vendor.note("answered" if thread else "posted", thread or ts)
    message = {"type": "message", "text": call.body["text"], "ts": ts}
    return Answer(200, {"ok": True, "channel": "C0123456789", "ts": ts, "message": message})


_DISCORD_UNFORMED: Final = Answer(400, {"message": "Invalid Form Body", "code": 50035})


def _discord(call: Call, vendor: Vendor) -> Answer:
    """Without `wait` a post is answered with nothing; all texts of an embed together have 6,000 letters."""
    base = "/api/webhooks/1/hidden"
    formed(call, "discord", _DISCORD_UNFORMED)
    for embed in call.body.get("embeds", []):
        texts = [embed.get("title", ""), embed.get("description", "")]
        texts += [text for one in embed.get("fields", []) for text in (one["name"], one["value"])]
        must(sum(units(text) for text in texts) <= 6000, "an embed too large", _DISCORD_UNFORMED)
    if call.path == base:
        return _discord_posted(call, vendor)
    asked(call, "PATCH", f"{base}/messages/{call.path.rpartition('/')[2]}")
    id_ = call.path.rpartition("/")[2]
    must("thread_name" not in call.body, "a post cannot be named again", _DISCORD_UNFORMED)
    _discord_placed(call, vendor, is_new=False)
    must(vendor.knows(id_), "no such message", Answer(404, {"message": "Unknown Message", "code": 10008}))
    vendor.note("edited", id_)
    return Answer(200, {"id": id_, "channel_id": "888", "content": call.body["content"]})


def _discord_posted(call: Call, vendor: Vendor) -> Answer:
    asked(call, "POST", "/api/webhooks/1/hidden")
    _discord_placed(call, vendor, is_new=True)
    id_ = vendor.next_id()
    vendor.note("posted", id_)
    made = {"id": id_, "channel_id": "888", "content": call.body["content"]}
    return Answer(200, made) if call.query.get("wait") == "true" else Answer(204)


def _discord_placed(call: Call, vendor: Vendor, *, is_new: bool) -> None:
    """In a forum a message stands in a post: a new one, which it names, or the one that it says."""
    if vendor.kind.settings.get("forum"):
        is_named = "thread_name" in call.body
        must(is_named != ("thread_id" in call.query), "neither in a post nor the first of one", _DISCORD_UNFORMED)
        is_there = vendor.told[vendor.lost :] != []
        gone = Answer(404, {"message": "Unknown Channel", "code": 10003})
        must(is_named or (is_there and call.query["thread_id"] == "888"), "no such post", gone)
        must(is_new or not is_named, "an edit makes no post", _DISCORD_UNFORMED)
    else:
        must("thread_name" not in call.body, "no forum", Answer(400, {"code": 220003}))


def _teams(call: Call, vendor: Vendor) -> Answer:
    asked(call, "POST", "/workflows/1/triggers/manual/paths/invoke")
    must(call.query.get("sig") == "hidden", "no signature in the address", Answer(401))
    must(len(call.raw) <= 28_000, "a card too large", Answer(413))
    formed(call, "teams", Answer(400))
    vendor.note("posted", vendor.next_id())
    return Answer(202)


class _Shown(HTMLParser):
    """What is shown of Telegram's HTML: tags must be known ones, and closed in their order."""

    KNOWN: Final = frozenset({"a", "b", "blockquote", "code", "em", "i", "pre", "s", "strong", "u"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.is_good = True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_good &= tag in self.KNOWN
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_good &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _telegram_says(code: int, description: str) -> Answer:
    return Answer(code, {"ok": False, "error_code": code, "description": description})


def _telegram(call: Call, vendor: Vendor) -> Answer:
    method = call.path.rpartition("/")[2]
    must(call.path == f"/bot1:hidden/{method}", "a wrong token", _telegram_says(404, "Not Found"))
    formed(call, "telegram", _telegram_says(400, "Bad Request: no such form"))
    must(call.body["chat_id"] == "-1001234567890", "no such chat", _telegram_says(400, "Bad Request: chat not found"))
    _telegram_shown(call.body)
    if method == "editMessageText":
        id_ = str(call.body["message_id"])
        must(vendor.knows(id_), "no such message", _telegram_says(400, "Bad Request: message to edit not found"))
        vendor.note("edited", id_)
    else:
        must(call.path.endswith("/sendMessage"), method, _telegram_says(404, "Not Found"))
        wish = call.body.get("reply_parameters", {})
        answered = str(wish.get("message_id", ""))
        if not vendor.knows(answered) and wish.get("allow_sending_without_reply"):
            answered = ""
        gone = _telegram_says(400, "Bad Request: message to be replied not found")
        must(not answered or vendor.knows(answered), "no such message", gone)
        id_ = vendor.next_id()
        vendor.note("answered" if answered else "posted", answered or id_)
    chat = {"id": -1001234567890, "type": "supergroup"}
    return Answer(200, {"ok": True, "result": {"message_id": int(id_), "chat": chat, "text": "..."}})


def _telegram_shown(body: Any) -> None:
    """The limit counts what is left when the tags are gone."""
    shown = _Shown()
    if body.get("parse_mode") == "HTML":
        shown.feed(body["text"])
        shown.close()
    else:
        shown.text = body["text"]
    refusal = _telegram_says(400, "Bad Request: can't parse entities")
    must(shown.is_good and not shown.open, "tags that do not fit", refusal)
    too_long = _telegram_says(400, "Bad Request: message is too long")
    must(0 < units(shown.text.strip()) <= 4096, f"{units(shown.text)} units", too_long)


def _ntfy(call: Call, vendor: Vendor) -> Answer:
    """JSON is published at the root; sizes count bytes, and the whole may have twice the size of a message."""
    asked(call, "POST", "/")
    allowed(call, "Bearer tk_hidden", Answer(403, {"code": 40301, "http": 403, "error": "forbidden"}))
    refusal = Answer(400, {"code": 40024, "http": 400, "error": "invalid request"})
    formed(call, "ntfy", refusal)
    must(call.body["topic"] == "hidden-topic", "another topic", refusal)
    must(len(call.raw) <= 2 * 4096, "a body too large", Answer(413, {"code": 41301, "http": 413, "error": "large"}))
    must(len(call.body["message"].encode()) <= 4096, "a message that becomes an attachment", refusal)
    must(len(call.body.get("title", "").encode()) <= 1024, "a title too long", refusal)
    must(len(",".join(call.body.get("tags", [])).encode()) <= 512, "tags too long", refusal)
    vendor.note("posted", vendor.next_id())
    return Answer(200, {"id": "x" + vendor.next_id(), "event": "message", "topic": "hidden-topic"})


# --- pagers ------------------------------------------------------------------------------------------------------


def _pagerduty(call: Call, vendor: Vendor) -> Answer:
    asked(call, "POST", "/v2/enqueue")
    refusal = Answer(400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["..."]})
    formed(call, "pagerduty", refusal)
    must(len(call.raw) <= 512 * 1024, "an event too large", Answer(413))
    action, key = call.body["event_action"], call.body["dedup_key"]
    must(call.body["routing_key"] == KEY, "a wrong key", refusal)
    must(action == "trigger" or vendor.knows(key), "nothing to resolve", refusal)
    vendor.note(action, key)
    return Answer(202, {"status": "success", "message": "Event processed", "dedup_key": key})


def _opsgenie(call: Call, vendor: Vendor) -> Answer:
    allowed(call, f"GenieKey {KEY}", Answer(401, {"message": "Could not authenticate", "took": 0.1}))
    refusal = Answer(422, {"message": "Request body is not processable", "took": 0.1})
    if call.path == "/v2/alerts":
        asked(call, "POST", "/v2/alerts")
        formed(call, "opsgenie_create", refusal)
        alias, what = call.body["alias"], "created"
    else:
        alias, _, what = call.path.removeprefix("/v2/alerts/").rpartition("/")
        asked(call, "PUT" if what == "priority" else "POST", f"/v2/alerts/{alias}/{what}")
        must(what in ("close", "notes", "priority"), f"no {what}", Answer(404))
        must(call.query.get("identifierType") == "alias", "the id is an alias", refusal)
        must(vendor.knows(alias), "no such alert", refusal)
        formed(call, "opsgenie_priority" if what == "priority" else "opsgenie_action", refusal)
    vendor.note(what, alias)
    return Answer(202, {"result": "Request will be processed", "took": 0.1, "requestId": vendor.next_id()})


def _alertmanager(call: Call, vendor: Vendor) -> Answer:
    """As its API reads them: an end that is before its start is refused, a later one of the same labels counts."""
    asked(call, "POST", "/prefix/api/v2/alerts")
    allowed(call, f"Basic {b64encode(b'statuswire:hidden').decode()}", Answer(401))
    formed(call, "alertmanager", Answer(400, "invalid label set"))
    starts = [one["startsAt"] <= one["endsAt"] for one in call.body]
    must(all(starts), "an end before its start", Answer(400, json.dumps("start time must be before end time")))
    for one in call.body:
        before = [old["endsAt"] for body in vendor.bodies for old in body if old["labels"] == one["labels"]]
        vendor.note("ended" if one["endsAt"] < max(before, default="") else "fired", str(one["labels"]))
    return Answer(200)


_HOOK: Final = {"url": "{url}/hook"}
_ANSWERING: Final = ("posted", "answered", "edited", "answered")
_EDITING: Final = ("posted", "edited", "edited")
_DISCORD: Final = {"url": "{url}/api/webhooks/1/hidden"}
_DISCORD_BUSY: Final = {"message": "You are being rate limited.", "retry_after": 120.0, "global": False}
_TELEGRAM_BUSY: Final = {"ok": False, "error_code": 429, "parameters": {"retry_after": 120}}
_TELEGRAM_UNFORMED: Final = _telegram_says(400, "Bad Request: can't parse entities: unsupported start tag")
_SLACK_UNFORMED: Final = Answer(400, "invalid_payload")
_OPSGENIE_UNFORMED: Final = Answer(422, {"message": "Request body is not processable", "took": 0.1})
_NTFY_UNFORMED: Final = Answer(400, {"code": 40024, "http": 400, "error": "invalid request"})
_OPSGENIE: Final = {"url": "{url}", "key": KEY}


def _discord_kind(name: str, settings: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        "discord",
        settings,
        _discord,
        _EDITING,
        is_one=True,
        busy=_DISCORD_BUSY,
        unformed=_DISCORD_UNFORMED,
    )


ALL: Final = (
    Kind("webhook", "webhook", {**_HOOK, "secret": SECRET, "headers": {"Authorization": "Bearer hidden"}}, _webhook),
    Kind("webhook flat", "webhook", {**_HOOK, "style": "flat", "secret": "hidden"}, _flat),
    Kind("slack hook", "slack", {"url": "{url}/services/T0/B0/hidden"}, _slack_hook, unformed=_SLACK_UNFORMED),
    Kind(
        "slack bot",
        "slack",
        {"api": "{url}/api", "token": "xoxb-1-hidden", "channel": "#ops"},
        _slack_bot,
        _ANSWERING,
        is_one=True,
        busy={"ok": False, "error": "ratelimited"},
        unformed=_slack_says("invalid_blocks"),
    ),
    _discord_kind("discord", _DISCORD),
    _discord_kind("discord forum", {**_DISCORD, "forum": True}),
    Kind(
        "teams",
        "teams",
        {"url": "{url}/workflows/1/triggers/manual/paths/invoke?sig=hidden"},
        _teams,
        unformed=Answer(413),
    ),
    Kind(
        "telegram",
        "telegram",
        {"api": "{url}", "token": "1:hidden", "chat": "-1001234567890"},
        _telegram,
        _ANSWERING,
        is_one=True,
        busy=_TELEGRAM_BUSY,
        unformed=_TELEGRAM_UNFORMED,
    ),
    Kind(
        "ntfy", "ntfy", {"url": "{url}", "topic": "hidden-topic", "token": "tk_hidden"}, _ntfy, unformed=_NTFY_UNFORMED
    ),
    Kind(
        "pagerduty",
        "pagerduty",
        {"url": "{url}/v2/enqueue", "key": KEY},
        _pagerduty,
        ("trigger", "trigger", "resolve"),
        is_one=True,
    ),
    Kind(
        "opsgenie",
        "opsgenie",
        _OPSGENIE,
        _opsgenie,
        ("created", "notes", "close"),
        is_one=True,
        unformed=_OPSGENIE_UNFORMED,
    ),
    Kind(
        "alertmanager",
        "alertmanager",
        {"url": "{url}/prefix/", "username": "statuswire", "password": "hidden"},
        _alertmanager,
        ("fired", "fired", "ended"),
        is_one=True,
        is_timed=True,
    ),
)
