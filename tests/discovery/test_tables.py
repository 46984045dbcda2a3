"""The tables of discovery: every row means a page that exists, and is written in the form that is looked up."""

from __future__ import annotations

import re

import pytest

from statuswire.catalog import shipped
from statuswire.discovery import tables
from statuswire.discovery.seen import PACKAGES, SURENESS_WORDS, Kind, Sureness

TABLES = ("packages", "hosts", "environment", "terraform", "registries", "files")
SLUGS = {one.slug for one in shipped()}


@pytest.mark.parametrize("table", TABLES)
def test_every_slug_of_a_table_is_in_the_catalog(table: str) -> None:
    assert {row["slug"] for row in tables.rows(table)} - SLUGS - {""} == set()


@pytest.mark.parametrize("table", TABLES)
def test_every_row_names_something_and_nothing_is_named_twice(table: str) -> None:
    rows = tables.rows(table)
    columns = [name for name in rows[0] if name not in ("slug", "sureness")]

    for column in columns:
        names = [name.lower() for row in rows for name in row[column].split()]
        assert sorted(names) == sorted(set(names))
    assert all(any(row[column] for column in columns) for row in rows)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_in_the_order_of_its_slugs(table: str) -> None:
    slugs = [row["slug"] for row in tables.rows(table) if row["slug"]]

    assert slugs == sorted(slugs)


def test_a_name_that_stands_for_more_ends_at_a_cut() -> None:
    names = [name for row in tables.rows("packages") for kind in PACKAGES for name in row[kind].split()]
    names += [name for row in tables.rows("environment") for name in row["names"].split()]

    assert [name for name in names if "*" in name and not re.fullmatch(r"[^*]+[-/_.]\*", name)] == []


def test_how_sure_a_row_makes_is_one_of_the_three_words() -> None:
    words = {row["sureness"] for table in ("packages", "files") for row in tables.rows(table)}

    assert words <= SURENESS_WORDS.keys()


def test_the_tables_know_some_hundred_vendors() -> None:
    known = {row["slug"] for table in TABLES for row in tables.rows(table)} - {""}

    assert 250 <= len(known) <= 450


@pytest.mark.parametrize(
    ("kind", "name", "slug"),
    [
        (Kind.NPM, "@aws-sdk/client-s3", "aws"),
        (Kind.NPM, "stripe", "stripe"),
        (Kind.NPM, "@Stripe/stripe-js", "stripe"),
        (Kind.NPM, "@mapbox/node-pre-gyp", ""),
        (Kind.PYPI, "google-cloud-storage", "google-cloud"),
        (Kind.GO, "github.com/stripe/stripe-go/v76", "stripe"),
        (Kind.GO, "github.com/google/go-github/v62/github", "github"),
        (Kind.GO, "github.com/Azure/go-ansiterm", ""),
        (Kind.CARGO, "aws-sdk-s3", "aws"),
        (Kind.COMPOSER, "sentry/sentry-laravel", "sentry"),
        (Kind.GEM, "aws-sdk-sns", "aws"),
    ],
)
def test_a_package_means_its_vendor(kind: Kind, name: str, slug: str) -> None:
    found = tables.find(tables.packages(kind), name)

    assert found is not None and found.slug == slug


@pytest.mark.parametrize("name", ["stripes", "left-pad", "github.com/stripes/x", "", "*", "-"])
def test_a_name_that_only_looks_like_one_means_nobody(name: str) -> None:
    assert all(tables.find(tables.packages(kind), name) is None for kind in PACKAGES)


def test_hosts_come_of_the_catalog_and_the_table_says_more() -> None:
    assert tables.host_of_vendor("api.stripe.com") == ("stripe.com", tables.hosts()["stripe.com"])
    assert tables.hosts()["stripe.com"].slug == "stripe"
    assert tables.hosts()["amazonaws.com"].slug == "aws"
    assert tables.host_of_vendor("notstripe.com") is None
    assert tables.host_of_vendor("com") is None


def test_a_software_that_may_be_run_elsewhere_makes_less_sure() -> None:
    assert tables.packages(Kind.PYPI)["elasticsearch"].sureness is Sureness.FAIR
    assert tables.packages(Kind.NPM)["mongodb"].sureness is Sureness.WEAK
