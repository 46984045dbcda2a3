"""Migrations: raw SQL, forward only, run by `python -m statuswire.store.migrations` in a child process.

A migration is a file in `versions/`, `NNNN_name.sql`, and a word in `schema.REVISIONS`; what only one engine needs
stands beside it in `NNNN_name.ENGINE.sql`. A brand-new database is made from the same statements. The table that says
how far a database has come is Alembic's, which ran them before (docs/decisions/small-base.md).
"""
