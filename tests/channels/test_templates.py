"""User templates: what they can say, what they cannot do, and that none of them can hang."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.channels import phrasing
from statuswire.channels.template_filters import FILTERS, OUTPUT_LIMIT
from statuswire.channels.template_language import SIZE_LIMIT, TESTS
from statuswire.channels.template_sample import SAMPLE
from statuswire.channels.template_values import NAMES, values
from statuswire.channels.templates import Templates, check, render, worded
from statuswire.model import (
    AffectedComponent,
    EventIncident,
    EventType,
    Impact,
    Kind,
    MessageKind,
    Phase,
    Status,
    Wording,
)
from tests.channels.events import AT, component_event, feed_event, incident_event, page_event
from tests.channels.playing import about, heartbeat


def said(text: str, message: Any = None) -> str:
    """What the template makes of a message, without the fallback."""
    assert check(text) == ()
    return render(text, values(message or about()))


def problems(text: str) -> list[str]:
    return [f"{one.line}: {one.text}" for one in check(text)]


# --- what they can say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("{{ headline }}", "Degraded - Acme Relay: API - Slow API"),
        ("{{ state|upper }} {{ page.name }} ({{ page.slug }})", "DEGRADED Acme Relay (acme)"),
        ("{{ incident.title|truncate(5) }}", "Slow…"),
        ("{{ incident.components|map('name')|join(', ') }}", "API"),
        ("{{ incident.components|join('+', attribute='status') }}", "unknown"),
        ("{% for fact in facts %}{{ loop.index }}.{{ fact.label }};{% endfor %}", "1.Since;2.Impact;3.Phase;"),
        ("{{ update.text if update else 'nothing' }}", "A bad deploy."),
        ("{% if 'deploy' in words %}ours{% elif 'x' not in words %}theirs{% endif %}", "ours"),
        ("{% if state in ['Degraded', 'Major outage'] %}yes{% endif %}", "yes"),
        ("{% set n = incident.components|length + 1 %}{{ n }}", "2"),
        ("{{ component.name|default('no component') }}", "no component"),
        ("{{ (component or incident).id }}", "w2x4"),
        ("{{ 'a' ~ 1 ~ page.slug }}", "a1acme"),
        ("{{ event.lag_s }} {{ event.type }} {{ event.id }}", "2.0 incident.updated 812"),
        ("{{ words|replace('bad', 'good') }} {{ words[2:5] }}", "A good deploy. bad"),
        ("{{ page|json }}", '{"slug":"acme","name":"Acme Relay","url":"https://status.acme-relay.example",'
         '"from":null,"to":null}'),
        ("{# a comment #}{{ 7 // 2 }} {{ 1.25|round(1) }} {{ '3'|int - 1 }}", "3 1.2 2"),
        ("<b>{{ words }}</b> & more", "<b>A bad deploy.</b> & more"),
    ],
)  # fmt: skip
def test_a_template_says_what_an_event_holds(text: str, expected: str) -> None:
    assert said(text) == expected


def test_each_part_of_an_event_is_there_or_none() -> None:
    text = "{% if incident %}i{% endif %}{% if component %}c{% endif %}{% if feed %}f{% endif %}{{ page.to or '' }}"
    told = [incident_event(), component_event(), feed_event(EventType.FEED_FAILING), page_event()]

    assert [said(text, about(event)) for event in told] == ["i", "c", "f", "degraded"]


def test_a_heartbeat_has_a_standing_and_no_event() -> None:
    assert said("{{ standing.label if standing else event.type }} {{ events|length }}", heartbeat()) == "DEGRADED 0"


def test_the_duration_is_until_the_end_or_until_now() -> None:
    begun = AT - timedelta(minutes=72)
    incident = EventIncident("a", "b", Kind.INCIDENT, Phase.RESOLVED, Impact.MINOR, "", begun, AT)

    assert said("{{ duration }}", about(replace(incident_event(), incident=incident))) == "1 h 12 min"
    assert said("{{ duration }}", about(component_event())) == ""


def test_several_events_can_be_listed() -> None:
    digest = about(incident_event(), component_event(), kind=MessageKind.DIGEST, reason="hourly")

    assert said("{% for one in events %}{{ one.type }} {% endfor %}({{ kind }}, {{ reason }})", digest) == (
        "incident.updated component.status_changed (digest, hourly)"
    )


def test_the_sample_has_a_value_for_every_name_and_every_part() -> None:
    assert tuple(SAMPLE) == NAMES
    assert {name: value for name, value in SAMPLE.items() if value is None or value in ("", [])} == {}
    assert None not in [value for part in (SAMPLE["event"], SAMPLE["incident"]) for value in part.values()]


# --- in place of a channel's own words ---------------------------------------------------------------------------


def test_a_message_gets_the_words_of_its_templates() -> None:
    wording, reason = worded(about(), Templates("{{ state }}:\n{{ page.name }}", "{{ words }}\n\n"))

    assert (wording, reason) == (Wording("Degraded: Acme Relay", "A bad deploy."), "")
    assert phrasing.headline(about(wording=wording)) == "Degraded: Acme Relay"


def test_one_template_leaves_the_other_part_as_it_was() -> None:
    assert worded(about(), Templates(title="x"))[0] == Wording("x", "A bad deploy.")
    assert worded(about(), Templates(body="x"))[0] == Wording("Degraded - Acme Relay: API - Slow API", "x")


@pytest.mark.parametrize(
    "templates, reason",
    [
        (Templates(body="a\n{{ component.name }}"), "body, line 2: 'None' has no attribute 'name'"),
        (Templates(title="{{ incident.nothing }}"), "title, line 1: 'dict object' has no attribute 'nothing'"),
        (Templates(title="{{ ''|trim }}"), "title: is empty"),
        (Templates(title="{% if %}"), "title, line 1: Expected an expression, got 'end of statement block'"),
        (Templates(body="{{ 1 // 0 }}"), "body, line 1: integer division or modulo by zero"),
        (Templates(body="{{ words|round }}"), "body, line 1: could not convert string to float: 'A bad deploy.'"),
        (Templates(body="\n{% for a in events %}{{ a < 1 }}{% endfor %}"), "body, line 2: "),
        (Templates(body="{{ 1 ~ 2 + 'a' }}"), "body, line 1: `+` takes numbers; texts are joined by `~`"),
    ],
)
def test_o12_a_template_that_fails_leaves_the_default_words_and_says_why(templates: Templates, reason: str) -> None:
    wording, found = worded(about(), templates)

    assert wording is None
    assert found.startswith(reason)


# --- what is found beforehand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a\n{{ headlin }}", "2: knows no `headlin`"),
        ("a\n\n{{ incident.titel }}", "3: 'dict object' has no attribute 'titel'"),
        ("{% if a %}", "1: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or "
         "'endif'. The innermost block that needs to be closed is 'if'."),
        ("\n{{ words|shout }}", "2: knows no filter `shout`"),
        ("{{ words is big }}", "1: knows no test `big`"),
        ("{{ words.upper() }}", "1: may not use a call"),
        ("{{ 2 * 3 }}", "1: may not use `*`"),
        ("{{ 2 ** 3 }}", "1: may not use `**`"),
        ("{{ '%99s' % 1 }}", "1: may not use `%`"),
        ("{% include 'secret' %}", "1: may not use include"),
        ("{% extends 'secret' %}", "1: may not use extends"),
        ("{% import 'secret' as s %}", "1: may not use import"),
        ("{% macro m() %}{% endmacro %}", "1: may not use a macro"),
        ("{% set x %}{% endset %}", "1: may not use a set section"),
        ("{% filter upper %}{% endfilter %}", "1: may not use a filter section"),
        ("{% for a in events recursive %}{% endfor %}", "1: may not use a recursive loop"),
        ("{{ words|join(*facts) }}", "1: may not spread arguments"),
        ("{{ 1 < 2 in facts }}", "1: may compare with `in` only by itself"),
        ("{{ words|_turns(0) }}", "1: knows no filter `_turns`"),
        ("{{ _meter }}", "1: knows no `_meter`"),
        ("{% set _meter = 1 %}", "1: knows no `_meter`"),
        ("{% set words.x = 1 %}", "1: may not use a name with a dot in set"),
        ("{% set a = [words, [1]] %}", "1: may have nothing but texts and numbers in a list"),
        ("{{ self }}", "1: knows no `self`"),
        ("{{ range }}", "1: knows no `range`"),
        ("{{ 1e999 }}", "1: holds a number that cannot be read"),
        ("{{ loop.index }}", "1: 'loop' is undefined"),
        ("x" * (SIZE_LIMIT + 1), "1: is larger than 16 KiB"),
    ],
)  # fmt: skip
def test_check_tells_what_is_wrong_and_on_which_line(text: str, expected: str) -> None:
    assert expected in problems(text)


def test_check_tells_all_that_is_wrong_in_order() -> None:
    assert problems("{{ a }}\n{{ words|b }}\n{{ c() }}") == [
        "1: knows no `a`",
        "2: knows no filter `b`",
        "3: may not use a call",
        "3: knows no `c`",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ words['__class__'] }}",
        "{{ words|map('__class__')|join }}",
        "{{ events|join(',', attribute='__class__') }}",
        "{{ facts.append }}",
        "{{ page.items }}",
        "{{ (1).real }}",
        "{% for a in events %}{{ loop._iterator }}{% endfor %}",
        "{% for a in events %}{{ loop.__init__ }}{% endfor %}",
        "{{ none.__class__ }}",
    ],
)
def test_no_attribute_of_a_python_object_can_be_reached(text: str) -> None:
    assert check(text)
    assert worded(about(), Templates(body=text))[1]


# --- none can hang -----------------------------------------------------------------------------------------------

COMPONENTS = tuple(AffectedComponent(str(number), "API", "EU", Status.DEGRADED) for number in range(500))
MANY = about(
    *[incident_event("word " * 20_000, affected=COMPONENTS) for _ in range(300)],
    kind=MessageKind.DIGEST,
)
"""More and longer than any real one."""

NESTED = "{% for a in events %}" * 6 + "x" + "{% endfor %}" * 6
HOSTILE = {
    "range": "{% for a in range(10 ** 9) %}{% endfor %}",
    "multiplied text": "{{ 'x' * 10 ** 9 }}",
    "a power": "{{ 10 ** 10 ** 10 }}",
    "a folded power": "{{ (9 ** 9 ** 9)|length }}",
    "a width": "{{ '%1000000000d' % 1 }}",
    "a format": "{{ '{:>1000000000}'.format(1) }}",
    "a centre": "{{ 'x'|center(10 ** 9) }}",
    "loops in loops": NESTED,
    "loops that print nothing": NESTED.replace("x", ""),
    "loops over filtered lists": "{% for a in events if a.id %}" * 4 + "{{ a|json|length }}" + "{% endfor %}" * 4,
    "loops over a text": "{% for a in words %}{% for b in words %}{% endfor %}{% endfor %}",
    "doubling": "{% set a = 'xxxxxxxx' %}" + "{% set a = a ~ a %}" * 600 + "{{ a }}",
    "doubling a list": "{% set a = [1, 1] %}" + "{% set a = a + a %}" * 600,
    "lists of lists": "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 500 + "{{ a }}",
    "lists of lists as a text": "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 500 + "{{ (a ~ '')|length }}",
    "lists of lists as JSON": "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 500 + "{{ a|json|length }}",
    "lists of lists compared": "{% set a = [1, 1] %}{% set b = [1, 1] %}"
    + "{% set a = [a, a] %}{% set b = [b, b] %}" * 300
    + "{{ a == b }}",
    "lists of lists joined": "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 500 + "{{ a|join }}",
    "replacing nothing": "{{ words|replace('', words) }}",
    "replacing again and again": "{{ words" + "|replace('w', 'wwwwwwww')" * 400 + " }}",
    "looking for a text in texts": "{% for a in events %}"
    + "{% if 'word word word word word x' in words %}{% endif %}" * 200
    + "{% endfor %}",
    "printing it all": "{{ events }}" * 1_000,
    "joining it all": "{% for a in events %}{{ (events ~ events)|length }}{% endfor %}",
    "all of it as JSON": "{% for a in events %}{{ events|json|length }}{% endfor %}",
    "joining by a text": "{{ words|join(words) }}",
    "rounding": "{{ 5|round(-1000000000) }}{{ 5|round(1000000000) }}",
    "cutting": "{{ words|truncate(1000000000) }}" * 500,
    "numbers beyond all": "{{ 1e308 + 1e308 - 1e308 - 1e308 }}{{ (1e308 + 1e308)|int }}",
    "lists compared": "{% for a in events %}{{ events[1:] == events[:99] }}{{ a in events }}{% endfor %}" * 20,
    "texts compared": "{% set x = words ~ 'a' %}{% set y = words ~ 'b' %}"
    + "{% for a in events %}{% for b in a.incident.components %}{{ x < y }}{% endfor %}{% endfor %}",
    "many texts in one": "{{ words" + " ~ words" * 2_000 + " }}",
    "brackets": "{{ " + "(" * 8_000 + " }}",
    "lists": "{{ " + "[" * 8_000 + "]" * 8_000 + " }}",
    "minus": "{{ " + "-" * 16_000 + "1 }}",
    "not": "{{ " + "not " * 4_000 + "1 }}",
    "a long chain": "{{ words" + ".a" * 8_000 + " }}",
    "a chain of filters": "{{ words" + "|upper" * 100 + " }}",
    "filters on filters": "{{ words" + "|upper" * 2_700 + " }}",
    "ifs in ifs": "{% if 1 %}" * 1_000 + "{% endif %}" * 500,
    "closed ifs in ifs": "{% if 1 %}" * 700 + "{% endif %}" * 700,
    "loops in twenty loops": "{% for a in events %}" * 30 + "{% endfor %}" * 30,
    "digits": "{{ " + "9" * 16_000 + " }}",
    "many names": "".join(f"{{% set a{n} = 1 %}}" for n in range(800)),
    "many comparisons": "{{ 1" + " < 2" * 4_000 + " }}",
    "open tags": "{%" * 8_000,
    "open comments": "{#" * 8_000,
    "raw": "{% raw %}" * 1_800,
    "blanks": "{{" + " " * 16_000 + "}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_ended_or_refused_or_small(name: str) -> None:
    text = HOSTILE[name]
    assert len(text) <= SIZE_LIMIT

    check(text)
    wording, reason = worded(MANY, Templates(body=text))

    assert reason if wording is None else len(wording.body) <= OUTPUT_LIMIT


@pytest.mark.parametrize(
    "name, reason",
    [
        ("loops in loops", "does more than 50,000 steps"),
        ("loops that print nothing", "does more than 50,000 steps"),
        ("doubling", "makes a text of more than 65,536 characters"),
        ("replacing nothing", "makes a text of more than 65,536 characters"),
        ("looking for a text in texts", "does more than 50,000 steps"),
        ("printing it all", "makes a text of more than 65,536 characters"),
        ("all of it as JSON", "makes a text of more than 65,536 characters"),
        ("a chain of filters", "is nested deeper than 40"),
        ("digits", "is nested too deeply, or holds a number that cannot be read"),
    ],
)
def test_the_reason_says_what_was_too_much(name: str, reason: str) -> None:
    assert reason in worded(MANY, Templates(body=HOSTILE[name]))[1]


def test_an_honest_template_over_a_large_digest_has_steps_to_spare() -> None:
    text = (
        "{% for one in events %}{{ loop.index }}. {{ one.page.name }}: {{ one.incident.title }}"
        "{% for component in one.incident.components[:5] %}\n  {{ component.name }} {{ component.status }}{% endfor %}"
        "\n{% endfor %}"
    )

    assert check(text) == ()
    assert len(render(text, values(MANY)).splitlines()) == 600


@given(st.text(alphabet="{}%#|~<>+-*/()[].,'\"=! \nabcefilnorstuw01", max_size=200))
@settings(max_examples=300)
def test_whatever_is_written_check_answers(text: str) -> None:
    assert isinstance(check(text), tuple)


EXPRESSIONS = st.recursive(
    st.sampled_from([*NAMES, "1", "'x'", "[]", "none"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([name for name in FILTERS if name[0] != "_"])).map("|".join),
        st.tuples(inner, inner).map(" ~ ".join),
        st.tuples(inner, inner).map(" in ".join).map("({})".format),
        st.tuples(inner, st.sampled_from(TESTS)).map(" is ".join).map("({})".format),
        st.tuples(inner, st.sampled_from(["name", "id", "0", "__class__"])).map(".".join),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=200)
def test_whatever_is_asked_a_message_comes_out(items: str, body: str) -> None:
    text = f"{{% for one in {items} %}}{{{{ {body} }}}}{{% endfor %}}"

    wording, reason = worded(about(), Templates(body=text))

    assert (wording is None) == bool(reason)
