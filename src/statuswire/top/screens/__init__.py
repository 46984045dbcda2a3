"""The screens: what is wrong now, what was, one page, one thread, the keys."""
