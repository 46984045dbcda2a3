"""Whole databases: moved from one engine to the other, kept in a file, and made from such a file again.

moving     migrate: table by table, in batches, with a mark in the target; compared at the end
keeping    backup: one consistent view, as a file that any engine takes
restoring  restore: the file checked, then all of it in one transaction
format     the file itself
checks     what may be copied from where to where
"""
