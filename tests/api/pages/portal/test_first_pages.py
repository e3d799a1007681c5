"""The first page and the page of an RT: public values, both languages, links and headers."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from zoning import City

LAST = date(2021, 7, 15)
PAGES = ("/", "/?lang=en", "/?date=2021-07-10")


class Page(HTMLParser):
    """The visible text, the links and the language of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.inline_styles = 0
        self.inline_scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        values = dict(attrs)
        self.inline_styles += "style" in values or tag == "style"
        is_code = tag == "script" and values.get("type") != "application/json"
        self.inline_scripts += is_code and "src" not in values
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))

    def handle_data(self, data: str) -> None:
        self.text += f" {data.strip()}" if data.strip() else ""


def page(client: TestClient, path: str) -> Page:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return Page(response.text)


@pytest.fixture(scope="module")
def zone_code(small_city: City) -> str:
    zones = small_city.zones(LAST)
    return str(zones["code"].iloc[int(zones["risk"].to_numpy().argmax())])


def test_the_first_page_counts_the_rt_of_each_colour_and_the_change(
    client: TestClient, small_city: City
) -> None:
    today, before = (small_city.zones(day)["risk"] for day in (LAST, LAST - timedelta(days=1)))
    text = page(client, "/").text
    for risk, name in enumerate(("hijau", "kuning", "oranye", "merah")):
        count = int((today == risk).sum())
        change = count - int((before == risk).sum())
        sign = "=" if change == 0 else f"{'+' if change > 0 else '−'}{abs(change)}"  # noqa: RUF001
        assert f" {count} {name} {sign} " in text


def test_a_day_without_a_day_before_has_no_change(client: TestClient, small_city: City) -> None:
    first = small_city.published_days()[0]
    text = page(client, f"/?date={first}").text
    assert "Hari sebelumnya tidak diterbitkan." in text
    assert "bertambah" not in text


def test_the_page_of_an_rt_has_its_colour_its_reason_and_its_measures(
    client: TestClient, small_city: City, zone_code: str
) -> None:
    view = small_city.public(5).zone(zone_code)
    for language, path in (("id", f"/rt/{zone_code}"), ("en", f"/rt/{zone_code}?lang=en")):
        text = page(client, path).text
        assert view.name in text
        for sentence in (view.why, *view.measures):
            assert getattr(sentence, language) in text


def test_a_coloured_rt_is_green_at_the_latest_when_the_window_has_passed(
    client: TestClient, zone_code: str
) -> None:
    # The window ends on 15 July and has seven days: its last case leaves it on 22 July.
    assert "paling lambat hijau pada Kamis, 22 Juli 2021" in page(client, f"/rt/{zone_code}").text


def test_a_green_rt_has_no_such_day(client: TestClient, small_city: City) -> None:
    zones = small_city.zones(LAST)
    green = zones["code"].iloc[int(zones["risk"].to_numpy().argmin())]
    assert "paling lambat" not in page(client, f"/rt/{green}").text


def test_neighbours_share_a_border_and_have_the_colour_of_their_zone(
    client: TestClient, small_city: City, zone_code: str
) -> None:
    zones = small_city.zones(LAST).set_index("code")
    shape = zones.geometry[zone_code]
    expected = {
        code
        for code, other in zones.geometry.items()
        if code != zone_code and shape.relate(other)[4] == "1"  # the borders share a line
    }
    links = page(client, f"/rt/{zone_code}").links
    codes = {link.removeprefix("/rt/") for link in links if link.startswith("/rt/")}
    assert {code for code in codes if "lang=" not in code} == expected


def test_fourteen_days_are_told_in_words(client: TestClient, zone_code: str) -> None:
    history = client.get(f"/zones/{zone_code}/history").json()["days"]
    colours = {day["date"]: day["colour"] for day in history}
    text = page(client, f"/rt/{zone_code}?lang=id").text
    days = [LAST - timedelta(days=number) for number in range(14)]
    told = [colours.get(day.isoformat(), "tanpa data") for day in reversed(days)]
    assert re.findall(r"\d+ \w+ 2021: (hijau|kuning|oranye|merah|tanpa data)", text)[-14:] == told


@pytest.mark.parametrize("path", PAGES)
def test_links_keep_the_language_and_the_day(client: TestClient, path: str) -> None:
    query = path.partition("?")[2]
    links = page(client, path).links
    map_link = next(link for link in links if link.startswith("/map"))
    assert map_link.partition("?")[2] == query
    other = "id" if "lang=en" in query else "en"
    assert any(f"lang={other}" in link for link in links)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_for_all_and_needs_no_inline_code(client: TestClient, path: str) -> None:
    first, second = (client.get(path, headers={"User-Agent": agent}) for agent in ("a", "b"))
    assert first.content == second.content
    assert "set-cookie" not in first.headers
    policy = first.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    shown = Page(first.text)
    assert shown.inline_styles == shown.inline_scripts == 0
    assert {"main", "h1", "header", "footer"} <= set(shown.tags)


def test_a_known_page_is_not_sent_again(client: TestClient) -> None:
    etag = client.get("/").headers["etag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304


def test_old_data_is_named_on_the_newest_day_only(client: TestClient) -> None:
    # The small city ends in 2021.
    assert "Data terakhir adalah data Kamis, 15 Juli 2021" in page(client, "/").text
    assert "Data terakhir" not in page(client, "/?date=2021-07-10").text


@pytest.fixture
def with_profile(small_settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    path = tmp_path / "city.toml"
    path.write_text(
        '[service]\nid = "Siaga <b>Contoh</b>"\nen = "Alert"\nlogo = "logo.svg"\n'
        '[doctor]\nid = "Gratis."\nen = "Free."\nphone = "024 123"\n'
    )
    settings = small_settings.model_copy(update={"profile": path})
    with TestClient(create_app(settings)) as opened:
        yield opened


def test_the_profile_of_the_city_is_shown_as_text(with_profile: TestClient) -> None:
    shown = page(with_profile, "/")
    assert "Siaga <b>Contoh</b>" in shown.text
    assert "tel:024123" in shown.links
    assert with_profile.get("/logo").headers["content-type"] == "image/svg+xml"
    assert "sandbox" in with_profile.get("/logo").headers["content-security-policy"]


def test_without_a_profile_no_contact_is_shown_and_the_logo_is_a_letter(client: TestClient) -> None:
    assert "dokter" not in page(client, "/").text
    logo = client.get("/logo")
    assert logo.headers["content-type"] == "image/svg+xml"
    assert ">Z<" in logo.text  # Zonasi COVID-19
