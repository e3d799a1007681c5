"""Who a row is of is looked up, and the answer is that of a plain search of every record."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from geodata.ledger.matching.episodes import Episode, Episodes
from geodata.ledger.matching.reinfection import CORRECTION_DAYS
from geodata.ledger.matching.which_record import _Alike

LIMIT = 90
DAYS = st.none() | st.integers(0, 200)
TEXTS = st.sampled_from([None, "", "a", "b", "c"])


def plain_find(
    episodes: list[Episode], day: int | None, *, is_case: bool, until: int | None
) -> Episode | None:
    dated = [(each.day, each) for each in episodes if each.day is not None]
    if day is None and until is None:
        return dated[0][1] if len(dated) == 1 else None
    if day is None:
        before = [(when, each.key, each) for when, each in dated if when <= (until or 0)]
        return max(before)[-1] if before else None
    near = [
        (abs(day - when), when, each.key, each)
        for when, each in dated
        if abs(day - when) <= (LIMIT if each.is_case and is_case else CORRECTION_DAYS)
    ]
    return min(near)[-1] if near else None


@given(
    st.lists(st.tuples(DAYS, st.booleans(), st.booleans()), max_size=30),
    st.randoms(use_true_random=False),
    DAYS,
    DAYS,
)
def test_an_episode_is_the_nearest_of_all(
    days: list[tuple[int | None, bool, bool]],
    order: Random,
    day: int | None,
    until: int | None,
) -> None:
    episodes = [
        Episode(f"A-{k}", when, case, numbered, f"A-{k}")
        for k, (when, case, numbered) in enumerate(days)
    ]
    order.shuffle(episodes)
    people = Episodes(LIMIT)
    for each in episodes:
        people.add("of one", each)
    for is_case in (True, False):
        found = people.find("of one", day, is_case=is_case, until=until)
        assert found == plain_find(episodes, day, is_case=is_case, until=until)
        assert people.find("of another", day, is_case=is_case, until=until) is None


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12), st.tuples(TEXTS, TEXTS))
def test_a_number_alike_is_the_first_one_of_the_same_person(
    persons: list[tuple[str | None, str | None]], asked: tuple[str | None, str | None]
) -> None:
    alike = _Alike()
    for k, person in enumerate(persons):
        alike.add(f"{k}", person)

    def same(person: tuple[str | None, str | None]) -> bool:
        if person[0] and asked[0]:
            return person[0] == asked[0]
        return person[1] is not None and person[1] == asked[1]

    expected = [f"{k}" for k, person in enumerate(persons) if same(person)]
    assert alike.of(asked) == (expected[0] if expected else None)
    assert alike.first == ("0" if persons else None)
