"""Undo a content encoding without ever holding more than a stated number of bytes.

A body of 3 KiB can inflate to gigabytes (decompression bomb), so every decoder is asked for a bounded amount and
refuses to go on; stacked encodings are refused outright. A body that ends early is an error, never a shorter body.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from statuswire.errors import FetchError, FetchReason
from statuswire.extras import optional

brotli, zstandard = optional("brotli"), optional("zstandard")
ACCEPT_ENCODING = "gzip" + (", br;q=0.5" if brotli else "") + (", zstd;q=0.5" if zstandard else "")
"""What is asked for: what can be undone here. The other two libraries come with extras (`fast`, `archive`)."""

_MAX_RATIO = 200
_RATIO_FREE_BYTES = 64 * 1024
_MAX_MEMBERS = 256
_ZSTD_SLICE_BYTES = 256
"""A zstd block of 4 bytes may say "128 KiB of one byte": a slice this small inflates to 8 MiB at most."""
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024
"""What RFC 8878 section 3.1.1.1.2 asks every decoder to support, and RFC 9659 every sender to stay within."""

Decoder = Callable[[bytes, int], bytes]


def inflate(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """The decoded body; `encoding` is the value of Content-Encoding.

    Raises FetchError: ENCODING for an unknown or stacked encoding, a damaged or a truncated body; TOO_LARGE above
    `max_bytes`, or above 200 times the encoded size where more than 64 KiB come out.
    """
    decode = _decoder(encoding)
    if decode is None:
        return _checked(body, max_bytes)
    limit = min(max_bytes, max(_RATIO_FREE_BYTES, _MAX_RATIO * len(body)))
    try:
        decoded = decode(body, limit)
    except (*_FAULTS, EOFError) as error:
        raise FetchError(FetchReason.ENCODING, f"the body is not valid {_word(encoding)}: {error}") from error
    return _checked(decoded, limit)


def is_encoded(encoding: str) -> bool:
    """Whether Content-Encoding names more than `identity`."""
    return _word(encoding) not in _PLAIN


def _word(encoding: str) -> str:
    return encoding.strip().lower()[:40]


def _decoder(encoding: str) -> Decoder | None:
    word = _word(encoding)
    if word in _PLAIN:
        return None
    decode = _DECODERS.get(word)
    if decode is None:
        raise FetchError(FetchReason.ENCODING, f"content encoding {word!r} was not asked for")
    return decode


def _checked(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> FetchError:
    return FetchError(FetchReason.TOO_LARGE, f"the body inflates to more than {limit} bytes")


# Each decoder returns at most a little more than `limit` bytes; more than `limit` means "too large".


def _gunzip(body: bytes, limit: int) -> bytes:
    """All members of a gzip body; zero bytes after the last one are padding (as gzip(1) has it)."""
    decoded, rest = b"", body
    for _ in range(_MAX_MEMBERS):
        member, rest = _unzlib(rest, limit - len(decoded), 16 + zlib.MAX_WBITS)
        decoded = decoded + member if decoded else member
        if not rest.strip(b"\0") or len(decoded) > limit:
            return decoded
    raise EOFError("too many members")


def _undeflate(body: bytes, limit: int) -> bytes:
    """RFC 9110 section 8.4.1.2 means zlib; some servers send the bare stream, which no zlib header resembles."""
    has_header = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    decoded, rest = _unzlib(body, limit, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
    if rest and len(decoded) <= limit:
        raise EOFError("bytes after the end")
    return decoded


def _unzlib(body: bytes, limit: int, window_bits: int) -> tuple[bytes, bytes]:
    """One stream and what follows it."""
    stream = zlib.decompressobj(window_bits)
    decoded = stream.decompress(body, max(limit, 0) + 1)
    if not stream.eof and len(decoded) <= limit:
        raise EOFError("it ends early")
    return decoded, stream.unused_data


def _unbrotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts = [stream.process(body, output_buffer_limit=limit + 1)]
    size = len(parts[0])
    while size <= limit and not stream.can_accept_more_data():
        parts.append(stream.process(b"", output_buffer_limit=limit + 1 - size))
        size += len(parts[-1])
    if size <= limit and not stream.is_finished():
        raise EOFError("it ends early")
    return b"".join(parts)


def _unzstd(body: bytes, limit: int) -> bytes:
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES).decompressobj()
    decoded = bytearray()
    for start in range(0, len(body), _ZSTD_SLICE_BYTES):
        if stream.eof:
            raise EOFError("bytes after the end")
        decoded += stream.decompress(body[start : start + _ZSTD_SLICE_BYTES])
        if len(decoded) > limit:
            raise _too_large(limit)
    if not stream.eof or stream.unused_data:
        raise EOFError("it does not end where the body ends")
    return bytes(decoded)


_FAULTS = (zlib.error, *((brotli.error,) if brotli else ()), *((zstandard.ZstdError,) if zstandard else ()))
_PLAIN = frozenset({"", "identity"})
_DECODERS: Mapping[str, Decoder] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    **({"br": _unbrotli} if brotli else {}),
    **({"zstd": _unzstd} if zstandard else {}),
}
