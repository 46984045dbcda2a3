"""Who may come in: tokens, sessions, passwords, sign-in elsewhere, and the log of what they change.

tokens, sessions ─ what a program or a browser shows     pure, with the rules of when it is over
passwords, oidc  ─ how a person proves who they are      loaded with the first sign-in, for the memory they take
attempts         ─ how often one may be wrong
deciding         ─ whom that makes                       one transaction each
"""
