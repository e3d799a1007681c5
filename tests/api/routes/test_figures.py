"""Daily figures and newcomers by week over HTTP, and the figures on the first page."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas.portal import IndicatorAnswer
from tests.conftest import FIRST, LAST

DAYS = (LAST - FIRST).days + 1
KECAMATAN, KELURAHAN = "33.74.01", "33.74.01.1003"


def figures(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/indicators", params=query)
    assert answer.status_code == 200, answer.text
    IndicatorAnswer.model_validate(answer.json())
    body: dict[str, Any] = answer.json()
    return body


def test_a_figure_without_a_level_is_of_the_city_or_of_the_named_area(client: TestClient) -> None:
    of_city = figures(client, name="cases")
    assert {value["level"] for value in of_city["values"]} == {"kota"}
    assert [value["date"] for value in of_city["values"]][:: DAYS - 1] == [
        FIRST.isoformat(),
        LAST.isoformat(),
    ]
    assert of_city["numberMatched"] == DAYS
    for code in (KECAMATAN, KELURAHAN):
        values = figures(client, name="cases", area=code)["values"]
        assert {value["code"] for value in values} == {code}
        assert len(values) == DAYS


def test_a_level_gives_every_area_of_the_level_within_an_area(client: TestClient) -> None:
    answer = figures(client, name="deaths", level="kelurahan", start=LAST, end=LAST)
    assert answer["numberMatched"] == 15
    assert len({value["code"] for value in answer["values"]}) == 15
    within = figures(client, name="deaths", level="kelurahan", area=KELURAHAN, start=LAST)
    assert [value["code"] for value in within["values"]] == [KELURAHAN]


@pytest.mark.parametrize("name", ["kasus", "Kasus Konfirmasi", "CASES", "positif"])
def test_a_figure_has_the_spellings_of_the_indicator(client: TestClient, name: str) -> None:
    answer = figures(client, name=name)
    assert answer == figures(client, name="cases")
    assert answer["indicators"][0]["title"] == {
        "id": "Kasus terkonfirmasi",
        "en": "Confirmed cases",
    }


def test_a_page_of_figures_is_a_part_of_all_figures(client: TestClient) -> None:
    everything = figures(client, name="recovered", level="kelurahan")
    assert everything["numberReturned"] == everything["numberMatched"] == 15 * DAYS
    page = figures(client, name="recovered", level="kelurahan", offset=7, limit=40)
    assert page["values"] == everything["values"][7:47]
    assert page["numberMatched"] == everything["numberMatched"]
    assert figures(client, name="recovered", offset=5000)["values"] == []


def test_the_newest_days_are_incomplete(client: TestClient) -> None:
    """All records of this city arrived on one day, so nobody knows how late reports are."""
    complete = [value["complete"] for value in figures(client, name="cases")["values"]]
    assert complete == [True] * (DAYS - 14) + [False] * 14


def test_an_area_without_figures_has_no_values(client: TestClient) -> None:
    for code in (f"{KELURAHAN}-001", f"{KELURAHAN}-001-001"):
        assert figures(client, name="cases", area=code)["values"] == []
    assert client.get("/indicators?name=cases&area=33.99").json()["code"] == "no-area"


def test_newcomers_are_weeks_that_end_on_their_sunday(client: TestClient) -> None:
    answer = figures(client, name="pendatang", start="2021-06-27", end=LAST)
    assert answer["indicators"][0]["title"] == {"id": "Pendatang", "en": "Newcomers"}
    assert [value["date"] for value in answer["values"]] == ["2021-06-27", "2021-07-04"]
    assert {value["level"] for value in answer["values"]} == {"kota"}
    for value in answer["values"]:
        assert value["least"] <= value["most"]
        assert (value["rounded_to"], value["unit"], value["complete"]) == (
            5,
            "orang",
            value["date"] < "2021-07-01",
        )
    below = figures(client, name="newcomers", level="kelurahan", start="2021-06-28")
    assert below["numberMatched"] == 15
    everything = figures(client, name="newcomers", level="kelurahan")
    weeks = figures(client, name="newcomers")["numberMatched"]
    assert everything["numberMatched"] == 15 * weeks
    part = figures(client, name="newcomers", level="kelurahan", offset=7, limit=9)
    assert part["values"] == everything["values"][7:16]
    assert figures(client, name="newcomers", area=f"{KELURAHAN}-001-001")["values"] == []
    assert "newcomers" not in {row["indicator"] for row in figures(client)["values"]}


@pytest.mark.parametrize(
    "query", ["start=2021-07-02&end=2021-07-01", "level=rt", "known_at=2021-07-01", "limit=0"]
)
def test_figures_refuse_what_other_indicators_refuse(client: TestClient, query: str) -> None:
    """There is no `known_at`: nobody can compare the figures of two moments."""
    assert client.get(f"/indicators?name=cases&{query}").status_code == 422


def test_figures_that_a_client_has_are_not_sent_again(client: TestClient) -> None:
    paths = (
        "/indicators?name=cases&level=kelurahan",
        f"/?date={LAST}",
        "/indicators?name=newcomers",
    )
    for path in paths:
        etag = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def figures_card(client: TestClient, language: str) -> str:
    """The HTML of the section of figures on the first page."""
    page = client.get(f"/?date={LAST}&lang={language}").text
    return page.partition('<section class="card figures"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("language", "words", "day"),
    [
        ("id", ("nol", "angka kecil disembunyikan", "tidak ada data", "belum lengkap"), "Juli"),
        ("en", ("zero", "small number, hidden", "no data", "incomplete"), "July"),
    ],
)
def test_the_first_page_has_figures_with_three_signs_and_words(
    client: TestClient, language: str, words: tuple[str, ...], day: str
) -> None:
    card = figures_card(client, language)
    signs = re.findall(r"<dt[^>]*>(.*?)</dt><dd>(.*?)</dd>", card)
    assert signs == list(zip(("0", "*", "\u00d7"), words[:3], strict=True))
    by_week, by_day = (re.findall(r"<tr[^>]*><th scope=.row.*?</tr>", table, re.DOTALL)
                       for table in re.findall(r"<tbody>.*?</tbody>", card, re.DOTALL))  # fmt: skip
    assert (len(by_week), len(by_day)) == (3, DAYS)
    # The newest days are incomplete: named in the table, and never the number on top.
    assert [row.count(words[3]) for row in by_day] == [3] * 14 + [0] * (DAYS - 14)
    assert card.count(f"1 {day} 2021</span></p>") == 3
    assert card.count('fill="url(#belum)"') == 3


def test_a_hidden_number_is_read_aloud_as_hidden(client: TestClient) -> None:
    hidden = re.findall(
        r'hidden-number"><span aria-hidden="true">(.*?)</span><span class="aloud">(.*?)</span>',
        figures_card(client, "en"),
    )
    assert hidden
    for shown, aloud in hidden:
        assert re.fullmatch(r"\d+-\d+\*", shown)
        assert re.fullmatch(r"\d+ to \d+, small number, hidden", aloud)
