"""Files of certificates: whom a page may be believed to be signed by, instead of whom the machine trusts."""

from __future__ import annotations

import re
import ssl

from pydantic import ValidationInfo

from statuswire.config import secrets, words

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def read_certificates(file: str) -> str:
    """The certificates of a file in PEM, without what else stands there. Raises ValueError with what is wrong."""
    found = [match.group(0) for match in _CERTIFICATE.finditer(secrets.from_file(file))]
    if not found:
        raise ValueError(f"names a file without certificates in PEM: {file}")
    certificates = "\n".join(found) + "\n"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=certificates)
    except ssl.SSLError as error:
        raise ValueError(f"names a file with a certificate that cannot be read: {file}") from error
    return certificates


def certificates_of(ca_file: str, info: ValidationInfo) -> str:
    """The certificates of a setting `ca_file`; empty where it is, and without a context, when no file is read.

    Raises ValidationError.
    """
    if not ca_file or info.context is None:
        return ""
    try:
        return read_certificates(ca_file)
    except ValueError as error:
        raise words.together([(("ca_file",), str(error))]) from error
