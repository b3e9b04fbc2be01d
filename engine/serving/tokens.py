"""Who may ask: anyone on this machine, or whoever knows a token."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.core.errors import DataError

SHORTEST: Final = 16  # characters of a token


def read_tokens(path: Path) -> tuple[bytes, ...]:
    """The tokens in a file, one a line, so that one can replace another. Raises DataError."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise DataError(path, f"the token cannot be read: {error.strerror}") from None
    tokens = tuple(line.strip() for line in lines if line.strip())
    if not tokens or min(map(len, tokens)) < SHORTEST:
        raise DataError(
            path,
            f"a token must have {SHORTEST} characters at least: "
            f"`openssl rand -hex 32 > {path}` makes one",
        )
    return tokens


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an IP address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def knows_token(authorization: str, tokens: Sequence[bytes]) -> bool:
    """Whether the header holds one of the tokens: as a bearer, or as the name of a user.

    The second is how clients of Dataiku's API node send their key. How long this takes
    does not depend on how much of a token is right.
    """
    scheme, _, rest = authorization.partition(" ")
    given = b""
    if scheme.lower() == "bearer":
        given = rest.strip().encode()
    elif scheme.lower() == "basic":
        try:
            given = base64.b64decode(rest.strip(), validate=True).partition(b":")[0]
        except (binascii.Error, ValueError):
            given = b""
    found = False
    for token in tokens:
        found |= hmac.compare_digest(given, token)
    return found
