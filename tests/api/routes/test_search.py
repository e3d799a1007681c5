"""Find an RT over HTTP: the two files for the phone, the form, and pages of unknown codes."""

import gzip
import json
from datetime import date
from html import unescape
from typing import Any

import brotli
import pytest
from fastapi.testclient import TestClient

from api.pages.portal.texts.search import TEXTS
from tests.zoning.public.test_search import bits_of, zones_of
from zoning import City

LAST = date(2021, 7, 15)
SEKAYU = "33.74.01.1007"
RT = f"{SEKAYU}-002-003"
HTML = {"Accept": "text/html"}
FORM = "application/x-www-form-urlencoded"


def post(client: TestClient, address: str = "/rt", **fields: str) -> Any:
    return client.post(address, data=fields, follow_redirects=False)


def run_and_boundaries(client: TestClient, day: date) -> tuple[str, str]:
    runs = {run["date"]: run for run in client.get("/days").json()["days"]}
    return runs[day.isoformat()]["run"], runs[day.isoformat()]["boundaries"]


# --- the files


def test_the_two_files_give_every_rt_its_colour(client: TestClient, small_city: City) -> None:
    run, boundaries = run_and_boundaries(client, LAST)
    zones = zones_of(client.get(f"/names/{boundaries}").json())
    values = bits_of(client.get(f"/colours/{run}").content)
    expected = small_city.zones(LAST).set_index("code")["risk"]
    assert {zone[0]: value for zone, value in zip(zones, values, strict=True)} == expected.to_dict()


def test_the_files_never_change_and_are_small(client: TestClient) -> None:
    run, boundaries = run_and_boundaries(client, LAST)
    for address, largest in ((f"/names/{boundaries}", 700), (f"/colours/{run}", 200)):
        sizes = []
        for encoding, read in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            headers = {"Accept-Encoding": encoding}
            with client.stream("GET", address, headers=headers) as answer:
                packed = b"".join(answer.iter_raw())
            assert answer.headers["content-encoding"] == encoding
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["vary"] == "Accept-Encoding"
            plain = client.get(address, headers={"Accept-Encoding": "identity"})
            assert "content-encoding" not in plain.headers
            assert read(packed) == plain.content
            sizes.append(len(packed))
            tag = {"If-None-Match": answer.headers["etag"], **headers}
            assert client.get(address, headers=tag).status_code == 304
        assert max(sizes) < largest


@pytest.mark.parametrize("name", ["names", "colours"])
def test_the_newest_files_have_an_address_that_is_asked_again(
    client: TestClient, name: str
) -> None:
    run, boundaries = run_and_boundaries(client, LAST)
    latest = client.get(f"/{name}/latest")
    assert (
        latest.content == client.get(f"/{name}/{run if name == 'colours' else boundaries}").content
    )
    assert latest.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/colours/0123456789abcdef", 404, "no-run"),
        ("/names/0123456789abcdef", 404, "no-boundaries"),
        ("/colours/A%20B", 422, "invalid-parameter"),
        ("/names/xyz", 422, "invalid-parameter"),
        ("/names/latest?date=2021-07-15", 422, "unknown-parameter"),
        ("/colours/latest?days=14", 422, "unknown-parameter"),
    ],
)
def test_a_file_that_does_not_exist_is_an_error(
    client: TestClient, address: str, status: int, code: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"


# --- the form


@pytest.mark.parametrize(
    "fields",
    [
        {"kelurahan": "Sekayu", "rw": "2", "rt": "3"},
        {"kelurahan": "Kel. Sekayu", "rw": "RW II", "rt": "003"},
        {"kelurahan": SEKAYU, "rw": "2", "rt": "3"},
        {"kelurahan": "Rt 3 / Rw II sekayu"},
    ],
)
def test_the_form_leads_to_the_page_of_the_rt(client: TestClient, fields: dict[str, str]) -> None:
    answer = post(client, "/rt?lang=en&date=2021-07-15", **fields)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/rt/{RT}?lang=en&date=2021-07-15"
    assert answer.headers["cache-control"] == "no-store"
    assert post(client, **fields).headers["location"] == f"/rt/{RT}"
    assert client.get(f"/rt/{RT}?lang=en&date=2021-07-15").status_code == 200


@pytest.mark.parametrize("lang", ["id", "en"])
def test_without_all_numbers_the_form_asks_one_after_another(client: TestClient, lang: str) -> None:
    first = post(client, f"/rt?lang={lang}", kelurahan="sekayu")
    assert first.status_code == 200
    assert getattr(TEXTS["which_rw"], lang).format(name="Sekayu") in first.text
    assert f'name="kelurahan" value="{SEKAYU}"' in first.text
    second = post(client, f"/rt?lang={lang}", kelurahan=SEKAYU, rw="2")
    assert getattr(TEXTS["which_zone"], lang) in second.text
    assert f'href="/rt/{RT}' in second.text
    missing = post(client, f"/rt?lang={lang}", kelurahan=SEKAYU, rw="2", rt="99")
    assert getattr(TEXTS["missing"], lang).format(name="Sekayu") in unescape(missing.text)
    assert f'href="/rt/{RT}' in missing.text


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "sekayu " * 1400,
        "😀🏠" * 50,
        '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
        "'; drop table area; --",
        "{{ 7 * 1111 }}${7*1111}",
        "Wakanda RT 1 RW 1",
    ],
    ids=["long", "repeated", "emoji", "markup", "sql", "template", "unknown"],
)
def test_a_text_that_names_no_rt_is_shown_as_text(client: TestClient, text: str, lang: str) -> None:
    answer = post(client, f"/rt?lang={lang}", kelurahan=text, rw="<i>", rt="1 or 1=1")
    assert answer.status_code == 404
    no_match = getattr(TEXTS["no_match"], lang)
    assert no_match[: no_match.index("{")].strip() in unescape(answer.text)
    for unsafe in ("<script>alert", "<img src=x", "<i>", "7777"):
        assert unsafe not in answer.text
    assert len(answer.content) < 20_000
    assert answer.headers["cache-control"] == "no-store"


def test_a_form_without_a_name_asks_for_the_name(client: TestClient) -> None:
    for fields in ({"kelurahan": ""}, {"kelurahan": " \x00", "rw": "2", "rt": "3"}, {"rw": "2"}):
        answer = post(client, **fields)
        assert answer.status_code == 200
        assert TEXTS["no_name"].id[:25] in answer.text


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"kelurahan=Sekayu", "text/plain", 415, "content-type"),
        (b'{"kelurahan": "Sekayu"}', "application/json", 415, "content-type"),
        (b"kelurahan=Sekayu&kelurahan=Miroto", FORM, 422, "invalid-parameter"),
        (b"kelurahan=Sekayu&desa=1", FORM, 422, "unknown-parameter"),
        (b"&".join(b"rw=1" for _ in range(30)), FORM, 422, "invalid-parameter"),
        (b"kelurahan=" + b"x" * 65_000, FORM, 413, "too-large"),
    ],
)
def test_a_body_that_is_no_form_is_rejected(
    client: TestClient, body: bytes, media_type: str, status: int, code: str
) -> None:
    answer = client.post("/rt", content=body, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Sekayu" not in answer.text


def test_bytes_that_are_no_text_find_nothing(client: TestClient) -> None:
    answer = client.post("/rt", content=b"kelurahan=%ff%fe\xff", headers={"Content-Type": FORM})
    assert answer.status_code == 404


def test_no_address_has_the_text_of_a_search(client: TestClient) -> None:
    answer = client.get("/rt", params={"kelurahan": "Sekayu"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")
    page = client.get("/").text
    assert page.count("<form") == page.count('method="post"') == 1


def test_the_first_page_is_the_same_for_everybody(client: TestClient) -> None:
    first = client.get("/?date=2021-07-15")
    assert "set-cookie" not in first.headers
    other = client.get("/?date=2021-07-15", headers={"Cookie": "a=b", "User-Agent": "other"})
    assert other.content == first.content


# --- unknown codes


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        (f"{SEKAYU}-002-099", f'href="/rt/{RT}'),
        (f"{SEKAYU}-099-001", 'name="rw"'),
        ("33.74.01.9999", f'name="kelurahan" value="{SEKAYU}"'),
    ],
)
def test_an_unknown_code_answers_404_with_the_nearest_names(
    client: TestClient, code: str, nearest: str, lang: str
) -> None:
    answer = client.get(f"/rt/{code}?lang={lang}", headers=HTML)
    assert answer.status_code == 404
    assert "<main" in answer.text
    assert getattr(TEXTS["no_code"], lang) in answer.text
    assert nearest in answer.text
    assert answer.headers["cache-control"] == "no-store"
    plain = client.get(f"/rt/{code}")
    assert (plain.status_code, plain.json()["code"]) == (404, "no-area")


def test_the_values_for_the_script_are_json_whatever_the_names(client: TestClient) -> None:
    page = client.get("/?date=2021-07-15&lang=en").text
    start = page.index('id="cari-data">') + len('id="cari-data">')
    data = json.loads(page[start : page.index("</script>", start)])
    run, boundaries = run_and_boundaries(client, LAST)
    assert (data["run"], data["boundaries"], data["date"]) == (run, boundaries, "2021-07-15")
    assert len(data["days"]) == 14
    assert data["days"][-1] == ["15 July 2021", run, boundaries]
    assert data["colours"] == ["green", "yellow", "orange", "red"]
