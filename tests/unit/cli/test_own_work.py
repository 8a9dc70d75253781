"""What a person did, told from the trail."""

import json

from tapewarden.cli.own_work import own_work


def entry(actor: str, action: str, subject: str, **new: object) -> str:
    return json.dumps(
        {
            "digest": "",
            "entry": {"actor": actor, "action": action, "subject": subject, "new": new},
        }
    )


def test_what_a_person_left_is_counted_and_what_was_undone_or_done_by_others_is_not() -> None:
    trail = [
        entry("demo", "simulation.inject", "simulation 1"),
        entry("ada", "case.close", "case 1", state="closed"),
        entry("demo", "case.close", "case 2", state="closed"),
        entry("demo", "case.close", "case 3", proposed={"by": "demo"}),
        entry("demo", "case.close", "case 4", state="closed"),
        entry("demo", "case.undo", "case 4", state="investigating"),
        json.dumps({"head": {}, "signature": ""}),
    ]
    assert own_work(trail, "demo") == "1 scheme let loose, 1 case closed, 1 case proposed to be closed"
    assert own_work(trail, "sam") is None
