"""Settings: what is in force without its secrets, tests of channels, accounts, tokens and the log of changes."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest

from statuswire.access import tokens
from statuswire.config import Config, MailConfig
from statuswire.model import AccountRole, Scope
from statuswire.store import queries
from statuswire.web.face.settings import sections
from statuswire.web.tools import Body, Tools, Unavailable
from tests.web.face.house import House, open_house, text
from tests.web.parts import Reply

ADMIN, OPERATOR, VIEWER = AccountRole.ADMIN, AccountRole.OPERATOR, AccountRole.VIEWER


def tree_of(reply: Reply) -> Any:
    return lxml.html.fromstring(reply.body.decode())


def test_viewers_see_what_is_set_and_nothing_to_change_it(house: House) -> None:
    tree = house.look("/settings")

    assert "hooks.slack.com" in text(tree)
    assert tree.xpath("//main//form") == []
    assert tree.xpath("//*[@id='accounts'] | //*[@id='tokens'] | //*[@id='hooks'] | //*[@id='changes']") == []


def test_operators_see_the_secret_addresses_of_hooks(house: House) -> None:
    address = f"http://127.0.0.1:8000/hooks/{house.site.addresses.token('acme')}"

    assert address in house.get("/settings", OPERATOR).body.decode()
    assert "/hooks/" not in house.get("/settings", VIEWER).body.decode()
    assert house.look("/settings", OPERATOR).xpath("//*[@id='accounts']") == []


def test_operators_see_the_secret_addresses_of_mail_where_mail_comes_in(house: House) -> None:
    address = f"hook+{house.site.addresses.token('acme')}@ops.example"
    assert address not in house.get("/settings", OPERATOR).body.decode()

    mail = MailConfig.model_validate({"domain": "ops.example", "maildir": "/var/mail/statuswire"})
    config = house.site.parts.config().model_copy(update={"mail": mail})
    house.site.replace(config=lambda: config)

    assert address in house.get("/settings", OPERATOR).body.decode()
    assert address not in house.get("/settings", VIEWER).body.decode()


@pytest.mark.parametrize("role", AccountRole)
def test_u6_no_secret_is_on_the_page(house: House, role: AccountRole) -> None:
    assert "canary" not in house.get("/settings", role).body.decode()


def test_secrets_of_every_section_are_masked() -> None:
    config = Config.model_validate(
        {
            "hooks": {"secrets": {"statuspage": ["canary-canary-canary-canary"]}},
            "auth": {
                "oidc": {
                    "issuer": "https://login.example.com",
                    "client_id": "x",
                    "client_secret": "canary",
                    "default_role": "viewer",
                }
            },
        }
    )
    shown = sections(config)

    assert "canary" not in repr(shown)
    assert dict(dict(shown)["poll"])["interval"] == "1m"


# --- tests of channels -------------------------------------------------------------------------------------------


def test_a_test_says_how_it_went_beside_its_channel() -> None:
    async def send_test(channel: str) -> Body:
        return {"channel": channel, "outcome": "refused", "reason": "HTTP 404", "replies": []}

    house = open_house(tools=Tools(send_test=send_test))
    page = text(tree_of(house.post("/channels/ops/test")), "//tr[th='ops']")

    assert "The test: refused, HTTP 404" in page
    assert house.post("/channels/nowhere/test").status == 404
    assert house.post("/channels/ops/test", role=VIEWER).status == 403
    house.site.store.close()


def test_a_test_that_cannot_be_sent_says_why(house: House) -> None:
    assert "this process sends nothing" in text(tree_of(house.post("/channels/ops/test")))
    assert Unavailable.reason == "unavailable"


# --- accounts ----------------------------------------------------------------------------------------------------


def test_admins_let_somebody_in(house: House) -> None:
    fields = {"name": " Ada ", "role": "operator", "password": "a long enough password"}
    reply = house.post("/settings/accounts", fields, ADMIN)

    assert reply.headers["location"] == "/settings?said=account-added"
    made = house.site.store.read(lambda tx: queries.account_by_name(tx, "ada"))
    assert made is not None
    assert (made.role, made.has_password) == (OPERATOR, True)
    (change,) = house.changes()
    assert (change.actor, change.action, change.subject) == ("admin of the house", "account.add", "account/ada")
    assert "password" not in repr(change.detail)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "", "role": "viewer"}, "account-name"),
        ({"name": "ada", "role": "king"}, "account-role"),
        ({"name": "ada", "role": "viewer", "password": "short"}, "account-password"),
        ({"name": "viewer of the house", "role": "viewer"}, "account-name"),
    ],
)
def test_an_account_that_cannot_be_is_shown_again(house: House, fields: dict[str, str], field: str) -> None:
    reply = house.post("/settings/accounts", fields, ADMIN)

    assert reply.status == 400
    assert text(tree_of(reply), f"//*[@id='{field}-fault']")
    assert house.changes() == []


def test_roles_passwords_and_doors_are_changed_by_one_form(house: House) -> None:
    path = f"/settings/accounts/{house.people[VIEWER].account.id}"

    house.post(path, {"do": "role", "role": "operator"}, ADMIN)
    house.post(path, {"do": "password", "password": "a long enough password"}, ADMIN)
    house.post(path, {"do": "disable"}, ADMIN)
    house.post(path, {"do": "enable"}, ADMIN)
    assert house.post(path, {"do": "password", "password": "short"}, ADMIN).status == 400
    assert "said=account-removed" in house.post(path, {"do": "remove"}, ADMIN).headers["location"]
    assert "said=gone" in house.post(path, {"do": "remove"}, ADMIN).headers["location"]
    assert [one.action for one in house.changes()] == [
        "account.remove",
        "account.disable",
        "account.disable",
        "account.password",
        "account.role",
    ]


def test_the_last_admin_cannot_lock_everybody_out(house: House) -> None:
    reply = house.post(f"/settings/accounts/{house.people[ADMIN].account.id}", {"do": "disable"}, ADMIN)

    assert reply.status == 409
    assert b"is the last admin" in reply.body


@pytest.mark.parametrize(
    "path", ["/settings/accounts", "/settings/accounts/1", "/settings/tokens", "/settings/tokens/1/revoke"]
)
def test_only_admins_rule(house: House, path: str) -> None:
    assert house.post(path, {"name": "x", "role": "admin", "scope": "admin"}, OPERATOR).status == 403
    assert house.get("/settings/audit", OPERATOR).status == 403
    assert house.post(path, {"name": "x"}, ADMIN, csrf="").status == 403
    assert house.changes() == []


# --- tokens ------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_revoked(house: House) -> None:
    reply = house.post(
        "/settings/tokens", {"name": "prometheus", "scope": ["metrics", "read"], "expires": "30d"}, ADMIN
    )

    (shown,) = tree_of(reply).xpath("//code[@class='once']/text()")
    digest = tokens.digest_of(shown)
    assert digest is not None
    found = house.site.store.read(lambda tx: queries.token_by_digest(tx, digest))
    assert found is not None
    assert found[0].scopes == {Scope.METRICS, Scope.READ}
    assert reply.headers["cache-control"] == "no-store"
    assert shown not in house.get("/settings", ADMIN).body.decode()
    house.post(f"/settings/tokens/{found[0].id}/revoke", role=ADMIN)
    revoked = house.site.store.read(lambda tx: queries.token_by_id(tx, found[0].id))
    assert revoked is not None
    assert revoked.revoked_at is not None
    assert "said=gone" in house.post(f"/settings/tokens/{found[0].id}/revoke", role=ADMIN).headers["location"]


def test_a_token_that_may_nothing_is_not_made(house: House) -> None:
    reply = house.post("/settings/tokens", {"name": "x"}, ADMIN)

    assert (reply.status, text(tree_of(reply), "//*[@id='token-scope-fault']")) == (400, "Tick what it may do.")


# --- the log -----------------------------------------------------------------------------------------------------


def test_the_log_tells_who_changed_what_and_can_be_narrowed(house: House) -> None:
    house.post("/rules/silences", {"page": "acme", "for": "1h", "reason": "moving"})
    house.post("/channels/pager/enable")

    tree = house.look("/settings/audit", ADMIN)
    assert [one.text.strip() for one in tree.xpath("//ol/li//h3")] == ["channel.enable", "silence.add"]
    assert "filter.pages acme" in text(tree)
    narrowed = house.look("/settings/audit?action=silence.add", ADMIN)
    assert [one.text.strip() for one in narrowed.xpath("//ol/li//h3")] == ["silence.add"]
    assert "Nothing was changed yet." in text(house.look("/settings/audit?actor=nobody", ADMIN))
