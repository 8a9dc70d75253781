"""Signed heads: a key holder's word on how long the trail was, and what its last digest.

A chain alone cannot show that its end was cut off, or that it was rewritten from some entry on. A head that
is signed with Ed25519 (RFC 8032) and kept elsewhere can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from tapewarden.cases.audit.canonical import canonical
from tapewarden.domain.errors import InputError

_PURPOSE: Final = b"tapewarden audit head 1\n"  # so that no other signature of the key can pass for a head
_MESSAGE: Final = "an Ed25519 {kind} key in PEM, without a password"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The trail had ``number`` entries, the last with ``digest`` (hexadecimal), at ``at_ns``, ns UTC."""

    number: int
    digest: str
    at_ns: int
    signature: str

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the signature is that of the key over exactly this head."""
        try:
            key.verify(bytes.fromhex(self.signature), _signed(self.number, self.digest, self.at_ns))
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(key: Ed25519PrivateKey, number: int, digest: bytes, at_ns: int) -> SignedHead:
    """The head of a trail of ``number`` entries whose last digest is ``digest``."""
    signature = key.sign(_signed(number, digest.hex(), at_ns))
    return SignedHead(number, digest.hex(), at_ns, signature.hex())


def read_private_key(pem: bytes, source: str) -> Ed25519PrivateKey:
    """The key to sign heads with; ``InputError`` naming ``source`` for anything else."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(source, _MESSAGE.format(kind="private"), "something else")
    return key


def read_public_key(pem: bytes, source: str) -> Ed25519PublicKey:
    """The key to check heads with; ``InputError`` naming ``source`` for anything else."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(source, _MESSAGE.format(kind="public"), "something else")
    return key


def _signed(number: int, digest: str, at_ns: int) -> bytes:
    return _PURPOSE + canonical({"at_ns": at_ns, "digest": digest, "number": number}).encode()
