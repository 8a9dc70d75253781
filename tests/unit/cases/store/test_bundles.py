"""An exported case proves itself: whatever is changed in it is found and named."""

import json
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from tapewarden.cases.audit import heads_in, verify
from tapewarden.cases.bundle import Contents, verify_bundle
from tapewarden.cases.store import Observation, Store
from tapewarden.cases.store.opening import open_database
from tapewarden.cases.workflow import Assign, Close, Investigate, Undo
from tapewarden.domain.case import Disposition
from tapewarden.domain.casework import ExportFormat
from tapewarden.domain.errors import InputError, NotFoundError, RefusedError
from tests.unit.cases.signals import signal
from tests.unit.cases.workflows import ADA, AUDREY, SAM, VERA, VIC

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)


def worked(store: Store) -> int:
    """Two cases side by side; the number of the one with a bit of everything."""
    signals = [signal("s1"), signal("x1", actor="someone else"), signal("s2", at_hour=1, severity="high")]
    number, _ = store.record([Observation(one) for one in signals], 100, "engine").cases
    store.decide(number, 1, Assign("alan"), VERA, 101)
    store.decide(number, 2, Undo("wrong row"), VERA, 102)
    store.decide(number, 3, Investigate(), VERA, 103)
    store.comment(number, "pulled eight times — <b>", VERA, 104)
    store.attach(number, "../../book.png", "image/png", b"\x89PNG" * 1000, VERA, 105)
    store.decide(number, 4, Close(Disposition.FALSE_POSITIVE, "a market maker"), VERA, 106)
    store.comment(number, "agreed", SAM, 107)
    return number


def exported(store: Store, number: int, path: Path) -> Path:
    with path.open("wb") as out:
        store.export_case(number, KEY, out, VERA, 200)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: dict[str, bytes], path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def without_line(content: bytes, which: int) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[which]
    return b"".join(lines)


def test_nothing_is_given_out_that_the_trail_does_not_tell_of_and_nothing_told_that_was_not_made(
    store: Store,
) -> None:
    number = worked(store)

    def failing(contents: Contents, wanted: ExportFormat) -> bytes:
        raise InputError("printer", "paper", "none")

    with pytest.raises(InputError, match="paper"):
        store.export_report(number, failing, ExportFormat.PDF, KEY, VERA, 200)
    with pytest.raises(RefusedError):
        store.export_report(number, lambda contents, wanted: b"", ExportFormat.PDF, KEY, VIC, 200)
    assert "case.export" not in [one.entry.action for one in store.entries(AUDREY, 201)]

    made = store.export_report(
        number,
        lambda contents, wanted: f"{wanted} {contents.case.id}".encode(),
        ExportFormat.PDF,
        KEY,
        VERA,
        202,
    )
    assert made == f"pdf {number}".encode()
    *_, told = store.entries(AUDREY, 203, subject=f"case {number}")
    assert told.entry.new is not None
    assert told.entry.new["sha256"] == sha256(made).hexdigest()
    lines = list(store.export(KEY, AUDREY, 204))
    assert next(heads_in(lines)).number == told.number
    assert verify(lines, KEY.public_key()).fault is None


def test_a_case_is_exported_with_everything_and_checked_without_the_store(
    store: Store, tmp_path: Path
) -> None:
    number = worked(store)
    path = exported(store, number, tmp_path / "case.zip")
    for key in (KEY.public_key(), None):
        verdict = verify_bundle(path, key)
        assert verdict.fault is None
        assert verdict.entries == 10
    exports = store.entries(AUDREY, 201, subject=f"case {number}")
    assert (exports[-1].entry.action, exports[-1].number) == ("case.export", verdict.number)
    contents = parts(path)
    assert json.loads(contents["case.json"])["id"] == number
    assert contents["attachments/1"] == b"\x89PNG" * 1000
    assert (
        contents["signals.jsonl"].decode()
        == signal("s1").to_json() + "\n" + signal("s2", at_hour=1, severity="high").to_json() + "\n"
    )
    assert "audit verify" in contents["README.txt"].decode()
    assert not any(b"someone else" in content for content in contents.values())


def test_the_same_export_has_the_same_bytes(store: Store) -> None:
    number = worked(store)
    first, second = BytesIO(), BytesIO()
    store.export_case(number, KEY, first, VERA, 200)
    store.export_case(number, KEY, second, VERA, 200)
    with ZipFile(first) as one, ZipFile(second) as two:
        for name in one.namelist():
            if name not in ("proof.jsonl",):  # the second export is an entry of its own
                assert one.read(name) == two.read(name)
                assert one.getinfo(name).date_time == two.getinfo(name).date_time


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of an export; checking them needs no store."""
    folder = tmp_path_factory.mktemp("bundle")
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    path = exported(store, worked(store), folder / "case.zip")
    store.close()
    return parts(path)


Change = Callable[[dict[str, bytes]], dict[str, bytes]]


def replaced(name: str, old: bytes, new: bytes) -> Change:
    def change(contents: dict[str, bytes]) -> dict[str, bytes]:
        assert old in contents[name]
        return {**contents, name: contents[name].replace(old, new)}

    return change


def left_out(name: str) -> Change:
    return lambda contents: {part: content for part, content in contents.items() if part != name}


def cut(name: str, which: int) -> Change:
    return lambda contents: {**contents, name: without_line(contents[name], which)}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (replaced("case.json", b'"assignee":null', b'"assignee":"vera"'), "case.json: assignee is not what"),
        (replaced("signals.jsonl", b'"score":0.5', b'"score":0.1'), "signals.jsonl: its bytes are not"),
        (replaced("comments.jsonl", b"eight", b"three"), "comments.jsonl: its bytes are not"),
        (replaced("attachments/1", b"PNG", b"GIF"), "attachments/1: its bytes are not"),
        (replaced("attachments.jsonl", b"book", b"look"), "attachments.jsonl: its bytes are not"),
        (replaced("README.txt", b"proves itself", b"shows nothing"), "README.txt: its bytes are not"),
        (replaced("entries.jsonl", b'"assignee":"alan"', b'"assignee":"sam"'), "entry 6: its digest is not"),
        (replaced("entries.jsonl", b"wrong row", b"right row"), "entry 7: its digest is not"),
        (replaced("proof.jsonl", b'"at_ns":200', b'"at_ns":201'), "proof.jsonl: the head is not signed"),
        (replaced("manifest.json", b'"case":1', b'"case":2'), "manifest.json: it is not the one"),
        (cut("entries.jsonl", 0), "entries.jsonl: its bytes are not"),
        (cut("entries.jsonl", 4), "entry 8: its old values are not what came before; one is missing"),
        (cut("entries.jsonl", 9), "its bytes are not those that were exported"),
        (cut("proof.jsonl", 1), "proof.jsonl: it holds"),
        (left_out("comments.jsonl"), "comments.jsonl: it is missing"),
        (left_out("attachments/1"), "attachments/1: it is missing"),
        (left_out("proof.jsonl"), "proof.jsonl: it is missing"),
        (lambda contents: {**contents, "more.txt": b"!"}, "more.txt: it is not in the manifest"),
        (
            lambda contents: {**contents, "entries.jsonl": b"[]\n"},
            "entries.jsonl, line 1: it is not an entry",
        ),
        (lambda contents: {**contents, "case.json": b"{"}, "case.json: its last line does not end"),
    ],
)
def test_whatever_is_changed_is_found_and_named(
    bundle: dict[str, bytes], tmp_path: Path, change: Change, fault: str
) -> None:
    verdict = verify_bundle(packed(change(bundle), tmp_path / "changed.zip"), KEY.public_key())
    assert verdict.fault is not None
    assert fault in verdict.fault


def test_every_byte_that_is_flipped_in_any_part_is_found(bundle: dict[str, bytes], tmp_path: Path) -> None:
    assert verify_bundle(packed(bundle, tmp_path / "whole.zip"), KEY.public_key()).fault is None
    for name, content in bundle.items():
        if name == "key.pem":
            continue
        for place in range(0, len(content), max(len(content) // 25, 1)):
            flipped = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            changed = packed({**bundle, name: flipped}, tmp_path / "changed.zip")
            assert verify_bundle(changed, KEY.public_key()).fault is not None, (name, place)


def test_a_bundle_that_is_signed_anew_fails_against_the_real_key(store: Store, tmp_path: Path) -> None:
    number = worked(store)
    with (tmp_path / "case.zip").open("wb") as out:
        store.export_case(number, OTHER, out, VERA, 200)
    assert verify_bundle(tmp_path / "case.zip").fault is None
    verdict = verify_bundle(tmp_path / "case.zip", KEY.public_key())
    assert verdict.fault == "proof.jsonl: the head is not signed by the key"


def test_a_case_that_was_altered_behind_the_trail_is_found(url: str, tmp_path: Path) -> None:
    store, engine = Store.open(url), open_database(url)
    number = worked(store)
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET severity = 'low'"))
    fault = verify_bundle(exported(store, number, tmp_path / "a.zip"), KEY.public_key()).fault
    assert fault is not None
    assert fault.startswith("case.json: severity is not what entry ")
    with engine.begin() as connection:
        connection.execute(text("UPDATE cases SET severity = 'high'"))
        connection.execute(text("UPDATE comments SET text = 'nothing to see' WHERE id = 1"))
    fault = verify_bundle(exported(store, number, tmp_path / "b.zip"), KEY.public_key()).fault
    assert fault == "comments.jsonl: it is not what the entries case.comment say"
    store.close()
    engine.dispose()


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("hello")
    for name in ("text.zip", "missing.zip"):
        with pytest.raises(InputError, match="expected a case that was exported"):
            verify_bundle(tmp_path / name)


def test_only_who_works_on_cases_or_audits_them_exports_one(store: Store) -> None:
    number = worked(store)
    for person in (VIC, ADA):
        with pytest.raises(RefusedError):
            store.export_case(number, KEY, BytesIO(), person, 200)
    with pytest.raises(NotFoundError):
        store.export_case(77, KEY, BytesIO(), AUDREY, 200)
    store.export_case(number, KEY, BytesIO(), AUDREY, 200)
