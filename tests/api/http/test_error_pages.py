"""Error pages: in Indonesian and English, without the value that came."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ITEMS = "/ogc/collections/zones-kelurahan/items"
GENERAL = {"Nilai ini tidak dapat dipakai."}
ERRORS = {
    "/map?date=2020-01-01": (404, "Zona tanggal 1 Januari 2020 tidak diterbitkan."),
    "/map?date=kemarin": (422, "date: Tulis hari seperti 2021-07-15."),
    "/map?date=2021-02-31": (422, "date: Hari itu tidak ada di kalender"),
    "/map?lang=de": (422, "lang: Tulis 'id' atau 'en'."),
    "/map?dat=2021-07-15": (422, "Parameternya: lang, date."),
    "/embed?area=33.99": (404, "Tidak ada wilayah dengan kode itu di sini."),
    "/embed?area=%3Cb%3E": (422, "area: Nilainya memuat karakter yang tidak diizinkan"),
    "/embed?size=huge": (422, "size: Tulis 'full' atau 'compact'."),
    "/embed?legend=maybe": (422, "legend: Tulis 'true', 'closed' atau 'false'."),
    "/embed?pattern=often": (422, "pattern: Tulis true atau false."),
    "/embed?date=2020-01-01": (404, "Zona tanggal 1 Januari 2020 tidak diterbitkan."),
    "/embed/guide?height=10": (422, "height: Paling sedikit 240."),
    "/embed/guide?height=99999": (422, "height: Paling banyak 2000."),
    "/embed/guide?height=tall": (422, "height: Tulis bilangan bulat."),
    "/embed/guide?maplang=fr": (422, "maplang: Tulis 'id' atau 'en'."),
    "/embed/guide?area=33.99": (404, "Tidak ada wilayah dengan kode itu di sini."),
    "/embed/guide/nothing": (404, "Tidak ada contoh itu."),
    "/embed/guide/No1": (422, "example: Nilainya memuat karakter yang tidak diizinkan"),
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


def sentences(page: str) -> dict[str, str]:
    """The sentences of a page by language, in the order of the page."""
    [paragraph] = re.findall(r'<p class="said">(.*?)</p>', page, re.DOTALL)
    spans = re.findall(r'<span lang="(id|en)">(.*?)</span>', paragraph, re.DOTALL)
    return {language: unescape(text) for language, text in spans}


@pytest.mark.parametrize("address", ERRORS)
def test_an_error_page_has_the_indonesian_sentence_and_then_the_english(
    client: TestClient, address: str
) -> None:
    status, beginning = ERRORS[address]
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    texts = sentences(answer.text)
    assert list(texts) == ["id", "en"]
    assert beginning in texts["id"]
    assert texts["id"] != texts["en"]
    assert not {texts["id"], texts["id"].partition(": ")[2]} & GENERAL
    json_answer = client.get(address, headers={"Accept": "application/json"})
    assert json_answer.status_code == status
    assert json_answer.json()["message"] == texts["en"]
    assert set(json_answer.json()) == {"code", "message"}


def test_with_lang_en_the_english_sentence_comes_first(client: TestClient) -> None:
    page = client.get("/map?date=2020-01-01&lang=en", headers=HTML).text
    assert list(sentences(page)) == ["en", "id"]
    assert '<html lang="en">' in page


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
