"""What a request needs, and who has it: the one rule of who may do what. Pure."""

from __future__ import annotations

from enum import StrEnum

from statuswire.model import AccountRole, Principal, PrincipalKind, Scope

NOBODY = Principal(PrincipalKind.NOBODY)
MACHINE = Principal(PrincipalKind.MACHINE, "local", AccountRole.ADMIN)


class Need(StrEnum):
    """`open`: anybody, also without signing in. `see`: the state of pages, which public read-only mode shows to
    anybody. `view`: what only viewers see, such as deliveries and rules. `metrics`: a viewer, or a token for metrics.
    `operate` and `rule`: what operators and admins do."""

    OPEN = "open"
    SEE = "see"
    METRICS = "metrics"
    VIEW = "view"
    OPERATE = "operate"
    RULE = "rule"


_ROLES: dict[Need, AccountRole] = {
    Need.SEE: AccountRole.VIEWER,
    Need.METRICS: AccountRole.VIEWER,
    Need.VIEW: AccountRole.VIEWER,
    Need.OPERATE: AccountRole.OPERATOR,
    Need.RULE: AccountRole.ADMIN,
}


def allows(principal: Principal, need: Need, *, is_public: bool) -> bool:
    """Whether they may. `is_public`: anybody sees the state of pages. What is not said here is not allowed."""
    if need is Need.OPEN or (need is Need.SEE and is_public):
        return True
    if need is Need.METRICS and Scope.METRICS in principal.scopes:
        return True
    return principal.role is not None and principal.role.includes(_ROLES[need])
