import ast

import pytest

from tapewarden.runtime.conformance import mutation
from tapewarden.runtime.conformance.mutation import imported, mutants
from tests.samples.pulled_bait import DETECTOR


def changes(monkeypatch: pytest.MonkeyPatch, body: str) -> list[str]:
    """The rule bodies that mutation makes of one."""
    source = f"@rule\ndef step(act, s, p):\n    {body}\n"
    monkeypatch.setattr(mutation.inspect, "getsource", lambda module: source)  # type: ignore[attr-defined]
    functions = [mutant.tree.body[0] for mutant in mutants(DETECTOR)]
    return [
        "; ".join(ast.unparse(line).replace("\n", "") for line in function.body)
        for function in functions
        if isinstance(function, ast.FunctionDef)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a > 1 and b", ["return True and b", "return a > 1 and True"]),
        ("return a > 1 or b", ["return False or b", "return a > 1 or False"]),
        ("return a > 1", ["return True", "return False"]),
        ("return a >= b > 0", ["return b > 0", "return a >= b"]),
        ("return x if flag else y", ["return x if True else y", "return x if False else y"]),
        ("return not (a > 1)", ["return True", "return False"]),
        ("return (a or b) and not c", ["return (a or b) and True", "return (False or b) and (not c)",
                                       "return (a or False) and (not c)"]),
        ("found = a > 1", ["found = True", "found = False"]),
        ("return a + 1", []),
    ],
)  # fmt: skip
def test_each_condition_is_taken_out(monkeypatch: pytest.MonkeyPatch, body: str, expected: list[str]) -> None:
    assert sorted(changes(monkeypatch, body)) == sorted(expected)


def test_a_loop_is_never_made_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    assert changes(monkeypatch, "while a > 1: a -= 1") == ["while False:    a -= 1"]


def test_a_mutant_says_where_and_what() -> None:
    shown = [str(mutant) for mutant in mutants(DETECTOR)]
    assert any(line.endswith("s.pulled < s.bait -> False") for line in shown)
    assert all(line.startswith("line ") for line in shown)


def test_a_mutant_is_a_detector_of_its_own() -> None:
    mutant = next(mutants(DETECTOR))
    with imported(DETECTOR, mutant) as changed:
        assert changed.step is not DETECTOR.step
        assert changed.id == DETECTOR.id
