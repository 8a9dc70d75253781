import pytest

from tapewarden.domain.errors import SnapshotError
from tapewarden.engine.container import pack, unpack

KIND = b"some kind of its"
PARTS = {"b": b"\n \t second", "a": b" first", "empty": b""}
PACKED = pack(KIND, PARTS)


def test_parts_come_back_whatever_their_order_was() -> None:
    assert unpack(KIND, PACKED) == PARTS
    assert pack(KIND, dict(sorted(PARTS.items()))) == PACKED


def test_every_damaged_bit_of_header_and_body_is_noticed() -> None:
    for at in range(8 * len(PACKED)):
        damaged = bytearray(PACKED)
        damaged[at // 8] ^= 1 << at % 8
        with pytest.raises(SnapshotError, match="expected"):
            unpack(KIND, bytes(damaged))


def test_what_was_cut_off_is_noticed() -> None:
    for length in range(len(PACKED)):
        with pytest.raises(SnapshotError, match="expected"):
            unpack(KIND, PACKED[:length])


def test_another_kind_is_named_as_text_or_as_a_hash() -> None:
    with pytest.raises(
        SnapshotError, match="a thing of 'another kind, so', received one of 'some kind of its'"
    ):
        unpack(b"another kind, so", PACKED, "thing")
    with pytest.raises(SnapshotError, match="a snapshot of state ff00"):
        unpack(b"\xff\x00" * 8, PACKED)
