"""The map and its files: outlines and assets kept for ever, the RT in the address, the portal."""

import json
import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from zoning import City

RT = "33.74.01.1003-001-001"
FOREVER = "public, max-age=31536000, immutable"


class Links(HTMLParser):
    """The addresses of links, scripts and styles of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.files: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        if tag == "script" and values.get("src"):
            self.files.append(str(values["src"]))
        if tag == "link" and values.get("rel") == "stylesheet":
            self.files.append(str(values["href"]))


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="zones-data">(.*?)</script>', html)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


@pytest.mark.parametrize("path", ["/map", "/embed"])
def test_a_browser_keeps_every_script_and_style_of_the_map_for_ever(
    client: TestClient, path: str
) -> None:
    files = Links(client.get(path).text).files
    assert len(files) > 10
    for address in files:
        assert client.get(address).headers["cache-control"] == FOREVER, address


@pytest.mark.parametrize("path", ["/map", "/embed"])
def test_the_outlines_are_one_file_that_never_changes_and_are_not_in_the_page(
    client: TestClient, small_city: City, path: str
) -> None:
    data = data_of(client.get(path).text)
    boundaries = small_city.ground().boundaries
    assert data["outlines"] is None
    assert data["outlines_at"] == f"/outlines/{boundaries.id}"
    answer = client.get(f"/outlines/{boundaries.id}")
    assert answer.headers["cache-control"] == FOREVER
    for level in ("kelurahan", "kecamatan"):
        assert answer.json()[level]["codes"] == boundaries.level(level)["code"].tolist()
    etag = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"/outlines/{boundaries.id}", headers=etag).status_code == 304


def test_every_rt_has_its_number_at_a_point_inside(client: TestClient, small_city: City) -> None:
    boundaries = small_city.ground().boundaries
    file = client.get(f"/outlines/{boundaries.id}/numbers").json()
    zones = boundaries.level("rt")
    for number, code in zip(file["numbers"], zones["code"], strict=True):
        _, rw, rt = code.rsplit("-", 2)
        assert number == f"{rt}/{rw}"


@pytest.mark.parametrize("ending", ["", "/numbers"])
def test_unknown_boundaries_have_no_outlines(client: TestClient, ending: str) -> None:
    unknown = client.get(f"/outlines/{'0' * 16}{ending}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no-boundaries")
    malformed = client.get(f"/outlines/x{ending}")
    assert (malformed.status_code, malformed.json()["code"]) == (422, "invalid-parameter")


def test_an_rt_in_the_address_of_the_map_opens_its_details(
    client: TestClient, small_city: City
) -> None:
    shown = data_of(client.get(f"/map?rt={RT}").text)["shown"]
    assert isinstance(shown, dict)
    assert shown["code"] == RT
    area = small_city.ground().locate(shown["point"][1], shown["point"][0])
    assert area is not None
    assert area.code == RT
    assert data_of(client.get("/map").text)["shown"] is None
    assert data_of(client.get("/map?rt=").text)["shown"] is None


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/map?rt=33.74.99", 404, "no-area"),
        ("/map?rt=%3Cb%3E", 422, "invalid-parameter"),
        (f"/map?rt={RT}&rt={RT}", 422, "invalid-parameter"),
        (f"/map?area={RT}", 422, "unknown-parameter"),
        (f"/embed?rt={RT}", 422, "unknown-parameter"),
    ],
)
def test_an_address_of_the_map_with_a_fault_is_rejected(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "home", "table"),
    [
        ("/map", "/", "/wilayah/33.74"),
        ("/map?lang=en", "/?lang=en", "/wilayah/33.74?lang=en"),
        ("/map?date=2021-07-10", "/?date=2021-07-10", "/wilayah/33.74?date=2021-07-10"),
    ],
)
def test_the_map_leads_to_the_portal_with_its_day_and_language(
    client: TestClient, path: str, home: str, table: str
) -> None:
    links = Links(client.get(path).text).links
    assert home in links
    assert table in links


def test_the_page_of_an_rt_leads_to_the_rt_on_the_map_and_back(client: TestClient) -> None:
    assert f"/map?rt={RT}" in Links(client.get(f"/rt/{RT}").text).links
    assert f"/rt/{RT}" in Links(client.get(f"/map?rt={RT}").text).links
