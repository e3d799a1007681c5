"""Pages of places and amounts: room, distance, totals, three signs, and bad input."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from math import cos, radians
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.portal.help.city_data import CityData
from api.pages.portal.help.place_list import every_place
from api.settings import Settings
from geodata.boundaries import Boundaries, save_boundaries
from geodata.store import open_store
from tests.api.pages.portal.test_first_pages import Page, page
from tests.cities.help_city import (
    EAST,
    KECAMATAN,
    KELURAHAN,
    MARKUP,
    MIDDLE,
    PROFILE,
    WEST,
    help_database,
)

CROSS = "\N{MULTIPLICATION SIGN}"
PATHS = ("/tempat", "/rujukan", "/vaksinasi", "/bantuan", "/alat", "/pendatang", "/dokter")
PHONES = {"024 1000", "112", "024 2000", "024 3000"}
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def helped(small_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the small city with places, indicators and contacts."""
    folder = tmp_path_factory.mktemp("help")
    (folder / "city.toml").write_text(PROFILE)
    database = help_database(small_database, folder)
    settings = Settings(database=database, profile=folder / "city.toml")
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield opened


def headings(text: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", text)


def kilometres(boundaries: Boundaries, code: str, place: tuple[float, float]) -> float:
    """Distance on a sphere from the middle of an area; right to 1 % at this size."""
    middle = boundaries.area(code).geometry.representative_point()
    east = (place[0] - middle.x) * cos(radians(place[1])) * 111.32
    return float((east**2 + ((place[1] - middle.y) * 110.6) ** 2) ** 0.5)


# --- whole without anything


@pytest.mark.parametrize("path", [*PATHS, "/", "/vaksinasi?area=33.74.01", "/alat?area=33.74.01"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_page_is_whole_without_place_indicator_and_contact(
    client: TestClient, path: str, language: str
) -> None:
    shown = page(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert {"main", "h1", "header", "footer"} <= set(shown.tags)
    assert shown.inline_styles == 0
    assert not [link for link in shown.links if link.startswith(("tel:", "geo:", "https:"))]
    words = {
        "/tempat": ("Belum ada tempat yang tercatat.", "No place is recorded yet."),
        "/rujukan": ("Belum ada tempat jenis ini", "No place of this kind"),
        "/vaksinasi": (f"{CROSS} tidak ada data", f"{CROSS} no data"),
        "/bantuan": (f"{CROSS} tidak ada data", f"{CROSS} no data"),
        "/alat": ("Belum ada tempat yang melaporkan", "No place reports its stock"),
        "/pendatang": ("belum mencantumkan cara melapor", "has not listed here how to report"),
        "/dokter": ("belum mencantumkan dokter", "has not listed a doctor"),
        "/": ("Belum ada tempat yang tercatat.", "No place is recorded yet."),
    }[path.partition("?")[0]]
    assert words[language == "en"] in shown.text


@pytest.mark.parametrize("path", PATHS)
def test_every_page_leads_to_every_page_in_both_languages(client: TestClient, path: str) -> None:
    for language in ("", "?lang=en"):
        links = page(client, f"{path}{language}").links
        assert {f"{other}{language}" for other in PATHS} <= set(links)


def test_pages_need_no_published_day(small_boundaries: Boundaries, tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/empty.duckdb"
    with open_store(url, create=True) as store:
        save_boundaries(store, small_boundaries, "sample", {})
    with TestClient(create_app(Settings(database=url))) as opened:
        for path in PATHS:
            assert "main" in page(opened, path).tags
            answer = opened.get(f"{path}?date=2021-07-15")
            assert (answer.status_code, answer.json()["code"]) == (404, "no-run")
        assert "belum menerbitkan jumlah pendatang" in page(opened, "/pendatang").text


# --- places


def test_the_nearest_place_with_room_comes_first_and_a_full_place_last(
    helped: TestClient, small_boundaries: Boundaries
) -> None:
    far = {name: kilometres(small_boundaries, KELURAHAN, at)
           for name, at in ((MARKUP, WEST), ("RS Timur", EAST), ("RS Padat", MIDDLE))}  # fmt: skip
    with_room = sorted((MARKUP, "RS Timur"), key=lambda name: far[name])
    html = helped.get(f"/tempat?kind=hospital&near={KELURAHAN}", headers=HTML).text
    names = [name.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
             for name in headings(html)]  # fmt: skip
    assert names == [*with_room, "RS Padat"]
    shown = re.findall(r"data-far>([\d,]+) km<", html)
    assert [float(text.replace(",", ".")) for text in shown] == [
        pytest.approx(far[name], abs=0.06) for name in names
    ]


def test_room_zero_room_and_unknown_room_have_three_signs_and_the_time_of_their_report(
    helped: TestClient,
) -> None:
    text = page(helped, "/tempat").text
    assert "7 tempat kosong dari 9" in text
    assert "0 tempat kosong: penuh" in text
    assert f"{CROSS} tempat kosong: tidak ada data" in text
    # A time without a zone is a time of the city.
    assert "per 15 Juli 2021, pukul 01.00. Laporan lama: telepon dahulu." in text
    assert "per 14 Juli 2021, pukul 09.30." in text
    groups = re.findall(r" (Ada tempat|Tempat kosong tidak dilaporkan|Penuh) ", text)
    assert groups == ["Ada tempat", "Tempat kosong tidak dilaporkan", "Penuh"]


def test_a_report_gets_old_at_midnight_because_the_page_is_kept_for_the_day(
    helped: TestClient,
) -> None:
    city = helped.app.state.public.city  # type: ignore[attr-defined]  # Starlette types it as a callable
    place = every_place(CityData.read(city))[0]
    late = place.reported.replace(hour=23, minute=59)
    early = place.reported.replace(hour=0, minute=0)
    for report in (replace(place, reported=late), replace(place, reported=early)):
        assert not report.is_old(report.reported.date() + timedelta(days=2))
        assert report.is_old(report.reported.date() + timedelta(days=3))


def test_a_place_without_coordinates_says_how_well_it_is_known(helped: TestClient) -> None:
    text = page(helped, f"/tempat?near={KELURAHAN}").text
    assert re.search(r"Puskesmas Diam ± 0,1 km", text)
    assert "letak hanya diketahui wilayahnya" in text
    assert re.search(r"Posko Entah 2 tempat kosong .* letak tidak diketahui", text)


def test_only_a_telephone_number_is_a_telephone_link(helped: TestClient) -> None:
    shown = page(helped, "/tempat")
    assert "tel:024123" in shown.links
    assert "tanya lurah" in shown.text
    assert {link for link in shown.links if link.startswith("tel:")} == {"tel:024123", "tel:112"}


def test_a_name_with_markup_is_text(helped: TestClient) -> None:
    for path in ("/tempat", "/rujukan"):
        assert "<b>RS" not in helped.get(path, headers=HTML).text
        assert MARKUP in page(helped, path).text
    assert "<b>gratis</b>" in page(helped, "/dokter").text


@pytest.mark.parametrize("near", ["33.74", KECAMATAN, KELURAHAN, f"{KELURAHAN}-001-001"])
def test_places_are_near_an_area_of_every_level_and_far_from_no_city(
    helped: TestClient, near: str
) -> None:
    html = helped.get(f"/tempat?kind=hospital&near={near}", headers=HTML).text
    assert bool(re.search(r"data-far>[\d,]+ km<", html)) == (near != "33.74")


def test_the_map_has_the_numbers_of_the_list_and_counts_places_outside(helped: TestClient) -> None:
    html = helped.get("/tempat", headers=HTML).text
    svg = re.findall(r"<svg viewBox.*?</svg>", html, re.DOTALL)[-1]
    numbers = {int(text) for text in re.findall(r"<text[^>]*>(\d+)</text>", svg)}
    outside = re.search(r"(\d+) tempat tidak ada di peta ini", html)
    assert outside
    assert len(numbers) + int(outside[1]) == len(headings(html)) == 5


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tempat?near=110.42,-6.98", 422, "invalid-parameter"),
        ("/tempat?near=%00", 422, "invalid-parameter"),
        ("/tempat?kind=warung", 422, "invalid-parameter"),
        ("/tempat?kind=hospital&kind=post", 422, "invalid-parameter"),
        ("/tempat?kid=hospital", 422, "unknown-parameter"),
        ("/tempat?lang=jv", 422, "invalid-parameter"),
        ("/tempat?date=2021-13-01", 422, "invalid-parameter"),
        ("/tempat?date=2020-01-01", 404, "no-run"),
        ("/tempat?near=33.99", 404, "no-area"),
        (f"/rujukan?stock={'x' * 61}", 422, "invalid-parameter"),
        ("/vaksinasi?area=33.74.01.9999", 404, "no-area"),
        ("/pendatang?area=33.74.01.9999", 404, "no-area"),
        ("/bantuan?area=%3Cb%3E", 422, "invalid-parameter"),
        ("/alat?near=33.74", 422, "unknown-parameter"),
    ],
)
def test_bad_input_answers_a_page_with_a_sentence_and_the_code(
    helped: TestClient, path: str, status: int, code: str
) -> None:
    for language in ("id", "en"):
        answer = helped.get(
            f"{path}&lang={language}" if "lang=" not in path else path, headers=HTML
        )
        assert answer.status_code == status
        shown = Page(answer.text)
        assert code in shown.text
        assert "main" in shown.tags
    assert helped.get(path).json()["code"] == code


def test_an_unknown_area_leads_to_similar_areas_on_the_same_page(helped: TestClient) -> None:
    for path in ("/tempat?near=", "/vaksinasi?area="):
        links = Page(helped.get(f"{path}33.74.01.1999&lang=en", headers=HTML).text).links
        name = path.strip("/=").partition("?")[2]
        similar = [link for link in links if f"{name}=33.74.01" in link]
        assert len(similar) == 3
        assert all(helped.get(link, headers=HTML).status_code == 200 for link in similar)


def test_a_form_that_was_left_empty_asks_for_everything(helped: TestClient) -> None:
    assert headings(helped.get("/tempat?near=&kind=&date=", headers=HTML).text) == headings(
        helped.get("/tempat", headers=HTML).text
    )


# --- hospitals


def test_a_hospital_needs_the_equipment_and_says_whom_to_call_first(helped: TestClient) -> None:
    html = helped.get("/rujukan?stock=oksigen", headers=HTML).text
    # RS Padat reports a stock of zero.
    assert headings(html) == ["RS Timur"]
    text = page(helped, "/rujukan?lang=en").text
    assert "9 free beds in 2 hospitals. reports of 14 July 2021 to 15 July 2021" in text
    assert text.index("Call first.") < text.index("Test result") < text.index("With room")


def test_unknown_equipment_is_text_and_has_no_hospital(helped: TestClient) -> None:
    shown = page(helped, "/rujukan?stock=%3Cscript%3E')%20or%201=1")
    assert "Tidak ada rumah sakit yang melaporkan <script>') or 1=1." in shown.text


# --- amounts


def test_doses_are_added_up_to_the_day_and_not_beyond(helped: TestClient) -> None:
    assert "125 dosis sampai 11 Juli 2021" in page(helped, "/vaksinasi?date=2021-07-15").text
    assert "100 dosis sampai 4 Juli 2021" in page(helped, "/vaksinasi?date=2021-07-10").text
    assert "1.125 dosis sampai 25 Juli 2021" in page(helped, "/vaksinasi").text


def test_the_share_is_that_of_the_residents_rounded_down(
    helped: TestClient, small_boundaries: Boundaries
) -> None:
    people = small_boundaries.area("33.74").population
    assert people
    tenths = int(125 / people * 1000) / 10
    assert (
        f"Vaksinasi dosis 1 {tenths:.1f}%".replace(".", ",", 1)
        in page(helped, "/vaksinasi?date=2021-07-15").text
    )


def test_a_report_of_the_area_and_the_sum_below_it_are_not_added(helped: TestClient) -> None:
    text = page(helped, f"/vaksinasi?area={KECAMATAN}&date=2021-07-15").text
    assert "70 dosis sampai 11 Juli 2021" in text
    assert "100 dosis" not in text


def test_zero_and_no_data_have_two_signs_and_every_figure_its_day(helped: TestClient) -> None:
    html = helped.get(f"/vaksinasi?area={KECAMATAN}&date=2021-07-15", headers=HTML).text
    rows = {
        name: Page(row).text
        for name, row in re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', html, re.DOTALL)
    }
    zero = [row for row in rows.values() if row.startswith(" 0 (nol) sampai 11 Juli 2021")]
    none = [
        row for row in rows.values() if row == f" {CROSS} tidak ada data {CROSS} tidak ada data"
    ]
    assert len(zero) == 1
    assert len(none) == len(rows) - 2
    assert "13 wilayah tidak ada datanya dan tidak terhitung." in Page(html).text


def test_donations_of_two_units_are_two_numbers_each_with_its_days(helped: TestClient) -> None:
    text = page(helped, "/bantuan?date=2021-07-15").text
    assert "Donasi diterima 2.500.000 rupiah 11 Juli 2021" in text
    assert "Donasi diterima 0,5 ton 4 Juli 2021" in text
    assert f"Donasi disalurkan {CROSS} tidak ada data" in text
    assert "Paket bantuan 40 11 Juli 2021" in text


def test_beds_are_the_newest_count_and_stock_names_its_reports(helped: TestClient) -> None:
    text = page(helped, "/alat?date=2021-07-15").text
    assert "Tempat tidur 60 11 Juli 2021" in text
    assert re.search(r"oksigen 12 di 2 tempat laporan 14 Juli 2021 sampai 15 Juli 2021", text)
    assert "Persediaan adalah keadaan terakhir, bukan keadaan pada Kamis, 15 Juli 2021." in text


# --- newcomers


def test_a_reported_number_of_newcomers_is_not_public(helped: TestClient) -> None:
    for path in (f"/pendatang?area={KELURAHAN}", "/indicators?name=newcomers", "/indicators"):
        text = helped.get(path).text
        assert "13579" not in text
        assert "13.579" not in text


def test_the_rule_in_force_names_the_end_of_a_quarantine(helped: TestClient) -> None:
    text = page(helped, "/pendatang?date=2021-07-15").text
    assert "Tiba pada 15 Juli 2021: selesai pada 20 Juli 2021." in text
    assert "1 April 2020 sampai 19 April 2021" in text
    assert "Lapor kepada ketua RT." in text


# --- every page


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_the_same_for_all_sets_no_cookie_and_is_not_sent_twice(
    helped: TestClient, path: str
) -> None:
    first, second = (helped.get(path, headers={"User-Agent": agent}) for agent in ("a", "b"))
    assert first.content == second.content
    assert "set-cookie" not in first.headers
    assert "unsafe" not in first.headers["content-security-policy"]
    assert Page(first.text).inline_styles == 0
    etag = first.headers["etag"]
    assert helped.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_the_other_language_keeps_the_parameters(helped: TestClient) -> None:
    query = f"date=2021-07-15&kind=hospital&near={KELURAHAN}"
    assert f"/tempat?lang=en&{query}" in page(helped, f"/tempat?{query}").links


@pytest.mark.parametrize("path", ["/", *PATHS])
def test_no_page_has_a_contact_that_the_city_did_not_give(helped: TestClient, path: str) -> None:
    links = page(helped, path).links
    numbers = {phone.replace(" ", "") for phone in PHONES} | {"024123"}
    assert {link.removeprefix("tel:") for link in links if link.startswith("tel:")} <= numbers


def test_the_first_page_has_the_room_of_each_kind_and_the_doses(helped: TestClient) -> None:
    text = page(helped, "/?date=2021-07-15").text
    assert (
        "rumah sakit 9 tempat kosong di 2 tempat laporan 14 Juli 2021 sampai 15 Juli 2021" in text
    )
    assert "125 dosis sampai 11 Juli 2021" in text
    assert "Vaksinasi dosis penguat" not in text


def test_the_page_of_an_rt_leads_to_the_places_near_it(helped: TestClient) -> None:
    code = f"{KELURAHAN}-001-001"
    assert f"/tempat?near={code}" in page(helped, f"/rt/{code}").links
