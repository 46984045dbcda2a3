"""`statuswire import` from other tools: their lists of pages and checks, read into pages of ours.

Each reader turns one format into `Listed`; `matching` says what becomes of each, and why.
"""
