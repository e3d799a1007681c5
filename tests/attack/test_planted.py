"""Planted leaks: the comparison of two cities finds each of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from api.http import caching
from api.routes import portal as portal_routes
from api.schemas.public import DaysAnswer
from api.tiles.service import TileRequest, gzip_tile
from geodata.language import Bilingual
from geodata.store import Store
from tests.attack import hidden
from tests.attack.conftest import DatabaseOf, ServeDatabase
from tests.attack.histories import QUIET, UNKNOWN, YELLOW, History, day
from tests.attack.reading import Answers, ask_all, changed_answers
from tests.cities import small_city as city
from zoning.city import City
from zoning.disclosure import source, tables
from zoning.public.city import PublicCity
from zoning.public.zone import PublicZone

PART = slice(3, None, 23)
ZONES = [
    f"/zones/{city.code(*place)}?date={day(number)}"
    for place in (YELLOW, UNKNOWN, QUIET)
    for number in range(5, 26)
]
PAGES = [
    *(f"{path}?date={day(number)}" for path in ("/", "/wilayah") for number in (9, 20)),
    f"/wilayah/{city.VILLAGES[3].code}?date={day(9)}&lang=en",
    f"/rt/{city.code(*YELLOW)}?date={day(9)}",
]
_NEWEST_RUNS = (
    "select run from (select distinct on (date) * from published order by date, version desc)"
)


class PatchedServer(NamedTuple):
    """The parts of a served city that a leak can patch."""

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

    def replace_method(self, owner: object, name: str, leaky: Callable[..., Any]) -> None:
        """Replace a method by the result of `leaky`, which gets the original method."""
        self.patch.setattr(owner, name, leaky(getattr(owner, name)))


def internal_ids(store: Store) -> str:
    return ",".join(store.read(f"{_NEWEST_RUNS} order by run")["run"].to_pylist())


def etag_of_the_internal_digest(server: PatchedServer) -> None:
    def leaky(original: Callable[..., str]) -> Callable[..., str]:
        return lambda request, run: original(request, f"{run} {internal_ids(server.city.store)}")

    server.replace_method(caching, "_etag", leaky)


def uncertain_houses_in_the_sentence(server: PatchedServer) -> None:
    server.replace_method(
        server.public, "zone", _with_text(server, lambda view: str(view.uncertain))
    )


def flag_of_active_cases(server: PatchedServer) -> None:
    server.replace_method(server.public, "zone", _with_text(server, lambda view: view.flag))


def counts_in_the_sentence(server: PatchedServer) -> None:
    server.replace_method(server.public, "zone", _with_text(server, lambda view: str(view.counts)))


def _with_text(server: PatchedServer, leaked: Callable[[Any], str]) -> Callable[..., Any]:
    def leaky(original: Callable[..., PublicZone]) -> Callable[..., PublicZone]:
        def zone(code: str, on: Any = None) -> PublicZone:
            zone_of_day = original(code, on)
            leaked_text = leaked(server.city.zone(code, zone_of_day.date))
            return replace(
                zone_of_day, why=Bilingual(zone_of_day.why.id + leaked_text, zone_of_day.why.en)
            )

        return zone

    return leaky


def a_count_in_a_tile(server: PatchedServer) -> None:
    def leaky(original: Callable[[TileRequest], bytes]) -> Callable[[TileRequest], bytes]:
        def make(request: TileRequest) -> bytes:
            day_of_run = server.public.run(request.run).date
            cases = server.city.zones(server.city.published(day_of_run))["cases"].sum()
            return original(request) + gzip_tile(str(cases).encode())

        return make

    server.replace_method(server.client.app.state.public.tiles, "make", leaky)  # type: ignore[attr-defined]


def moments_of_hidden_corrections(server: PatchedServer) -> None:
    server.patch.setattr(tables, "_STAMP", tables._STAMP.replace("public_publication", "published"))


def number_of_runs_in_a_header(server: PatchedServer) -> None:
    def leaky(original: Callable[..., Any]) -> Callable[..., Any]:
        def add_headers(middleware: Any, scope: Any, message: Any) -> None:
            original(middleware, scope, message)
            runs = server.city.store.read("select count(*) as n from published")["n"][0]
            message["headers"].append((b"x-runs", str(runs).encode()))

        return add_headers

    server.replace_method(caching.CachingMiddleware, "_add_headers", leaky)


def unplaced_cases_without_bands(server: PatchedServer) -> None:
    server.patch.setattr(source, "banded_count", lambda count, _minimum: count)


def length_by_number_of_cases(server: PatchedServer) -> None:
    def leaky(original: Callable[..., str]) -> Callable[..., str]:
        def dump(answer: DaysAnswer) -> str:
            cases = server.city.store.read("select count(*) as n from case_version")["n"][0]
            return original(answer) + " " * int(cases.as_py())

        return dump

    server.replace_method(DaysAnswer, "model_dump_json", leaky)


def number_of_indicator_versions(server: PatchedServer) -> None:
    def leaky(original: Callable[[], Any]) -> Callable[[], Any]:
        def indicators() -> Any:
            n = server.city.store.read("select count(*) as n from indicator_version")["n"][0]
            return original()._replace(stamp=f"{n}")

        return indicators

    server.replace_method(server.public, "all_indicators", leaky)


def internal_ids_of_runs(server: PatchedServer) -> None:
    def leaky(original: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        def runs(*args: Any) -> pd.DataFrame:
            ids = internal_ids(server.city.store).split(",")
            frame = original(*args)
            return frame.assign(run=ids[: len(frame)])

        return runs

    server.replace_method(server.public, "published_runs", leaky)


def daily_figures_without_ranges(server: PatchedServer) -> None:
    server.replace_method(
        server.public, "daily_figures", lambda _: server.city.public(minimum=1).daily_figures
    )


def sum_of_seven_days_on_a_page(server: PatchedServer) -> None:
    """A moving sum of cases, as officials see it."""
    _add_to_pages(server, lambda on: f"<p>{_cases(server, on, 7)}</p>")


def total_on_a_page(server: PatchedServer) -> None:
    """All cases so far."""
    _add_to_pages(server, lambda on: f"<p>{_cases(server, on, 1000)}</p>")


def length_of_a_page_by_number_of_cases(server: PatchedServer) -> None:
    _add_to_pages(server, lambda on: " " * _cases(server, on, 1000))


def etag_of_the_last_write(server: PatchedServer) -> None:
    def leaky(original: Callable[..., str]) -> Callable[..., str]:
        return lambda request, run: original(request, f"{run} {server.public.last_write()}")

    server.replace_method(caching, "_etag", leaky)


def _add_to_pages(server: PatchedServer, leaked: Callable[[date], str]) -> None:
    def leaky(original: Callable[..., str]) -> Callable[..., str]:
        def render(template: str, portal: Any, address: Any, texts: Any, values: Any) -> str:
            page = original(template, portal, address, texts, values)
            return page + leaked(values["day"].date)

        return render

    server.replace_method(portal_routes, "render", leaky)


def _cases(server: PatchedServer, on: date, n_days: int) -> int:
    """Cases of the city that were confirmed in the days up to a day."""
    cases = server.city.cases()
    confirmed = pd.to_datetime(cases["confirmed_on"])
    last = pd.Timestamp(on)
    return int(((confirmed <= last) & (confirmed > last - pd.Timedelta(days=n_days))).sum())


def newcomers_without_ranges(server: PatchedServer) -> None:
    server.replace_method(
        server.public, "newcomer_weeks", lambda _: server.city.public(minimum=1).newcomer_weeks
    )


PLANTED: list[tuple[Callable[[PatchedServer], None], Callable[[], History]]] = [
    (etag_of_the_internal_digest, hidden.another_case_in_a_counted_house),
    (uncertain_houses_in_the_sentence, hidden.unknown_houses),
    (uncertain_houses_in_the_sentence, hidden.the_kelurahan_of_unplaced_cases),
    (flag_of_active_cases, hidden.another_end_of_isolation),
    (flag_of_active_cases, hidden.a_green_rt_with_active_cases),
    (counts_in_the_sentence, hidden.another_case_in_a_counted_house),
    (a_count_in_a_tile, hidden.another_case_in_a_counted_house),
    (moments_of_hidden_corrections, hidden.a_correction_that_changes_no_colour),
    (number_of_runs_in_a_header, hidden.a_correction_that_changes_no_colour),
    (unplaced_cases_without_bands, hidden.an_unplaced_case_in_the_same_band),
    (length_by_number_of_cases, hidden.a_case_before_the_window),
    (number_of_indicator_versions, hidden.a_correction_of_tests_in_the_same_band),
    (daily_figures_without_ranges, hidden.another_case_in_a_counted_house),
    (daily_figures_without_ranges, hidden.another_end_of_isolation),
    (sum_of_seven_days_on_a_page, hidden.another_case_in_a_counted_house),
    (total_on_a_page, hidden.a_case_before_the_window),
    (length_of_a_page_by_number_of_cases, hidden.a_case_before_the_window),
    (etag_of_the_last_write, hidden.a_case_after_the_last_publication),
    (newcomers_without_ranges, hidden.newcomers_in_the_same_ranges),
    (newcomers_without_ranges, hidden.a_newcomer_of_another_kelurahan),
    (internal_ids_of_runs, hidden.a_case_in_another_house_of_the_rt),
    (internal_ids_of_runs, hidden.another_secret),
]


LEAKS_OF_PAGES = (
    sum_of_seven_days_on_a_page,
    total_on_a_page,
    length_of_a_page_by_number_of_cases,
    etag_of_the_last_write,
)
"""Leaks that the pages for residents show: no other request is needed."""


def read_with_leak(
    serve_database: ServeDatabase, url: str, leak: Callable[[PatchedServer], None]
) -> Answers:
    """Public answers of a database by a server with a leak."""
    with serve_database(url) as client, pytest.MonkeyPatch.context() as patch:
        leak(PatchedServer(client, patch))
        if leak in LEAKS_OF_PAGES:
            return ask_all(client, slice(0), PAGES)
        return ask_all(client, PART, ZONES)


@pytest.fixture(scope="module")
def read_base(
    base_database: str, serve_database: ServeDatabase
) -> Callable[[Callable[[PatchedServer], None]], Answers]:
    """Answers of the base history with a leak; several differences find the same leak."""
    return cache(lambda leak: read_with_leak(serve_database, base_database, leak))


@pytest.mark.parametrize(
    ("leak", "difference"),
    PLANTED,
    ids=[f"{leak.__name__}-{difference.__name__}" for leak, difference in PLANTED],
)
def test_a_planted_leak_is_found(
    read_base: Callable[[Callable[[PatchedServer], None]], Answers],
    database_of: DatabaseOf,
    serve_database: ServeDatabase,
    leak: Callable[[PatchedServer], None],
    difference: Callable[[], History],
) -> None:
    answers = read_base(leak)
    other_answers = read_with_leak(serve_database, database_of(difference), leak)
    assert {answer.status for answer in answers.values()} <= {200, 204, 301, 303, 307, 404}
    assert changed_answers(answers, other_answers) != []
