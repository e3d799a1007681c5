"""Pages of larger areas: RT by colour, parts, curve, downloads; codes that belong elsewhere."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.portal.city import larger_area
from api.settings import Settings
from geodata.areas import Level
from tests.api.hostile import MARKET, NAMES
from tests.api.pages.portal.test_first_pages import Page, page
from zoning import City

LAST = date(2021, 7, 15)
KECAMATAN, KELURAHAN = "33.74.01", "33.74.01.1003"
RT = f"{KELURAHAN}-001-001"
KEYS = ("green", "yellow", "orange", "red")
HTML = {"Accept": "text/html"}


def listed(html: str) -> dict[str, list[str]]:
    """Codes of the listed RT under the heading of each colour."""
    parts = re.split(r'<h3 id="warna-(\w+)">', html.partition('id="daftar"')[2])
    return {
        key: re.findall(r'href="/rt/([^"?]+)', part)
        for key, part in zip(parts[1::2], parts[2::2], strict=True)
    }


def codes_by_colour(city: City, within: str, day: date = LAST) -> dict[str, list[str]]:
    """The RT of each colour whose code begins with a code, counted one by one."""
    zones = city.zones(day)
    zones = zones[zones["code"].str.startswith(within)]
    return {
        key: sorted(zones["code"][zones["risk"] == risk].tolist()) for risk, key in enumerate(KEYS)
    }


def get(client: TestClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("code", ["33.74", KECAMATAN, KELURAHAN, f"{KELURAHAN}-001"])
@pytest.mark.parametrize("day", [LAST, LAST - timedelta(days=20)])
def test_every_rt_is_listed_under_its_colour(
    client: TestClient, small_city: City, code: str, day: date
) -> None:
    expected = codes_by_colour(small_city, code, day)
    assert listed(get(client, f"/wilayah/{code}?date={day}")) == expected | {
        key: [] for key in KEYS if not expected[key]
    }


def test_the_page_without_a_code_is_the_page_of_the_city(client: TestClient) -> None:
    assert listed(get(client, "/wilayah")) == listed(get(client, "/wilayah/33.74"))


@pytest.mark.parametrize(
    ("code", "level"), [("33.74", "kecamatan"), (KECAMATAN, "kelurahan"), (KELURAHAN, "rw")]
)
def test_parts_have_the_number_of_their_rt_of_each_colour(
    client: TestClient, small_city: City, code: str, level: Level
) -> None:
    table = get(client, f"/wilayah/{code}").partition('<table class="parts">')[2]
    rows = re.findall(r"<tr><th scope=\"row\"><a href=\"/wilayah/([^\"]+)\">(.*?)</tr>", table)
    codes = small_city.boundaries(level)["code"]
    assert [part for part, _ in rows] == codes[codes.str.startswith(code)].tolist()
    for part, cells in rows:
        expected = codes_by_colour(small_city, part)
        counts = [int(number) for number in re.findall(r"<td>(\d+)</td>", cells)]
        assert counts == [len(expected[key]) for key in reversed(KEYS)]


@pytest.mark.parametrize("colour", ["yellow", "kuning", "Yellow", " KUNING "])
def test_a_colour_is_named_by_its_key_or_in_both_languages(
    client: TestClient, small_city: City, colour: str
) -> None:
    shown = client.get(f"/wilayah/{KECAMATAN}", params={"colour": colour}, headers=HTML).text
    assert listed(shown) == {"yellow": codes_by_colour(small_city, KECAMATAN)["yellow"]}


def test_the_other_language_keeps_the_colour_and_the_day(client: TestClient) -> None:
    links = page(client, f"/wilayah/{KELURAHAN}?colour=merah&date=2021-07-10").links
    assert f"/wilayah/{KELURAHAN}?lang=en&date=2021-07-10&colour=red" in links


@pytest.fixture
def new_client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of a server that has kept no page yet."""
    with TestClient(create_app(small_settings)) as opened:
        yield opened


def test_a_long_list_ends_before_the_first_class_that_is_too_long(
    new_client: TestClient, small_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = codes_by_colour(small_city, KECAMATAN)
    most = len(expected["red"]) + len(expected["orange"])
    assert 0 < most < most + len(expected["yellow"])
    monkeypatch.setattr(larger_area, "MOST_LISTED", most)
    html = get(new_client, f"/wilayah/{KECAMATAN}")
    assert listed(html) == expected | {"yellow": [], "green": []}
    for key, name in (("yellow", "kuning"), ("green", "hijau")):
        assert f"Tampilkan {len(expected[key])} RT {name}" in html
        assert f'href="/wilayah/{KECAMATAN}?colour={key}#warna"' in html


def test_a_colour_with_too_many_rt_leads_to_the_parts_that_have_it(
    new_client: TestClient, small_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(larger_area, "MOST_OF_A_COLOUR", 3)
    html = get(new_client, f"/wilayah/{KECAMATAN}?colour=orange&lang=en")
    assert listed(html) == {"orange": []}
    found = re.findall(
        r'href="/wilayah/([^"?]+)\?lang=en&amp;colour=orange#warna"><span>[^<]*</span><b>(\d+) RT',
        html,
    )
    codes = codes_by_colour(small_city, KECAMATAN)["orange"]
    parts = sorted({code[: len(KELURAHAN)] for code in codes})
    assert found == [(part, str(sum(code.startswith(part) for code in codes))) for part in parts]


def test_the_curve_and_its_table_are_of_the_area(client: TestClient, small_city: City) -> None:
    html = get(client, f"/wilayah/{KELURAHAN}")
    table = html.partition('<table id="kurva-angka">')[2].partition("</table>")[0]
    rows = re.findall(r'<tr data-day="([\d-]+)"><th scope="row">.*?</th>(.*?)</tr>', table)
    days = small_city.published_days()
    assert [day for day, _ in rows] == [day.isoformat() for day in reversed(days)]
    for day, cells in (rows[0], rows[15], rows[-1]):
        expected = codes_by_colour(small_city, KELURAHAN, date.fromisoformat(day))
        counts = [int(number) for number in re.findall(r"<td>(\d+)</td>", cells)]
        assert counts == [len(expected[key]) for key in ("red", "orange", "yellow")]


# --- addresses


@pytest.mark.parametrize("query", ["", "?lang=en", "?date=2021-07-10", "?lang=en&date=2021-07-10"])
def test_an_address_of_another_level_leads_to_its_page(client: TestClient, query: str) -> None:
    for code, wrong, right in ((KELURAHAN, "rt", "wilayah"), (RT, "wilayah", "rt")):
        answer = client.get(f"/{wrong}/{code}{query}", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["location"] == f"/{right}/{code}{query}"
        assert client.get(f"/{wrong}/{code}{query}").status_code == 200


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_unknown_code_answers_with_the_names_of_near_areas(
    client: TestClient, small_city: City, lang: str
) -> None:
    # An unknown kelurahan of a known kecamatan: its kelurahan. An unknown kecamatan: similar codes.
    boundaries = small_city.ground().boundaries
    for code, near in (("33.74.01.1093", KELURAHAN), ("33.74.91", "33.74.01")):
        answer = client.get(f"/wilayah/{code}?lang={lang}", headers=HTML)
        assert answer.status_code == 404
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert boundaries.area(near).name in answer.text
        assert near in answer.text
    program = client.get("/wilayah/33.74.01.1093")
    assert (program.status_code, program.json()["code"]) == (404, "no-area")


@pytest.mark.parametrize("path", ["/wilayah", f"/wilayah/{KELURAHAN}"])
@pytest.mark.parametrize(
    "colour", ["blue", "<b>", "x" * 61, "red,orange", "'; drop table --", "🟥"]
)
def test_an_unknown_colour_is_rejected_with_a_sentence_on_a_page(
    client: TestClient, path: str, colour: str
) -> None:
    program = client.get(path, params={"colour": colour})
    assert (program.status_code, program.json()["code"]) == (422, "invalid-parameter")
    assert program.json()["message"].startswith("colour: ")
    shown = client.get(path, params={"colour": colour}, headers=HTML)
    assert shown.status_code == 422
    assert "<main" in shown.text
    assert "colour: " in shown.text
    assert escape(colour) not in shown.text.partition("<main")[2]


@pytest.mark.parametrize("query", ["color=red", "warna=merah", "colour=red&colour=green"])
def test_a_misspelled_or_repeated_parameter_is_rejected(client: TestClient, query: str) -> None:
    assert client.get(f"/wilayah?{query}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/wilayah/%00", f"/wilayah/{'9' * 65}", "/wilayah?date=2021-13-01"]
)
def test_a_malformed_address_is_rejected(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 422
    assert "<main" in answer.text


def test_a_day_that_is_not_published_leads_to_the_nearest(client: TestClient) -> None:
    answer = client.get("/wilayah/33.74?date=2021-07-16", headers=HTML)
    assert answer.status_code == 404
    assert 'href="/wilayah/33.74?date=2021-07-15"' in answer.text


@pytest.mark.parametrize("path", ["/", "/wilayah", f"/rt/{RT}", "/aturan", "/tentang"])
def test_every_page_leads_to_the_areas_the_rules_and_the_explanations(
    client: TestClient, path: str
) -> None:
    links = page(client, f"{path}?lang=en&date=2021-07-10").links
    for target in ("/wilayah", "/aturan", "/tentang"):
        assert f"{target}?lang=en&date=2021-07-10" in links


def test_the_counts_of_the_first_page_lead_to_their_lists(
    client: TestClient, small_city: City
) -> None:
    links = page(client, "/").links
    [link] = [link for link in links if "colour=red" in link]
    assert listed(get(client, link.partition("#")[0])) == {
        "red": codes_by_colour(small_city, "33.74")["red"]
    }


@pytest.mark.parametrize(
    "path", ["/wilayah", f"/wilayah/{KELURAHAN}?lang=en", "/aturan", "/tentang"]
)
def test_a_page_is_the_same_for_all_without_inline_code(client: TestClient, path: str) -> None:
    first, second = (client.get(path, headers={"User-Agent": agent}) for agent in ("a", "b"))
    assert first.content == second.content
    assert "set-cookie" not in first.headers
    assert "unsafe" not in first.headers["content-security-policy"]
    shown = Page(first.text)
    assert shown.inline_styles == 0
    assert "style" not in shown.tags
    assert re.findall(r"<script[^>]*>([^<]+)", first.text) == []
    assert shown.tags.count("h1") == 1
    etag = {"If-None-Match": first.headers["etag"]}
    assert client.get(path, headers=etag).status_code == 304


# --- files


def table(client: TestClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("code", ["33.74", KELURAHAN])
def test_the_files_of_a_page_have_the_rt_of_the_area(
    client: TestClient, small_city: City, code: str
) -> None:
    links = page(client, f"/wilayah/{code}?date=2021-07-10").links
    [by_table, with_borders] = [
        link for link in links if link.startswith(("/zones.csv", "/zones?"))
    ]
    expected = codes_by_colour(small_city, code, date(2021, 7, 10))
    risk_of = {each: risk for risk, key in enumerate(KEYS) for each in expected[key]}
    assert {row["code"]: int(row["risk"]) for row in table(client, by_table)} == risk_of
    features = client.get(with_borders).json()["features"]
    assert {each["id"]: each["properties"]["risk"] for each in features} == risk_of


def test_the_table_has_the_names_of_kelurahan_and_kecamatan_and_the_run(
    client: TestClient, small_city: City
) -> None:
    rows = table(client, f"/zones.csv?date={LAST}")
    boundaries = small_city.ground(LAST).boundaries
    assert len(rows) == len(small_city.zones(LAST))
    for row in rows[:: len(rows) // 7]:
        assert row["kelurahan"] == boundaries.area(row["code"][: len(KELURAHAN)]).name
        assert row["kecamatan"] == boundaries.area(KECAMATAN).name
        assert row["run"] == small_city.public(5).published_key(LAST).run
    assert not {"houses", "cases", "active", "counts"} & set(rows[0])
    above = table(client, f"/zones.csv?date={LAST}&level=kelurahan")
    assert [row["code"] for row in above] == small_city.boundaries("kelurahan")["code"].tolist()
    assert {row["kelurahan"] for row in above} == {row["name"] for row in above}


def test_a_table_is_compressed_for_a_client_that_accepts_this(client: TestClient) -> None:
    whole, packed = (
        client.get("/zones.csv", headers={"Accept-Encoding": encoding})
        for encoding in ("identity", "gzip")
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == whole.content
    assert packed.headers["etag"] != whole.headers["etag"]


def test_the_table_by_day_has_the_number_of_rt_of_each_colour(
    client: TestClient, small_city: City
) -> None:
    rows = table(client, f"/zones/{KELURAHAN}/history.csv")
    days = small_city.published_days()
    assert [row["date"] for row in rows] == [day.isoformat() for day in days]
    for row in (rows[0], rows[15], rows[-1]):
        day = date.fromisoformat(row["date"])
        expected = codes_by_colour(small_city, KELURAHAN, day)
        assert [int(row[key]) for key in KEYS] == [len(expected[key]) for key in KEYS]
        assert row["run"] == small_city.public(5).published_key(day).run


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/zones.csv?parent=33.99", 404),
        ("/zones/33.99/history.csv", 404),
        ("/zones.csv?level=desa", 422),
        ("/zones.csv?limit=2", 422),
        ("/zones.csv?date=2021-07-16", 404),
        ("/zones/33.74/history.csv?start=2021-07-01", 422),
    ],
)
def test_a_table_that_does_not_exist_answers_with_a_code(
    client: TestClient, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}


# --- names that look like code, and areas that are no RT


@pytest.fixture(scope="module")
def hostile(hostile_database: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database=hostile_database))) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/wilayah", "/wilayah/33.74.01", "/wilayah/33.74.01.1004"])
def test_a_name_is_shown_as_text(hostile: TestClient, path: str) -> None:
    html = hostile.get(path, headers=HTML).text
    shown = Page(html)
    assert "src=x" not in "".join(re.findall(r"<[^>]*>", html))
    assert NAMES["33.74.01.1004"] in shown.text
    assert "alert(1)</script>" not in html


def test_a_market_has_no_colour_and_is_in_no_list(hostile: TestClient) -> None:
    for path in ("/wilayah/33.74.01", "/wilayah/33.74.01.1010", "/zones.csv"):
        assert MARKET not in hostile.get(path).text
    answer = hostile.get(f"/wilayah/{MARKET}", follow_redirects=False)
    assert answer.headers["location"] == f"/rt/{MARKET}"
    assert hostile.get(f"/rt/{MARKET}", follow_redirects=False).status_code == 200
