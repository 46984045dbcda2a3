"""Mail as a source: taken in by SMTP, LMTP, from a Maildir or by IMAP, kept in the inbox, read like any hook.

    listener (SMTP, LMTP) ─┐
    maildir ───────────────┼─ intake ── engine/inbox ── reading ── ingest.record
    imap ──────────────────┘  page by secret address, DKIM, automatic answers, confirmations

A mail is acknowledged after the commit that holds it. No link of it is followed and no image of it fetched.
"""
