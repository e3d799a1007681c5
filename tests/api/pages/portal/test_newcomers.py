"""Newcomers by week on the page: ranges of whole weeks, three signs, links between areas."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from tests.api.pages.portal.test_first_pages import Page, page
from tests.conftest import LAST
from zoning import City
from zoning.public.newcomer_weeks import NewcomerWeeks

CROSS: Final = "\N{MULTIPLICATION SIGN}"
KECAMATAN, KELURAHAN = "33.74.01", "33.74.01.1003"
SUNDAY: Final = date(2021, 7, 11)
MONTHS: Final = {"Mei": 5, "Juni": 6, "Juli": 7}
Change = Callable[[NewcomerWeeks], NewcomerWeeks]


def tables(client: TestClient, path: str) -> list[list[tuple[str, list[str]]]]:
    """The rows of each table: the heading, and the sign of each cell."""
    html = client.get(path, headers={"Accept": "text/html"}).text
    found = []
    for body in re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL):
        rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body, re.DOTALL)
        found.append(
            [
                (
                    Page(name).text.strip(),
                    [
                        re.sub(r"<small.*|<span class=.aloud.*|<[^>]*>", "", cell).strip()
                        for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)
                    ],
                )
                for name, cells in rows
            ]
        )
    return found


def bounds(sign: str) -> tuple[int, int]:
    least, most = sign.rstrip("*").split("-")
    return int(least), int(most)


def sunday(heading: str) -> date:
    """The last day of a week in Indonesian words."""
    number, month, year = heading.split(" sampai ")[1].split()
    return date(int(year), MONTHS[month], int(number))


def counts(city: City) -> pd.DataFrame:
    """Newcomers by the Sunday of their week and by kelurahan; by pandas, from the line list."""
    newcomers = city.newcomers()
    newcomers = newcomers[newcomers["area"] != "luar kota"]
    week = pd.to_datetime(newcomers["arrived_on"]).dt.to_period("W-SUN").dt.end_time.dt.date
    has_rt = newcomers["area"].str.contains("-")
    kelurahan = newcomers["area"].str.split("-").str[0].where(has_rt, "none")
    return pd.crosstab(week, kelurahan)


def test_the_city_has_its_last_eight_weeks_that_hold_the_counts(
    client: TestClient, small_city: City
) -> None:
    truth = counts(small_city)
    whole, _ = tables(client, f"/pendatang?date={LAST}")
    assert [sunday(name) for name, _ in whole] == [SUNDAY - n * timedelta(days=7) for n in range(8)]
    # One newcomer arrived in the newest week: nobody can tell this from a list that ended before.
    assert [sign == CROSS for _, [sign] in whole] == [True] + [False] * 7
    for name, [sign] in whole[1:]:
        least, most = bounds(sign)
        assert least <= truth.loc[sunday(name)].sum() <= most
    assert len({sign for _, [sign] in whole}) > 2


def test_a_kelurahan_has_the_plain_ranges_of_its_newcomers_with_an_rt(
    client: TestClient, small_city: City
) -> None:
    truth = counts(small_city)
    for code in truth.columns.drop("none"):
        [weeks] = tables(client, f"/pendatang?date={LAST}&area={code}")
        for name, [sign] in weeks[1:]:
            count = int(truth[code].get(sunday(name), 0))
            low = count // 5 * 5
            assert sign == f"{low}-{low + 4}{'*' if low == 0 else ''}"


def test_parts_have_four_weeks_and_links_that_lead_down_and_back(client: TestClient) -> None:
    path = f"/pendatang?date={LAST}"
    _, kecamatan = tables(client, path)
    assert [len(signs) for _, signs in kecamatan] == [4]
    links = page(client, path).links
    assert f"/pendatang?area={KECAMATAN}&date={LAST}" in links
    of_kecamatan, kelurahan = tables(client, f"{path}&area={KECAMATAN}")
    assert [signs[0] for _, signs in of_kecamatan[:4]] == kecamatan[0][1]
    assert len(kelurahan) == 15
    assert [name for name, _ in kelurahan] == sorted(name for name, _ in kelurahan)
    links = page(client, f"{path}&area={KECAMATAN}").links
    assert f"/pendatang?area={KELURAHAN}&date={LAST}" in links
    back = page(client, f"{path}&area={KELURAHAN}").links
    assert f"/pendatang?area={KECAMATAN}&date={LAST}" in back


def test_an_rt_shows_its_kelurahan_only(client: TestClient) -> None:
    """No number of an RT or RW is public."""
    for code in (f"{KELURAHAN}-001", f"{KELURAHAN}-001-001"):
        path = f"/pendatang?date={LAST}&area="
        assert tables(client, f"{path}{code}") == tables(client, f"{path}{KELURAHAN}")


@pytest.mark.parametrize("day", [date(2021, 7, 11), date(2021, 7, 10), date(2021, 6, 15)])
def test_no_week_ends_after_the_day_of_the_page(client: TestClient, day: date) -> None:
    [newest, *_], _ = tables(client, f"/pendatang?date={day}")
    assert 0 <= (day - sunday(newest[0])).days < 7


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("nol", "angka kecil disembunyikan", "tidak ada data", "belum lengkap")),
        ("en", ("zero", "small number, hidden", "no data", "incomplete")),
    ],
)
def test_the_page_has_the_signs_and_words_of_the_daily_figures(
    client: TestClient, language: str, words: tuple[str, ...]
) -> None:
    html = client.get(f"/pendatang?date={LAST}&lang={language}&area={KECAMATAN}").text
    signs = re.findall(r"<dt[^>]*>(.*?)</dt><dd>(.*?)</dd>", html)
    assert signs == list(zip(("0", "*", CROSS), words[:3], strict=True))
    # The list of this city was loaded at once, so the last week with data is incomplete.
    assert html.count(f"<small>{words[3]}</small>") == 1 + 15
    assert 'fill="url(#belum)"' in html
    assert "<style" not in html
    assert " style=" not in html


@pytest.fixture
def change_weeks(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """Replaces the public weeks of the city."""
    city: Any = client.app.state.public.city  # type: ignore[attr-defined]
    weeks = city.newcomer_weeks()

    def change(changed: Change) -> None:
        monkeypatch.setattr(city, "newcomer_weeks", lambda: changed(weeks))

    return change


def test_a_week_before_the_first_week_is_no_data_and_not_zero(
    client: TestClient, change_weeks: Callable[[Change], None]
) -> None:
    change_weeks(lambda weeks: replace(weeks, first=date(2021, 6, 28), stamp="later"))
    whole, parts = tables(client, f"/pendatang?date={LAST}")
    assert [sign == CROSS for _, [sign] in whole] == [False] * 2 + [True] * 6
    assert [sign == CROSS for sign in parts[0][1]] == [False] * 2 + [True] * 2


def test_weeks_without_data_have_no_curve(
    client: TestClient, change_weeks: Callable[[Change], None]
) -> None:
    change_weeks(lambda weeks: replace(weeks, first=date(2022, 6, 27), stamp="next year"))
    html = client.get(f"/pendatang?date={LAST}").text
    assert 'class="curve' not in html
    assert html.count(CROSS) == 8 + 4 + 1


def test_the_version_of_the_page_is_that_of_the_public_weeks(
    client: TestClient, change_weeks: Callable[[Change], None]
) -> None:
    def etag(path: str) -> str:
        return client.get(path).headers["etag"]

    path = f"/pendatang?date={LAST}"
    before, of_places = etag(path), etag(f"/tempat?date={LAST}")
    change_weeks(lambda weeks: replace(weeks, stamp="other"))
    assert etag(path) != before
    assert etag(f"/tempat?date={LAST}") == of_places
    assert client.get(path, headers={"If-None-Match": before}).status_code == 200
