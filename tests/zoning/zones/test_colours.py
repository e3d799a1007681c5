"""Colours of many days at once: those of the zones, at every level and day."""

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
def test_colours_are_those_of_the_zones(small_city: City, level: Level) -> None:
    public = small_city.public()
    days = small_city.published_days()
    some = [public.published(day) for day in (days[-1], days[0], days[len(days) // 2])]
    wanted = [small_city.zones(day.date, level)["risk"].tolist() for day in some]
    found = public.risks_of_runs(some[0].boundaries, level, tuple(day.run for day in some))
    assert found.tolist() == wanted
    assert len({tuple(risks) for risks in wanted}) > 1
    for day, risks in zip(some, wanted, strict=True):
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


def test_every_change_of_what_is_public_is_counted(small_city: City) -> None:
    stamp = small_city.public().stamp()
    assert stamp.publications == len(small_city.published_days())
    assert stamp.last == small_city.published().published_at


def test_both_databases_know_of_no_run_before_there_is_one(new_database: NewDatabase) -> None:
    with open_store(new_database()) as store:
        save_boundaries(store, squares(), "by hand", {})
        public = City(store).public()
        assert public.stamp() == (0, None)
        assert public.published_days() == []
        found = public.risks_of_runs(squares().id, "rw", ("none", "neither"))
        assert found.tolist() == [[0] * len(squares().level("rw"))] * 2
        with pytest.raises(NotFoundError) as refused:
            public.published()
        assert refused.value.code == "nothing-published"
        with pytest.raises(NotFoundError) as unknown:
            public.run("none")
        assert unknown.value.code == "no-run"
