"""Anomaly models: kept for good, proposed by one person, promoted by another, each step told."""

from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tapewarden.cases.store import Store
from tapewarden.cases.store.opening import open_database
from tapewarden.domain.errors import InputError, NotFoundError, RefusedError
from tapewarden.domain.promotion import Chosen, KeptModel, ModelState
from tapewarden.domain.staff import Person
from tests.unit.cases.workflows import ADA, AUDREY, SAM, SUE, VERA, VIC


def kept(store: Store, content: bytes = b"trees") -> KeptModel:
    return store.models.keep("august", '{"rows": 9}', content, SAM, 1)


def test_a_model_is_named_by_its_bytes_and_kept_once(store: Store) -> None:
    model = kept(store)
    assert model.id == sha256(b"trees").hexdigest()[:32]
    assert store.models.keep("another name", "{}", b"trees", SUE, 2) == model
    assert store.models.all() == (model,)
    assert store.models.content(model.id) == b"trees"


def test_who_proposed_a_model_cannot_promote_it_and_the_champion_before_retires(store: Store) -> None:
    first, second = kept(store, b"one"), kept(store, b"two")
    store.models.propose(first.id, "fewer alerts", SAM, 2)
    with pytest.raises(RefusedError, match="sam proposed it, somebody else must promote it"):
        store.models.promote(first.id, "I say so", SAM, 3)
    assert store.models.promote(first.id, "seven days side by side", SUE, 4).state is ModelState.CHAMPION
    store.models.propose(second.id, "newer data", SUE, 5)
    champion = store.models.promote(second.id, "the same recall", ADA, 6)
    assert (champion.proposed_by, champion.promoted_by, champion.promoted_ns) == ("sue", "ada", 6)
    assert {one.id: one.state for one in store.models.all()} == {
        first.id: ModelState.RETIRED,
        second.id: ModelState.CHAMPION,
    }


def test_the_chosen_are_the_champion_and_the_one_proposed(store: Store) -> None:
    assert store.models.chosen() == Chosen()
    first, second = kept(store, b"one"), kept(store, b"two")
    store.models.propose(first.id, "fewer alerts", SAM, 2)
    assert store.models.chosen() == Chosen(challenger=first.id)
    store.models.promote(first.id, "looks right", SUE, 3)
    store.models.propose(second.id, "newer data", SAM, 4)
    assert store.models.chosen() == Chosen(first.id, second.id)
    store.models.retire(first.id, "the venue has changed", SUE, 5)
    assert store.models.chosen() == Chosen(challenger=second.id)


def test_every_step_is_told_with_its_reason(store: Store) -> None:
    first, second = kept(store, b"one"), kept(store, b"two")
    store.models.propose(first.id, "fewer alerts", SAM, 2)
    store.models.promote(first.id, "looks right", SUE, 3)
    store.models.propose(second.id, "newer", SAM, 4)
    store.models.decline(second.id, "too quiet", SUE, 5)
    store.models.retire(first.id, "the venue has changed", SUE, 6)
    told = [(one.entry.action, one.entry.actor, one.entry.reason) for one in store.entries(AUDREY, 7)]
    assert told == [
        ("model.keep", "sam", ""),
        ("model.keep", "sam", ""),
        ("model.propose", "sam", "fewer alerts"),
        ("model.promote", "sue", "looks right"),
        ("model.propose", "sam", "newer"),
        ("model.decline", "sue", "too quiet"),
        ("model.retire", "sue", "the venue has changed"),
    ]


@pytest.mark.parametrize("person", [VERA, VIC, AUDREY])
def test_only_seniors_and_admins_decide_about_models(store: Store, person: Person) -> None:
    model = kept(store)
    with pytest.raises(RefusedError, match="needs senior or admin"):
        store.models.keep("mine", "{}", b"mine", person, 2)
    for decide in (store.models.propose, store.models.promote, store.models.decline, store.models.retire):
        with pytest.raises(RefusedError, match="needs senior or admin"):
            decide(model.id, "because", person, 2)


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    first, second = kept(store, b"one"), kept(store, b"two")
    with pytest.raises(NotFoundError, match="model none: there is none"):
        store.models.propose("none", "because", SAM, 2)
    with pytest.raises(NotFoundError, match="model none: there is none"):
        store.models.content("none")
    with pytest.raises(RefusedError, match="say why"):
        store.models.propose(first.id, " ", SAM, 2)
    with pytest.raises(RefusedError, match="expected one that is proposed, it is kept"):
        store.models.promote(first.id, "because", SAM, 2)
    with pytest.raises(RefusedError, match="expected one that is champion, it is kept"):
        store.models.retire(first.id, "because", SAM, 2)
    store.models.propose(first.id, "because", SAM, 2)
    with pytest.raises(RefusedError, match=f"model {first.id} is proposed already"):
        store.models.propose(second.id, "because", SUE, 3)
    with pytest.raises(RefusedError, match="expected one that is kept or retired, it is proposed"):
        store.models.propose(first.id, "because", SUE, 4)
    store.models.promote(first.id, "because", SUE, 5)
    with pytest.raises(RefusedError, match="expected one that is kept or retired, it is champion"):
        store.models.propose(first.id, "because", SAM, 6)


def test_bytes_that_were_altered_are_not_given_out(url: str) -> None:
    store, engine = Store.open(url), open_database(url)
    model = kept(store)
    with engine.begin() as connection:
        connection.execute(text("UPDATE model_bytes SET content = :other"), {"other": b"weeds"})
    with pytest.raises(InputError, match=f"model {model.id}: expected the bytes of that hash"):
        store.models.content(model.id)
    store.close()
    engine.dispose()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["propose", "promote", "decline", "retire"]),
            st.integers(0, 2),
            st.sampled_from([SAM, SUE, ADA]),
        ),
        max_size=12,
    )
)
def test_whatever_is_decided_one_watches_at_most_and_nobody_alone_made_it(
    store: Store, steps: list[tuple[str, int, Person]]
) -> None:
    models = [kept(store, bytes([number])) for number in range(3)]
    for step, number, person in steps:
        try:
            getattr(store.models, step)(models[number].id, "because", person, 2)
        except RefusedError:
            continue
        found = store.models.all()
        champions = [one for one in found if one.state is ModelState.CHAMPION]
        assert len(champions) <= 1
        assert sum(one.state is ModelState.PROPOSED for one in found) <= 1
        assert all(one.promoted_by != one.proposed_by for one in champions)
