"""Alembic migrations: raw SQL, forward only, run by `python -m statuswire.store.migrations PATH` in a child process.

A migration is a pair of files in `versions/`: `NNNN_name.sql` with the statements and `NNNN_name.py` that Alembic runs.
The statements stand apart so that a brand-new database can be made from them without importing Alembic (150 ms).
"""
