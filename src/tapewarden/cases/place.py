"""What belongs to cases in a data folder: the database, and the key that signs heads of its audit trail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tapewarden.domain.errors import InputError

if TYPE_CHECKING:  # the command line asks for names alone, and should answer at once
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FOLDER: Final = Path("tapewarden-data")
"""Where a server keeps its data unless told otherwise."""

DATABASE: Final = "cases.db"
KEY: Final = "audit-key.pem"
PUBLIC_KEY: Final = "audit-key.pub.pem"


def database_url(folder: Path) -> str:
    """The URL of a folder's own database, SQLite."""
    return f"sqlite:///{folder / DATABASE}"


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file, made at the first time, for nobody but its owner to read.

    Its public part is put beside it, ``audit-key.pub.pem`` beside ``audit-key.pem``: take a copy of that to
    where nobody who runs the server can write. With it anybody can verify the trail.

    Raises:
        InputError: The file holds no such key, or cannot be read or made.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from tapewarden.cases.audit import read_private_key

    public = path.with_suffix(f".pub{path.suffix}")
    try:
        if not path.exists():
            _make(path)
        key = read_private_key(path.read_bytes(), str(path))
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if not public.exists() or public.read_bytes() != pem:  # a kill may have left a part of it
            public.write_bytes(pem)
    except OSError as error:
        raise InputError(
            str(path), "the key that signs the audit trail", error.strerror or str(error)
        ) from None
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The key in a file; ``InputError`` for anything else."""
    from tapewarden.cases.audit import read_public_key

    try:
        return read_public_key(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(
            str(path), "the public key of an audit trail", error.strerror or str(error)
        ) from None


def _make(path: Path) -> None:
    """Make a key; two processes at once make one, and one that is killed makes none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(parents=True, exist_ok=True)
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
