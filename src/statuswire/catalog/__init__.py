"""The catalog of known status pages (`catalog.csv`), and what a user may mean by a word or an address."""

from statuswire.catalog.rows import OWN_FILE, Provider, own, providers, read_file, read_rows, shipped, write_rows
from statuswire.catalog.searching import find, nearest, search
from statuswire.catalog.targets import Target, is_feed_address, place_of, resolve, slug_of, target_of

__all__ = [
    "OWN_FILE",
    "Provider",
    "Target",
    "find",
    "is_feed_address",
    "nearest",
    "own",
    "place_of",
    "providers",
    "read_file",
    "read_rows",
    "resolve",
    "search",
    "shipped",
    "slug_of",
    "target_of",
    "write_rows",
]
