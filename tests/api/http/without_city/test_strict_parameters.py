"""Unknown and repeated parameters: data paths reject all of them, pages the misspelled ones."""

from collections.abc import Sequence

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from starlette.routing import Route

from api.http.strict_query import (
    RejectMisspelledParameters,
    read_parameters,
    reject_unknown_parameters,
    unknown_parameter,
)
from geodata.errors import InputError
from tests.api.http.without_city.small_app import error_of, request, small_app

BEGINNING = "This address does not know one of the parameters. Its parameters are: "
REPEATED = "The parameter comes more than once. Write it once."


def _first(offset: int = 0) -> int:
    return offset


def _paging(limit: int = 0, first: int = Depends(_first)) -> tuple[int, int]:
    return limit, first


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = small_app()
    data = APIRouter(dependencies=[Depends(reject_unknown_parameters)])

    @data.get("/days")
    def _days() -> str:
        return "days"

    @data.get("/zones/{code}")
    def _zones(
        code: str,
        level: str = "",
        day: str = Query("", alias="date"),
        paging: tuple[int, int] = Depends(_paging),
    ) -> str:
        return f"{code} {level} {day} {paging}"

    app.include_router(data)
    # Routes as `create_app` includes them: a page of each of two routers, and a page that has no
    # parameters.
    first, second = APIRouter(), APIRouter()

    @first.get("/map")
    def _map(lang: str = "", day: str = Query("", alias="date")) -> str:
        return f"map {lang} {day}"

    @first.get("/empty")
    def _empty() -> str:
        return "empty"

    @second.get("/embed")
    def _embed(lang: str = "", area: str = "", height: int = 0) -> str:
        return f"embed {lang} {area} {height}"

    first.routes.append(Route("/plain", lambda _: None))
    reject = RejectMisspelledParameters(first, second)
    for router in (first, second):
        app.include_router(router, dependencies=[Depends(reject)])
    return app


def _error(app: FastAPI, target: str) -> tuple[int, str, str]:
    return error_of(request(app, target))


@pytest.mark.parametrize(
    ("target", "known"),
    [
        ("/days?date=1", "none"),
        ("/days?=1", "none"),
        ("/zones/1?dat=1", "level, date, limit, offset"),
        ("/zones/1?level=rt&Date=1", "level, date, limit, offset"),
        ("/zones/1?code=1", "level, date, limit, offset"),
        ("/zones/1?day=1", "level, date, limit, offset"),
        ("/zones/1?utm_source=1", "level, date, limit, offset"),
    ],
)
def test_a_data_path_rejects_an_unknown_parameter_and_names_the_known(
    app: FastAPI, target: str, known: str
) -> None:
    assert _error(app, target) == (422, "unknown-parameter", f"{BEGINNING}{known}.")


def test_a_data_path_rejects_a_parameter_that_comes_twice(app: FastAPI) -> None:
    for target in ("/zones/1?limit=1&limit=1", "/zones/1?limit=1&date=1&limit=2"):
        assert _error(app, target) == (422, "invalid-parameter", f"limit: {REPEATED}")


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/days", '"days"'),
        ("/zones/1", '"1   (0, 0)"'),
        ("/zones/1?limit=2&level=rt&date=x&offset=3", '"1 rt x (2, 3)"'),
    ],
)
def test_a_data_path_accepts_its_parameters(app: FastAPI, target: str, body: str) -> None:
    assert request(app, target).body.decode() == body


MISSPELLED = [
    *("dat", "Date", "DATE", "date%20", "daet", "lan", "LANG", "langs", "hight", "aera"),
    *("language", "locale", "hl", "bahasa", "day", "hari", "tanggal", "Tgl", "code", "kode"),
    *("region", "wilayah", "kecamatan", "kelurahan", "desa", "rt", "RW"),
    *("area", "height"),
]
"""Misspellings and synonyms of parameters of both pages, and parameters of the other page."""
FOREIGN = ["utm_source", "fbclid", "_", "v", "ref", "ts", "legenda", "ukuran", "pola", "gclid"]


@pytest.mark.parametrize("name", MISSPELLED)
def test_a_page_rejects_a_misspelling_and_a_parameter_of_another_page(
    app: FastAPI, name: str
) -> None:
    assert _error(app, f"/map?{name}=1") == (422, "unknown-parameter", f"{BEGINNING}lang, date.")
    assert _error(app, f"/map?lang=id&v=1&{name}=1")[1] == "unknown-parameter"


@pytest.mark.parametrize("name", FOREIGN)
def test_a_page_ignores_parameters_of_other_sites(app: FastAPI, name: str) -> None:
    assert request(app, f"/map?{name}=1&{name}=2&lang=id").body == b'"map id "'


def test_a_page_rejects_its_parameter_that_comes_twice(app: FastAPI) -> None:
    assert _error(app, "/map?lang=id&v=1&lang=en") == (
        422,
        "invalid-parameter",
        f"lang: {REPEATED}",
    )
    assert _error(app, "/embed?height=1&height=1")[1] == "invalid-parameter"
    assert request(app, "/embed?height=1&area=a&lang=en").body == b'"embed en a 1"'


def test_a_page_without_parameters_accepts_every_parameter(app: FastAPI) -> None:
    assert request(app, "/empty?lan=1&lang=1&lang=2").body == b'"empty"'


@pytest.mark.parametrize(("cut", "status"), [("lan", 422), ("la", 200), ("l", 200)])
def test_a_name_is_a_misspelling_from_a_similarity_of_seven_tenths(
    app: FastAPI, cut: str, status: int
) -> None:
    # Twice the common letters over all letters: "lang" with "la" has 4/6, with "lan" 6/7.
    assert request(app, f"/embed?{cut}=1").status == status


def _request(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("query", "known", "parameters"),
    [
        ("", (), {}),
        ("a=1&b=2", ("a", "b", "c"), {"a": "1", "b": "2"}),
        ("a=&b=x%26y", ("a", "b"), {"a": "", "b": "x&y"}),
    ],
)
def test_parameters_are_read_by_name(
    query: str, known: Sequence[str], parameters: dict[str, str]
) -> None:
    assert read_parameters(_request(query), known) == parameters


@pytest.mark.parametrize(
    ("query", "code"), [("a=1&d=1", "unknown-parameter"), ("a=1&a=1", "invalid-parameter")]
)
def test_unknown_and_repeated_parameters_are_errors(query: str, code: str) -> None:
    with pytest.raises(InputError) as raised:
        read_parameters(_request(query), ("a", "b"))
    assert raised.value.code == code


def test_the_error_names_the_parameters_in_both_languages() -> None:
    some, none = unknown_parameter(["a", "b"]), unknown_parameter(())
    assert (some.message, none.message) == (f"{BEGINNING}a, b.", f"{BEGINNING}none.")
    beginning = "Alamat ini tidak mengenal salah satu parameternya. Parameternya: "
    assert some.indonesian == f"{beginning}a, b."
    assert none.indonesian == f"{beginning}tidak ada."
    with pytest.raises(InputError) as repeated:
        read_parameters(_request("a=1&a=1"), ["a"])
    assert repeated.value.indonesian == (
        "a: Parameter ini tertulis lebih dari sekali. Tulis sekali saja."
    )
