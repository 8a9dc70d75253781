"""What belongs to cases in a data folder: the database, and the key that signs heads of its audit trail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tapewarden.cases.audit import read_private_key, read_public_key
from tapewarden.domain.errors import InputError

DATABASE: Final = "cases.db"
KEY: Final = "audit.key"
PUBLIC_KEY: Final = "audit.pub"


def database_url(folder: Path) -> str:
    """The URL of a folder's own database, SQLite."""
    return f"sqlite:///{folder / DATABASE}"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key of a folder, made at the first time, for nobody but its owner to read.

    The public key is put beside it; take a copy of that to where nobody who runs the server can write.

    Raises:
        InputError: The file is no such key, or cannot be read or made.
    """
    path = folder / KEY
    try:
        if not path.exists():
            _make(path)
        key = read_private_key(path.read_bytes(), str(path))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if not (folder / PUBLIC_KEY).exists():
            (folder / PUBLIC_KEY).write_bytes(public)
    except OSError as error:
        raise InputError(str(path), "the key that signs the audit trail", str(error)) from None
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The key in a file; ``InputError`` for anything else."""
    try:
        return read_public_key(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(str(path), "the public key of an audit trail", str(error)) from None


def _make(path: Path) -> None:
    """Make a key; two processes at once make one."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(new, path)  # fails where the other was first
    except FileExistsError:
        pass
    finally:
        new.unlink()
