"""The page of the rules, and the page about the colours."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from geodata.language import Language
from geodata.store import open_store
from tests.api.pages.portal.test_first_pages import page
from tests.databases import copy_of
from zoning import City
from zoning.days.daily import run_days
from zoning.rules import built_in

LAST = date(2021, 7, 15)
EARLY, FIRST_RULE, CHANGED = date(2021, 1, 5), date(2021, 3, 1), date(2021, 7, 22)
KEYS = ("red", "orange", "yellow", "green")


@pytest.fixture(scope="module")
def more_days(
    small_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The small city with a day before all rules, a day of the first rule, and a later day."""
    url = copy_of(small_database, tmp_path_factory.mktemp("more-days"))
    with open_store(url) as store:
        run_days(store, None, [EARLY, FIRST_RULE, CHANGED])
    with TestClient(create_app(Settings(database=url))) as client:
        yield client


def colours(client: TestClient, path: str) -> dict[str, str]:
    """The text of the card of each colour."""
    html = client.get(path).text
    cards = re.findall(r'<article class="card zone duties" id="(\w+)"(.*?)</article>', html, re.S)
    return {key: re.sub(r"<[^>]+>|\s+", " ", card) for key, card in cards}


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("day", [EARLY, FIRST_RULE, LAST, CHANGED])
def test_each_colour_has_its_range_and_the_duties_of_the_day(
    more_days: TestClient, day: date, lang: Language
) -> None:
    rule = built_in().in_force(day).rule
    shown = colours(more_days, f"/aturan?date={day}&lang={lang}")
    assert tuple(shown) == KEYS
    every = {measure for key in KEYS for measure in rule.measures[key]}
    for risk, key in enumerate(reversed(KEYS)):
        assert getattr(rule.range_of(risk), lang) in shown[key]
        duties = {getattr(measure, lang) for measure in rule.measures_for(risk, day)}
        found = {text for measure in every if (text := getattr(measure, lang)) in shown[key]}
        assert found == duties


def test_a_rule_names_its_law_its_window_and_its_unit(more_days: TestClient) -> None:
    text = page(more_days, f"/aturan?date={LAST}").text
    assert "Dasar hukum hari itu: Inmendagri 15/2021" in text
    assert "dalam 7 hari terakhir, 9 Juli 2021 sampai 15 Juli 2021" in text
    assert "rumah dengan kasus terkonfirmasi di satu RT" in text


def test_a_day_before_all_rules_says_so(more_days: TestClient) -> None:
    text = page(more_days, f"/aturan?date={EARLY}").text
    assert "aturan ini dipakai surut" in text
    assert "Nomor peraturan untuk hari itu tidak diketahui." in text
    assert "dipakai surut" not in page(more_days, f"/aturan?date={LAST}").text


@pytest.mark.parametrize("day", [FIRST_RULE, LAST])
def test_all_rules_that_are_law_stand_with_their_days_and_regulations(
    more_days: TestClient, day: date
) -> None:
    html = more_days.get(f"/aturan?date={day}").text
    parts = html.split('<details class="rule">')[1:]
    first, second = built_in().rules[:2]
    assert len(parts) == 2
    for part, rule in zip(parts, (first, second), strict=True):
        assert rule.title.id in part
        assert ("aturan halaman ini" in part) == (rule is built_in().in_force(day).rule)
        for instrument in rule.instruments:
            assert instrument.name in part
        for measure in (each for key in KEYS for each in rule.measures[key]):
            assert measure.id in part
    assert "9 Februari 2021 sampai 5 April 2021" in parts[0]
    assert "sejak 6 April 2021" in parts[1]
    assert parts[1].count("nomornya belum pasti") == 3
    assert "DKK" not in html


def test_duties_that_change_have_their_days(more_days: TestClient) -> None:
    assert "(sampai 20 Juli 2021)" in colours(more_days, f"/aturan?date={LAST}")["orange"]
    assert "(sejak 21 Juli 2021)" in colours(more_days, f"/aturan?date={CHANGED}")["orange"]


# --- about


def test_the_explanations_name_rule_run_boundaries_and_days(
    client: TestClient, small_city: City
) -> None:
    text = page(client, f"/tentang?date={LAST}").text
    key = small_city.public(5).published_key(LAST)
    for words in (key.run, key.boundaries, "Inmendagri 15/2021", "31 hari, 15 Juni 2021 sampai"):
        assert words in text
    counts = [len(small_city.boundaries(level)) for level in ("kelurahan", "rw", "rt")]
    assert "{} kelurahan, {} RW, {} RT;".format(*counts) in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_files_that_are_named_exist(client: TestClient, lang: str) -> None:
    links = page(client, f"/tentang?lang={lang}").links
    files = [
        link for link in links if link.startswith(("/zones", "/days", "/ogc", "/embed", "/docs"))
    ]
    assert len(files) == 7
    for link in files:
        assert client.get(link).status_code == 200, link


def test_questions_on_personal_data_go_to_the_contact_of_the_city_if_there_is_one(
    client: TestClient, small_settings: Settings, tmp_path: Path
) -> None:
    assert "Pertanyaan tentang data pribadi" not in page(client, "/tentang").text
    path = tmp_path / "city.toml"
    path.write_text('[privacy]\nid = "Dinas <b>Kominfo</b>"\nen = "Office"\nphone = "024 77"\n')
    settings = small_settings.model_copy(update={"profile": path})
    with TestClient(create_app(settings)) as opened:
        shown = page(opened, "/tentang")
    assert "Dinas <b>Kominfo</b>" in shown.text
    assert "tel:02477" in shown.links


@pytest.mark.parametrize("path", ["/aturan", "/tentang"])
def test_a_day_that_is_not_published_leads_to_the_nearest(client: TestClient, path: str) -> None:
    day = LAST + timedelta(days=1)
    answer = client.get(f"{path}?date={day}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert f'href="{path}?date={LAST}"' in answer.text
    assert client.get(f"{path}?colour=red").status_code == 422
