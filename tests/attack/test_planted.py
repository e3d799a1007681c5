"""Leaks planted on purpose: the attacker who compares two cities finds each of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.http import caching
from api.schemas.public import DaysAnswer
from api.tiles.service import TileRequest, pack
from geodata.language import Bilingual
from geodata.store import Store
from tests.attack import hidden
from tests.attack.conftest import Built, Served
from tests.attack.histories import QUIET, UNKNOWN, YELLOW, History, day
from tests.attack.reading import Answers, differences, everything
from tests.cities import small_city as city
from zoning.city import City
from zoning.disclosure import source, tables
from zoning.public.city import PublicCity
from zoning.public.zone import PublicZone

PART = slice(3, None, 25)
ZONES = [
    f"/zones/{city.code(*place)}?date={day(number)}"
    for place in (YELLOW, UNKNOWN, QUIET)
    for number in range(5, 26)
]
_STANDING = (
    "select run from (select distinct on (date) * from published order by date, version desc)"
)


class Inside(NamedTuple):
    """What a leak can reach of a served city."""

    client: TestClient
    patch: pytest.MonkeyPatch

    @property
    def city(self) -> City:
        city: City = self.client.app.state.official.city  # type: ignore[attr-defined]
        return city

    @property
    def public(self) -> PublicCity:
        public: PublicCity = self.client.app.state.public.city  # type: ignore[attr-defined]
        return public

    def put(self, what: object, name: str, leaky: Callable[..., Any]) -> None:
        """Put something in the place of a method; it is handed what was there."""
        self.patch.setattr(what, name, leaky(getattr(what, name)))


def internal_ids(store: Store) -> str:
    return ",".join(store.read(f"{_STANDING} order by run")["run"].to_pylist())


def etag_of_the_internal_digest(inside: Inside) -> None:
    def leaky(honest: Callable[..., str]) -> Callable[..., str]:
        return lambda request, run: honest(request, f"{run} {internal_ids(inside.city.store)}")

    inside.put(caching, "_etag", leaky)


def uncertain_beside_the_colour(inside: Inside) -> None:
    inside.put(inside.public, "zone", _saying(inside, lambda view: str(view.uncertain)))


def flag_of_active_cases(inside: Inside) -> None:
    inside.put(inside.public, "zone", _saying(inside, lambda view: view.flag))


def counts_behind_the_colour(inside: Inside) -> None:
    inside.put(inside.public, "zone", _saying(inside, lambda view: str(view.counts)))


def _saying(inside: Inside, more: Callable[[Any], str]) -> Callable[..., Any]:
    def leaky(honest: Callable[..., PublicZone]) -> Callable[..., PublicZone]:
        def zone(code: str, on: Any = None) -> PublicZone:
            seen = honest(code, on)
            own = more(inside.city.zone(code, seen.date))
            return replace(seen, why=Bilingual(seen.why.id + own, seen.why.en))

        return zone

    return leaky


def a_count_in_a_tile(inside: Inside) -> None:
    def leaky(honest: Callable[[TileRequest], bytes]) -> Callable[[TileRequest], bytes]:
        def make(wanted: TileRequest) -> bytes:
            on = inside.public.run(wanted.run).date
            cases = inside.city.zones(inside.city.published(on))["cases"].sum()
            return honest(wanted) + pack(str(cases).encode())

        return make

    inside.put(inside.client.app.state.public.tiles, "make", leaky)  # type: ignore[attr-defined]


def moments_of_hidden_corrections(inside: Inside) -> None:
    inside.patch.setattr(tables, "_STAMP", tables._STAMP.replace("public_publication", "published"))


def how_often_days_were_run(inside: Inside) -> None:
    def leaky(honest: Callable[..., Any]) -> Callable[..., Any]:
        def mark(middleware: Any, scope: Any, message: Any) -> None:
            honest(middleware, scope, message)
            runs = inside.city.store.read("select count(*) as n from published")["n"][0]
            message["headers"].append((b"x-runs", str(runs).encode()))

        return mark

    inside.put(caching.CachingMiddleware, "_mark", leaky)


def unplaced_as_counted(inside: Inside) -> None:
    inside.patch.setattr(source, "banded_count", lambda count, _minimum: count)


def as_long_as_there_are_cases(inside: Inside) -> None:
    def leaky(honest: Callable[..., str]) -> Callable[..., str]:
        def dumped(answer: DaysAnswer) -> str:
            cases = inside.city.store.read("select count(*) as n from case_version")["n"][0]
            return honest(answer) + " " * int(cases.as_py())

        return dumped

    inside.put(DaysAnswer, "model_dump_json", leaky)


def how_often_indicators_were_corrected(inside: Inside) -> None:
    def leaky(honest: Callable[[], Any]) -> Callable[[], Any]:
        def indicators() -> Any:
            n = inside.city.store.read("select count(*) as n from indicator_version")["n"][0]
            return honest()._replace(stamp=f"{n}")

        return indicators

    inside.put(inside.public, "all_indicators", leaky)


def ids_of_the_tables_of_cases(inside: Inside) -> None:
    def leaky(honest: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        def runs(*said: Any) -> pd.DataFrame:
            ids = internal_ids(inside.city.store).split(",")
            found = honest(*said)
            return found.assign(run=ids[: len(found)])

        return runs

    inside.put(inside.public, "published_runs", leaky)


PLANTED: list[tuple[Callable[[Inside], None], Callable[[], History]]] = [
    (etag_of_the_internal_digest, hidden.another_case_in_a_house_that_counts_already),
    (uncertain_beside_the_colour, hidden.a_house_that_is_not_known),
    (uncertain_beside_the_colour, hidden.the_kelurahan_of_unplaced_cases),
    (flag_of_active_cases, hidden.the_day_isolation_ended),
    (flag_of_active_cases, hidden.a_green_rt_with_active_cases),
    (counts_behind_the_colour, hidden.another_case_in_a_house_that_counts_already),
    (a_count_in_a_tile, hidden.another_case_in_a_house_that_counts_already),
    (moments_of_hidden_corrections, hidden.a_correction_that_changes_no_colour),
    (how_often_days_were_run, hidden.a_correction_that_changes_no_colour),
    (unplaced_as_counted, hidden.an_unplaced_case_in_the_same_band),
    (as_long_as_there_are_cases, hidden.a_case_before_the_window),
    (how_often_indicators_were_corrected, hidden.a_correction_of_tests_in_the_same_band),
    (ids_of_the_tables_of_cases, hidden.which_of_the_houses_it_was),
    (ids_of_the_tables_of_cases, hidden.another_secret),
]


@pytest.mark.parametrize(
    ("leak", "difference"), PLANTED, ids=[f"{one.__name__}-{of.__name__}" for one, of in PLANTED]
)
def test_a_planted_leak_is_found(
    usual: str,
    built: Built,
    served: Served,
    leak: Callable[[Inside], None],
    difference: Callable[[], History],
) -> None:
    def read(url: str) -> Answers:
        with served(url) as client, pytest.MonkeyPatch.context() as patch:
            leak(Inside(client, patch))
            return everything(client, PART, ZONES)

    one, other = read(usual), read(built(difference()))
    assert {answer.status for answer in one.values()} <= {200, 204, 307, 404}
    assert differences(one, other) != []
