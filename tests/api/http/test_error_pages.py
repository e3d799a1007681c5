"""Error pages: in the language of the request, for residents, without the value that came."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from api.pages.portal.texts.error import FOR_RESIDENTS

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ITEMS = "/ogc/collections/zones-kelurahan/items"
GENERAL = {"Nilai ini tidak dapat dipakai."}
ERRORS = {
    "/map?date=2020-01-01": (404, "Warna untuk hari ini tidak diterbitkan."),
    "/map?date=kemarin": (422, "date: Tulis hari seperti 2021-07-15."),
    "/map?date=2021-02-31": (422, "date: Hari itu tidak ada di kalender"),
    "/map?lang=de": (422, "lang: Tulis 'id' atau 'en'."),
    "/map?dat=2021-07-15": (422, "Parameternya: lang, rt, date."),
    "/embed?area=33.99": (404, "Tidak ada wilayah dengan kode itu."),
    "/embed?area=%3Cb%3E": (422, "area: Nilainya memuat karakter yang tidak diizinkan"),
    "/embed?size=huge": (422, "size: Tulis 'full' atau 'compact'."),
    "/embed?legend=maybe": (422, "legend: Tulis 'true', 'closed' atau 'false'."),
    "/embed?pattern=often": (422, "pattern: Tulis true atau false."),
    "/embed?date=2020-01-01": (404, "Warna untuk hari ini tidak diterbitkan."),
    "/embed/guide?height=10": (422, "height: Paling sedikit 240."),
    "/embed/guide?height=99999": (422, "height: Paling banyak 2000."),
    "/embed/guide?height=tall": (422, "height: Tulis bilangan bulat."),
    "/embed/guide?maplang=fr": (422, "maplang: Tulis 'id' atau 'en'."),
    "/embed/guide?area=33.99": (404, "Tidak ada wilayah dengan kode itu."),
    "/embed/guide/nothing": (404, "Tidak ada contoh itu."),
    "/embed/guide/No1": (422, "example: Nilainya memuat karakter yang tidak diizinkan"),
    "/?date=2020-01-01": (404, "Warna untuk hari ini tidak diterbitkan."),
    "/?date=kemarin": (422, "date: Tulis hari seperti 2021-07-15."),
    "/?lang=de": (422, "lang: Tulis 'id' atau 'en'."),
    "/rt/33.99": (404, "Tidak ada wilayah dengan kode itu."),
    "/rt/%3Cb%3E": (422, "code: Nilainya memuat karakter yang tidak diizinkan"),
    "/peta": (404, "Alamat ini tidak ada."),
    "/ogc/nowhere": (404, "Alamat ini tidak ada."),
    "/ogc/collections/none": (404, "Koleksi itu tidak ada. Koleksi yang ada: "),
    f"{ITEMS}?colur=merah": (400, "Alamat ini tidak mengenal salah satu parameternya."),
    f"{ITEMS}?limit=many": (400, "limit: Tulis bilangan bulat mulai dari 1."),
    f"{ITEMS}?limit=1&limit=2": (400, "limit: Parameter ini tertulis lebih dari sekali."),
    f"{ITEMS}?bbox=1,2": (400, "bbox: Tulis empat bilangan"),
    f"{ITEMS}?bbox=1,9,2,3": (400, "bbox: Sudut bawah harus di selatan"),
    f"{ITEMS}?datetime=kemarin": (400, "datetime: Tulis hari seperti 2021-07-15"),
    f"{ITEMS}?datetime=2021-07-02/2021-07-01": (400, "datetime: Akhirnya mendahului awalnya."),
    f"{ITEMS}?crs=EPSG:27700": (400, "crs: Sistem koordinat itu tidak tersedia."),
    f"{ITEMS}?risk=tinggi": (400, "risk: Tulis bilangan."),
    f"{ITEMS}?filter=colur=1": (400, "filter: Sebuah kolom tidak ada. Kolom yang ada: "),
    f"{ITEMS}?filter=risk%20%3E": (400, "filter: Saringan ini tidak dapat dibaca"),
    f"{ITEMS}?filter=risk=1&filter-lang=sql": (400, "filter-lang: Tulis salah satu dari "),
    f"{ITEMS}/33.99": (404, "Tidak ada zona dengan id itu."),
    "/ogc/collections/places/items/none": (404, "Tidak ada tempat dengan id itu."),
    "/ogc/tiles/Other": (404, "Skema tile itu tidak ada. Tulis WebMercatorQuad."),
    "/ogc/collections/places/tiles": (404, "Koleksi ini tidak punya tile jenis itu."),
    "/ogc/tiles/WebMercatorQuad/a/b/c": (404, "Tile itu tidak ada. Tulis bilangan bulat"),
    "/ogc/tiles/WebMercatorQuad/2/0/0": (404, "Tile itu tidak ada. Zoom 8 sampai 18"),
}
"""Addresses with the status and the first words of the Indonesian sentence."""


def sentences(client: TestClient, address: str) -> tuple[str, str]:
    """The Indonesian and the English sentence of an error page."""
    page = client.get(address, headers=HTML).text
    assert '<html lang="id">' in page
    [indonesian] = re.findall(r'<p class="message">(.*?)</p>', page, re.DOTALL)
    if address.startswith("/ogc"):
        # These pages know no language: both sentences are on the page.
        [english] = re.findall(r'<p class="soft" lang="en">(.*?)</p>', page, re.DOTALL)
    else:
        other = f"{address}{'&' if '?' in address else '?'}lang=en"
        page = client.get(other, headers=HTML).text
        assert '<html lang="en">' in page
        [english] = re.findall(r'<p class="message">(.*?)</p>', page, re.DOTALL)
    return unescape(indonesian), unescape(english)


@pytest.mark.parametrize("address", [each for each in ERRORS if "lang=" not in each])
def test_an_error_page_has_the_sentence_in_the_language_of_the_request(
    client: TestClient, address: str
) -> None:
    status, beginning = ERRORS[address]
    assert client.get(address, headers=HTML).status_code == status
    indonesian, english = sentences(client, address)
    assert beginning in indonesian
    assert indonesian != english
    assert not {indonesian, indonesian.partition(": ")[2]} & GENERAL
    json_answer = client.get(address, headers={"Accept": "application/json"})
    assert json_answer.status_code == status
    if json_answer.json()["code"] not in FOR_RESIDENTS:
        assert json_answer.json()["message"] == english
    assert set(json_answer.json()) == {"code", "message"}


def test_a_resident_reads_no_command(client: TestClient) -> None:
    for address in ("/?date=2020-01-01", "/map?date=2020-01-01", "/rt/33.99", "/peta"):
        page = client.get(address, headers=HTML).text
        assert "mikrozonasi " not in page
        assert "<main" in page


def test_an_unpublished_day_leads_to_the_nearest_days(client: TestClient) -> None:
    page = client.get("/?date=2020-01-01", headers=HTML).text
    first = client.get("/days").json()["days"][0]["date"]
    assert f'href="/?date={first}"' in page
    assert 'href="/"' in page
    english = client.get("/map?date=2099-01-01&lang=en", headers=HTML).text
    assert 'href="/map?lang=en&amp;date=2021-07-15"' in english


def test_an_unknown_code_leads_to_the_rt_of_its_rw(client: TestClient) -> None:
    page = client.get("/rt/33.74.01.1003-001-099", headers=HTML).text
    links = re.findall(r'href="/rt/([^"?]+)"', page)
    assert len(links) >= 3
    assert all(link.startswith("33.74.01.1003-001-") for link in links)
    assert all(client.get(f"/zones/{link}").status_code == 200 for link in links)


@pytest.mark.parametrize("address", ERRORS)
def test_an_error_page_does_not_repeat_the_value_that_came(
    client: TestClient, address: str
) -> None:
    text = client.get(address, headers=HTML).text
    for value in ("kemarin", "<b>", "huge", "maybe", "often", "99999", "tall", "colur", "=tinggi"):
        assert value.removeprefix("=") not in text or value not in unquote(address)


def test_a_data_path_answers_a_browser_with_json(client: TestClient) -> None:
    answer = client.get("/zones?level=none", headers=HTML)
    assert answer.headers["content-type"] == "application/json"
