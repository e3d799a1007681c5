"""Pages that say no: in Indonesian and English, and never by repeating what came."""

import ast
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from api.http.errors import STATUS

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ITEMS = "/ogc/collections/zones-kelurahan/items"
GENERAL = {
    "Yang diminta tidak ada.",
    "Yang diminta tidak dapat dipahami.",
    "Nilai ini tidak dapat dipakai.",
}
WRONG = {
    "/map?date=2020-01-01": (404, "Zona tanggal 1 Januari 2020 tidak diterbitkan."),
    "/map?date=kemarin": (422, "date: Hari ditulis seperti 2021-07-15."),
    "/map?date=2021-02-31": (422, "date: Hari itu tidak ada di kalender"),
    "/map?lang=de": (422, "lang: Yang dapat ditulis: 'id' atau 'en'."),
    "/map?dat=2021-07-15": (422, "Yang dikenal: lang, date."),
    "/embed?area=33.99": (404, "Tidak ada wilayah dengan kode itu di sini."),
    "/embed?area=%3Cb%3E": (422, "area: Ada tanda yang tidak semestinya"),
    "/embed?size=huge": (422, "size: Yang dapat ditulis: 'full' atau 'compact'."),
    "/embed?legend=maybe": (422, "legend: Yang dapat ditulis: 'true', 'closed' atau 'false'."),
    "/embed?pattern=often": (422, "pattern: Yang dapat ditulis: true atau false."),
    "/embed?date=2020-01-01": (404, "Zona tanggal 1 Januari 2020 tidak diterbitkan."),
    "/embed/guide?height=10": (422, "height: Paling sedikit 240."),
    "/embed/guide?height=99999": (422, "height: Paling banyak 2000."),
    "/embed/guide?height=tall": (422, "height: Tulis bilangan bulat."),
    "/embed/guide?maplang=fr": (422, "maplang: Yang dapat ditulis: 'id' atau 'en'."),
    "/embed/guide?area=33.99": (404, "Tidak ada wilayah dengan kode itu di sini."),
    "/embed/guide/nothing": (404, "Tidak ada contoh itu."),
    "/embed/guide/No1": (422, "example: Ada tanda yang tidak semestinya"),
    "/peta": (404, "Tidak ada apa-apa di alamat ini."),
    "/ogc/nowhere": (404, "Tidak ada apa-apa di alamat ini."),
    "/ogc/collections/none": (404, "Tidak ada koleksi itu. Yang ada: "),
    f"{ITEMS}?colur=merah": (400, "Ada parameter yang tidak dikenal di alamat ini."),
    f"{ITEMS}?limit=many": (400, "limit: Tulis bilangan bulat mulai dari 1."),
    f"{ITEMS}?limit=1&limit=2": (400, "limit: Tertulis lebih dari sekali."),
    f"{ITEMS}?bbox=1,2": (400, "bbox: Tulis empat bilangan"),
    f"{ITEMS}?bbox=1,9,2,3": (400, "bbox: Sudut bawah di selatan"),
    f"{ITEMS}?datetime=kemarin": (400, "datetime: Tulis hari seperti 2021-07-15"),
    f"{ITEMS}?datetime=2021-07-02/2021-07-01": (400, "datetime: Akhirnya mendahului awalnya."),
    f"{ITEMS}?crs=EPSG:27700": (400, "crs: Sistem koordinat itu tidak tersedia."),
    f"{ITEMS}?risk=tinggi": (400, "risk: Tulis bilangan."),
    f"{ITEMS}?filter=colur=1": (400, "filter: Tidak ada kolom itu. Yang ada: "),
    f"{ITEMS}?filter=risk%20%3E": (400, "filter: Saringan itu tidak dapat dipakai."),
    f"{ITEMS}?filter=risk=1&filter-lang=sql": (400, "filter-lang: Salah satu dari "),
    f"{ITEMS}/33.99": (404, "Tidak ada zona itu."),
    "/ogc/collections/places/items/none": (404, "Tidak ada tempat dengan id itu."),
    "/ogc/tiles/Other": (404, "Tile hanya ada dalam WebMercatorQuad."),
    "/ogc/collections/places/tiles": (404, "Tidak ada tile seperti itu untuk koleksi ini"),
    "/ogc/tiles/WebMercatorQuad/a/b/c": (404, "Tidak ada tile itu: nomornya bilangan bulat."),
    "/ogc/tiles/WebMercatorQuad/2/0/0": (404, "Tidak ada tile itu. Zoom 8 sampai 18"),
}
"""What is asked, and how the answer's Indonesian sentence begins."""


def sentences(page: str) -> dict[str, str]:
    """What a page says, by language, in the order it says it."""
    [said] = re.findall(r'<p class="said">(.*?)</p>', page, re.DOTALL)
    found = re.findall(r'<span lang="(id|en)">(.*?)</span>', said, re.DOTALL)
    return {language: unescape(text) for language, text in found}


@pytest.mark.parametrize("address", WRONG)
def test_a_page_says_what_is_wrong_in_indonesian_and_then_in_english(
    client: TestClient, address: str
) -> None:
    status, wanted = WRONG[address]
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    said = sentences(answer.text)
    assert list(said) == ["id", "en"]
    assert wanted in said["id"]
    assert said["id"] != said["en"]
    assert not {said["id"], said["id"].partition(": ")[2]} & GENERAL
    told = client.get(address, headers={"Accept": "application/json"})
    assert told.status_code == status
    # To a program: a code and the English sentence.
    assert told.json()["message"] == said["en"]
    assert set(told.json()) == {"code", "message"}


def test_who_reads_english_reads_it_first(client: TestClient) -> None:
    page = client.get("/map?date=2020-01-01&lang=en", headers=HTML).text
    assert list(sentences(page)) == ["en", "id"]
    assert '<html lang="en">' in page


@pytest.mark.parametrize("address", WRONG)
def test_what_came_is_not_repeated(client: TestClient, address: str) -> None:
    text = client.get(address, headers=HTML).text
    for came in ("kemarin", "<b>", "huge", "maybe", "often", "99999", "tall", "colur", "=tinggi"):
        assert came.removeprefix("=") not in text or came not in unquote(address)


def test_an_answer_that_is_no_page_stays_json_for_a_browser(client: TestClient) -> None:
    answer = client.get("/zones?level=none", headers=HTML)
    assert answer.headers["content-type"] == "application/json"


FOLDER = Path(__file__).resolve().parents[3] / "api"
ON_PAGES = [
    *sorted((FOLDER / "ogc").rglob("*.py")),
    *(FOLDER / "routes" / f"{name}.py" for name in ("map", "guide", "ogc", "ogc_items")),
    FOLDER / "routes" / "ogc_tiles.py",
    FOLDER / "http" / "strict_query.py",
    FOLDER / "tiles" / "responses.py",
    FOLDER / "pages" / "guide.py",
]


@pytest.mark.parametrize("path", ON_PAGES, ids=lambda path: path.name)
def test_every_error_that_a_page_may_show_has_its_indonesian_sentence(path: Path) -> None:
    kinds = {kind.__name__ for kind in STATUS}
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if call.func.id in kinds:
            given = {one.arg for one in call.keywords}
            assert "indonesian" in given, f"{path.name}:{call.lineno}"
