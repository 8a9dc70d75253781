"""The audit trail: what its chain and its heads find."""

import json
from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from tapewarden.cases.audit import (
    GENESIS,
    Entry,
    FaultKind,
    Link,
    SignedHead,
    link,
    read_private_key,
    read_public_key,
    sign,
    verify,
    write_trail,
)
from tapewarden.cases.audit.canonical import canonical
from tapewarden.domain.errors import FieldError, InputError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def chain(entries: Sequence[Entry]) -> list[Link]:
    links: list[Link] = []
    for number, entry in enumerate(entries, start=1):
        links.append(link(number, links[-1].digest if links else GENESIS, entry))
    return links


def entry(number: int) -> Entry:
    return Entry(
        at_ns=1_700_000_000_000_000_000 + number,
        actor="vera",
        action="case.assign",
        subject=f"case {number}",
        old={"assignee": None},
        new={"assignee": "vera"},
        reason="mine",
    )


def head(links: Sequence[Link], key: Ed25519PrivateKey = KEY) -> SignedHead:
    return sign(key, len(links), links[-1].digest if links else GENESIS, 5)


LINKS = chain([entry(number) for number in range(1, 7)])
MIDDLE, HEAD = head(LINKS[:3]), head(LINKS)
LINES = list(write_trail(LINKS, [MIDDLE, HEAD]))  # 1 2 3 head 4 5 6 head


def found(lines: Sequence[str], *held: SignedHead) -> tuple[int, FaultKind | None]:
    verdict = verify(lines, PUBLIC, held)
    if verdict.fault is None:
        return verdict.sound, None
    assert verdict.fault.number == verdict.sound + 1
    return verdict.fault.number, verdict.fault.kind


def test_a_whole_trail_verifies() -> None:
    assert found(LINES) == (6, None)
    assert found(LINES, MIDDLE, HEAD) == (6, None)


def test_an_empty_trail_verifies_by_its_head() -> None:
    assert found(list(write_trail([], [head([])]))) == (0, None)
    assert found(list(write_trail(LINKS, [head([]), MIDDLE, HEAD]))) == (6, None)
    assert found([]) == (1, FaultKind.TRUNCATED)


def test_a_digest_is_the_hash_of_the_one_before_and_the_canonical_entry() -> None:
    assert LINES[0] == (
        '{"digest":"c44dcc","entry":{"action":"case.assign","actor":"vera","at_ns":1700000000000000001,'
        '"new":{"assignee":"vera"},"number":1,"old":{"assignee":null},"reason":"mine","subject":"case 1"}}\n'
    ).replace("c44dcc", LINKS[0].digest.hex())


@pytest.mark.parametrize("field", ["at_ns", "actor", "action", "subject", "old", "new", "reason"])
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_change_of_any_field_is_found(field: str, place: int) -> None:
    spot = [0, 1, 2, 4, 5, 6][place]
    value = json.loads(LINES[spot])
    value["entry"][field] = 3 if field == "at_ns" else {"assignee": "mallory"} if field == "old" else "x"
    lines = [*LINES[:spot], canonical(value) + "\n", *LINES[spot + 1 :]]
    assert found(lines) == (place + 1, FaultKind.TAMPERED)


@pytest.mark.parametrize(
    ("alter", "number", "kind"),
    [
        (lambda lines: lines[1:], 1, FaultKind.REMOVED),
        (lambda lines: lines[:1] + lines[2:], 2, FaultKind.REMOVED),
        (lambda lines: lines[:2] + lines[3:], 3, FaultKind.REMOVED),
        (lambda lines: lines[:5] + lines[6:], 5, FaultKind.REMOVED),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1, FaultKind.REORDERED),
        (lambda lines: [*lines[:2], *lines[3:5], lines[2], *lines[5:]], 3, FaultKind.REORDERED),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3, FaultKind.REORDERED),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3, FaultKind.REORDERED),
        (lambda lines: [*lines[:5], lines[3], *lines[5:]], 5, FaultKind.REORDERED),
        (lambda lines: lines[:6] + lines[7:], 6, FaultKind.TRUNCATED),
        (lambda lines: lines[:7], 7, FaultKind.TRUNCATED),
        (lambda lines: lines[:3], 4, FaultKind.TRUNCATED),
        (lambda lines: [*lines[:3], lines[7]], 4, FaultKind.TRUNCATED),
        (lambda lines: [*lines[:2], lines[2][:40], *lines[3:]], 3, FaultKind.UNREADABLE),
        (lambda lines: [*lines[:2], "\n", *lines[2:]], 3, FaultKind.UNREADABLE),
        (lambda lines: [*lines[:2], '["head"]\n', *lines[2:]], 3, FaultKind.UNREADABLE),
        (lambda lines: [*lines[:2], "[" * 100_000, *lines[2:]], 3, FaultKind.UNREADABLE),
        (lambda lines: [*lines[:2], lines[2].replace(",", ", "), *lines[3:]], 3, FaultKind.UNREADABLE),
        (
            lambda lines: [lines[0].replace('"actor":', '"actor":"eve","actor":'), *lines[1:]],
            1,
            FaultKind.UNREADABLE,
        ),
        (lambda lines: [lines[0].replace("}}", '},"note":1}'), *lines[1:]], 1, FaultKind.UNREADABLE),
    ],
)
def test_the_first_bad_entry_is_named(
    alter: Callable[[list[str]], list[str]], number: int, kind: FaultKind
) -> None:
    lines = alter(list(LINES))
    assert lines != LINES
    assert found(lines) == (number, kind)


def test_a_trail_cut_with_its_own_head_is_found_by_a_head_kept_elsewhere() -> None:
    assert found(LINES[:4]) == (3, None)
    assert found(LINES[:4], HEAD) == (4, FaultKind.TRUNCATED)


def test_a_trail_rewritten_from_some_entry_on_is_found_by_a_head() -> None:
    forged = chain([entry(1), entry(2), entry(3), entry(9), entry(5), entry(6)])
    lines = list(write_trail(forged, [MIDDLE, HEAD]))
    assert found(lines) == (4, FaultKind.REWRITTEN)
    resigned = list(write_trail(forged, [MIDDLE, head(forged, OTHER)]))
    assert found(resigned) == (4, FaultKind.FORGED)
    assert found(list(write_trail(forged, [head(forged)])), MIDDLE, HEAD) == (4, FaultKind.REWRITTEN)


def test_a_head_of_another_key_is_refused_also_when_kept_elsewhere() -> None:
    assert found(LINES, head(LINKS, OTHER)) == (1, FaultKind.FORGED)
    assert found(LINES, SignedHead(6, HEAD.digest, 5, "no hexadecimal")) == (1, FaultKind.FORGED)


def test_a_signature_covers_number_digest_and_time() -> None:
    for other in (
        SignedHead(7, HEAD.digest, HEAD.at_ns, HEAD.signature),
        SignedHead(6, MIDDLE.digest, HEAD.at_ns, HEAD.signature),
        SignedHead(6, HEAD.digest, HEAD.at_ns + 1, HEAD.signature),
    ):
        assert HEAD.is_signed_by(PUBLIC)
        assert not other.is_signed_by(PUBLIC)


def test_a_fault_reads_as_one_line() -> None:
    fault = verify([*LINES[:2], *LINES[4:]], PUBLIC).fault
    assert fault is not None
    assert fault.text == "entry 3, removed: entry 4 stands in its place"


@given(st.data())
def test_no_change_of_a_single_byte_passes(data: st.DataObject) -> None:
    spot = data.draw(st.integers(0, len(LINES) - 1))
    line = LINES[spot].removesuffix("\n")
    place = data.draw(st.integers(0, len(line) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != line[place]))
    altered = line[:place] + letter + line[place + 1 :] + "\n"
    # Hexadecimal digits of a signature are read in either case; everything else must be as written.
    if '"head"' in line and letter.lower() == line[place]:
        return
    assert verify([*LINES[:spot], altered, *LINES[spot + 1 :]], PUBLIC).fault is not None


@given(
    st.dictionaries(st.text(), st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none())
)
def test_any_values_survive_export_and_verification(values: dict[str, int | float | None]) -> None:
    links = chain([Entry(at_ns=1, actor="a", action="b", subject="c", old=None, new=dict(values))])
    assert found(list(write_trail(links, [head(links)]))) == (1, None)


def test_canonical_json_refuses_what_has_no_one_form() -> None:
    for value in (float("nan"), float("inf"), "\ud800"):
        with pytest.raises(FieldError, match="finite numbers and text"):
            canonical(value)


def test_keys_are_read_from_pem() -> None:
    private = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert read_private_key(private, "head.pem").public_key() == PUBLIC
    assert read_public_key(public, "head.pub") == PUBLIC
    with pytest.raises(InputError, match=r"head.pub: expected an Ed25519 public key"):
        read_public_key(private, "head.pub")
    with pytest.raises(InputError, match=r"head.pem: expected an Ed25519 private key"):
        read_private_key(b"", "head.pem")
