"""Episodes and similar numbers are found as a plain search of all records finds them."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from geodata.ledger.matching.episodes import Episode, Episodes
from geodata.ledger.matching.record_matching import _SimilarNumbers
from geodata.ledger.matching.reinfection import CORRECTION_DAYS

LIMIT = 90
DAYS = st.none() | st.integers(0, 200)
TEXTS = st.sampled_from([None, "", "a", "b", "c"])


def plain_find(
    episodes: list[Episode], day: int | None, *, is_case: bool, until: int | None
) -> Episode | None:
    days_and_episodes = [(episode.day, episode) for episode in episodes if episode.day is not None]
    if day is None and until is None:
        return days_and_episodes[0][1] if len(days_and_episodes) == 1 else None
    if day is None:
        earlier = [
            (first_day, episode.key, episode)
            for first_day, episode in days_and_episodes
            if first_day <= (until or 0)
        ]
        return max(earlier)[-1] if earlier else None
    candidates = [
        (abs(day - first_day), first_day, episode.key, episode)
        for first_day, episode in days_and_episodes
        if abs(day - first_day) <= (LIMIT if episode.is_case and is_case else CORRECTION_DAYS)
    ]
    return min(candidates)[-1] if candidates else None


@given(
    st.lists(st.tuples(DAYS, st.booleans(), st.booleans()), max_size=30),
    st.randoms(use_true_random=False),
    DAYS,
    DAYS,
)
def test_the_nearest_episode_is_the_same_as_in_a_plain_search(
    days: list[tuple[int | None, bool, bool]],
    order: Random,
    day: int | None,
    until: int | None,
) -> None:
    episodes = [
        Episode(f"A-{number}", first_day, case, numbered, f"A-{number}")
        for number, (first_day, case, numbered) in enumerate(days)
    ]
    order.shuffle(episodes)
    all_episodes = Episodes(LIMIT)
    for episode in episodes:
        all_episodes.add("of one", episode)
    for is_case in (True, False):
        nearest = all_episodes.find("of one", day, is_case=is_case, until=until)
        assert nearest == plain_find(episodes, day, is_case=is_case, until=until)
        assert all_episodes.find("of another", day, is_case=is_case, until=until) is None


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12), st.tuples(TEXTS, TEXTS))
def test_a_similar_number_gives_the_first_key_of_the_same_person(
    persons: list[tuple[str | None, str | None]], searched: tuple[str | None, str | None]
) -> None:
    similar = _SimilarNumbers()
    for number, person in enumerate(persons):
        similar.add(f"{number}", person)

    def same(person: tuple[str | None, str | None]) -> bool:
        if person[0] and searched[0]:
            return person[0] == searched[0]
        return person[1] is not None and person[1] == searched[1]

    expected = [f"{number}" for number, person in enumerate(persons) if same(person)]
    assert similar.first_key_of(searched) == (expected[0] if expected else None)
    assert similar.first_key == ("0" if persons else None)
