"""Risks of many runs at once equal the risks of the zones, at every level and day."""

from datetime import timedelta

import pytest

from geodata.areas import LEVELS, Level
from geodata.boundaries import save_boundaries
from geodata.errors import NotFoundError
from geodata.store import open_store
from tests.cities.small_city import small_city as squares
from tests.databases import NewDatabase
from zoning import City


@pytest.mark.parametrize("level", LEVELS)
def test_risks_of_runs_equal_the_risks_of_the_zones(small_city: City, level: Level) -> None:
    public = small_city.public()
    days = small_city.published_days()
    days_chosen = [public.published(day) for day in (days[-1], days[0], days[len(days) // 2])]
    expected = [small_city.zones(day.date, level)["risk"].tolist() for day in days_chosen]
    runs = tuple(day.run for day in days_chosen)
    risks_of_days = public.risks_by_run(days_chosen[0].boundaries, level, runs)
    assert risks_of_days.tolist() == expected
    assert len({tuple(risks) for risks in expected}) > 1
    for day, risks in zip(days_chosen, expected, strict=True):
        assert public.risks_at(day, level).tolist() == risks
        assert public.zones(day, level)["risk"].tolist() == risks


@pytest.mark.parametrize("level", LEVELS)
def test_a_public_summary_and_history_count_the_same_rt(small_city: City, level: Level) -> None:
    public, day = small_city.public(), small_city.latest()
    colours = ["green", "yellow", "orange", "red"]
    summary = public.summary(day, level).set_index("code")[colours]
    assert summary.equals(small_city.summary(day, level).set_index("code")[colours])
    for code in summary.index[:3]:
        last = public.history(code, day - timedelta(3)).iloc[-1]
        assert last[colours].tolist() == summary.loc[code].tolist()


def test_every_publication_is_counted_in_the_stamp(small_city: City) -> None:
    stamp = small_city.public().stamp()
    assert stamp.publications == len(small_city.published_days())
    assert stamp.last == small_city.published().published_at


def test_an_empty_database_of_either_engine_has_no_run(new_database: NewDatabase) -> None:
    with open_store(new_database()) as store:
        save_boundaries(store, squares(), "by hand", {})
        public = City(store).public()
        assert public.stamp() == (0, None)
        assert public.published_days() == []
        risks = public.risks_by_run(squares().id, "rw", ("none", "neither"))
        assert risks.tolist() == [[0] * len(squares().level("rw"))] * 2
        with pytest.raises(NotFoundError) as refused:
            public.published()
        assert refused.value.code == "nothing-published"
        with pytest.raises(NotFoundError) as unknown:
            public.run("none")
        assert unknown.value.code == "no-run"
