"""Rules with three and with five classes, from the rule file to every public answer."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.app import create_app
from api.settings import Settings
from geodata.errors import MikrozonasiError, StoreError
from tests.cities import small_city
from tests.city_rules import EXAMPLE_TEXT, five_classes, write_rules
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning.city import City, open_city
from zoning.days.daily import run_days
from zoning.disclosure.source import public_day
from zoning.drawing.palette import class_tints, rgb
from zoning.export import export_zones
from zoning.phrases import NOT_COVERED
from zoning.public.areas import smallest_area_risks
from zoning.rules import Rulebook, open_rulebook
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import tiles_over
from zoning.tiles.pyramid import open_pyramid

# Number of cases that are confirmed on day 4, by RT (village, RW, RT).
CASES = {(0, 1, 1): 1, (0, 1, 2): 2, (0, 1, 3): 3, (1, 1, 1): 6}
ON = day(5)
RISKS = {"three": [1, 1, 2, 2], "five": [1, 2, 3, 4]}


class Served(NamedTuple):
    risks: list[int]
    """Expected risks of the four RT with cases."""
    rules: Rulebook
    folder: Path
    url: str
    client: TestClient


def codes() -> list[str]:
    return [small_city.code(*rt) for rt in CASES]


@pytest.fixture(scope="module", params=["three", "five"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder_of_test = tmp_path_factory.mktemp(request.param)
    text = EXAMPLE_TEXT if request.param == "three" else five_classes()
    name = "dengue_example" if request.param == "three" else "dengue_five"
    folder = write_rules(folder_of_test / "rules", **{name: text})
    url = f"duckdb:///{folder_of_test / 'city.duckdb'}"
    cases = [Case(rt, None, 4, 30) for rt, n in CASES.items() for _ in range(n)]
    rules = open_rulebook(folder)
    with ward.new_ward(url, cases) as store:
        run_days(store, None, days(3, 5), today=TODAY, rules=rules)
    with TestClient(create_app(Settings(database=url, rules=folder))) as client:
        yield Served(RISKS[request.param], rules, folder, url, client)


def test_the_pages_of_areas_and_rules_have_the_classes_of_the_rule(served: Served) -> None:
    [rule] = served.rules.rules
    disease = served.rules.disease
    for lang in ("id", "en"):
        html = served.client.get(f"/aturan?lang={lang}").text
        for risk, risk_class in enumerate(rule.classes):
            assert f'id="{risk_class.key}"' in html
            assert escape(getattr(rule.range_of(risk), lang)) in html
            for measure in rule.measures_for(risk, ON):
                assert escape(getattr(measure, lang)) in html
        assert getattr(disease, lang) in html
        assert "COVID" not in html
        assert "Inmendagri" not in html
        for risk, code in zip(served.risks, codes(), strict=True):
            name = getattr(rule.classes[risk].name, lang)
            listed = served.client.get("/wilayah", params={"colour": name, "lang": lang}).text
            assert f'href="/rt/{code}' in listed
    assert served.client.get("/tentang").status_code == 200


def test_every_answer_names_the_class_of_its_rule(served: Served) -> None:
    names = [risk_class.name.id for risk_class in served.rules.classes]
    zones = {
        feature["properties"]["code"]: feature["properties"]
        for feature in served.client.get("/zones").json()["features"]
    }
    items = served.client.get("/ogc/collections/zones-rt/items?f=json&limit=100").json()
    ogc_zones = {item["properties"]["code"]: item["properties"] for item in items["features"]}
    for code, risk in zip(codes(), served.risks, strict=True):
        zone = served.client.get(f"/zones/{code}").json()
        history = served.client.get(f"/zones/{code}/history").json()["days"][-1]
        for answer in (zones[code], zone, history, ogc_zones[code]):
            assert (answer["risk"], answer["colour"]) == (risk, names[risk])
        measures = served.rules.rules[0].measures_for(risk, ON)
        assert [text["id"] for text in zone["measures"]] == [text.id for text in measures]
        assert names[risk] in zone["why"]["id"]
    without_cases = zones.keys() - set(codes())
    assert {zones[code]["colour"] for code in without_cases} == {names[0]}


def test_before_the_first_publication_an_area_has_no_days(tmp_path: Path) -> None:
    folder = write_rules(tmp_path / "rules", dengue_five=five_classes())
    url = f"duckdb:///{tmp_path / 'city.duckdb'}"
    ward.new_ward(url, []).close()
    with TestClient(create_app(Settings(database=url, rules=folder))) as client:
        for query in ("", "?area=33.74"):
            assert client.get(f"/days{query}").json() == {"days": []}


def test_counts_have_the_keys_of_the_classes(served: Served) -> None:
    keys = served.rules.keys
    expected = np.bincount(served.risks, minlength=len(keys))
    expected[0] = 23 - len(CASES)
    last = served.client.get("/days").json()["days"][-1]
    assert {key: last[key] for key in last if key in {*keys, "green", "red"}} == dict(
        zip(keys, expected.tolist(), strict=True)
    )
    [city] = served.client.get("/summary?level=kota").json()["areas"]
    assert [city[key] for key in keys] == expected.tolist()
    [day_of_city] = [
        published
        for published in served.client.get(f"/days?area={city['code']}").json()["days"]
        if published["date"] == ON.isoformat()
    ]
    assert [day_of_city[key] for key in keys] == expected.tolist()


def test_the_openapi_document_has_the_classes_and_no_colour_of_the_law(served: Served) -> None:
    schemas = served.client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["ZoneProperties"]["properties"]["risk"]["enum"] == list(
        range(len(served.rules.classes))
    )
    assert set(served.rules.keys) < set(schemas["PublishedRun"]["required"])
    assert not re.search("hijau|kuning|oranye|merah", json.dumps(schemas["ZoneProperties"]))
    queryables = served.client.get("/ogc/collections/zones-rt/queryables?f=json").json()
    assert queryables["properties"]["colour"]["enum"] == [
        risk_class.name.id for risk_class in served.rules.classes
    ]


def test_maps_and_styles_have_the_colours_of_the_file(served: Served) -> None:
    fills = [risk_class.fill for risk_class in served.rules.classes]
    tilejson = served.client.get("/tilejson").json()
    assert [risk["colour"] for risk in tilejson["risks"]] == fills
    assert served.rules.classes[-1].name.id in tilejson["vector_layers"][0]["fields"]["risk"]
    layers = served.client.get("/tilestyle").json()["layers"]
    painted = {
        layer["filter"][2]: layer["paint"]["fill-color"] for layer in layers if "filter" in layer
    }
    assert painted == {**dict(enumerate(fills)), -1: "#FFFFFF"}
    page = served.client.get("/map").text
    data: dict[str, Any] = json.loads(
        re.search(
            r'<script type="application/json" id="zones-data">(.*?)</script>', page, re.DOTALL
        )[1]  # type: ignore[index]
    )
    assert data["classes"] == served.rules.keys
    assert [tint["fill"] for tint in data["tints"]] == fills
    legend = re.findall(r'<span class="name">(.*?)</span><b', page, re.DOTALL)
    assert len(legend) >= len(fills)
    for risk_class, text in zip(served.rules.classes, legend, strict=False):
        assert risk_class.name.id in text


def test_tiles_show_each_rt_in_the_colour_of_its_class(served: Served, tmp_path: Path) -> None:
    with open_city(served.url, rules=served.folder) as city:
        shown, ground = city.public().published(ON), city.ground()
        risks = smallest_area_risks(ground.boundaries, shown)
        pyramid = open_pyramid(ground, tmp_path, classes=city.rules.classes)
        tiles = DayTiles(pyramid, risks)
        tints = class_tints(city.rules.classes)
        [tile, *_] = tiles_over(ground.boundaries.smallest_zones.bounds, 14)
        for pattern in (False, True):
            picture = tiles.picture(tile, pattern=pattern)
            assert picture is not None
            pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
            colours = {tuple(colour) for colour in np.unique(pixels, axis=0).tolist()}
            assert colours & {rgb(tint.fill) for tint in tints}
        risk_by_code: dict[str, int] = {}
        for tile in tiles_over(ground.boundaries.smallest_zones.bounds, 14):
            layers = mapbox_vector_tile.decode(tiles.vector(tile) or b"")
            for feature in layers.get("rt", {}).get("features", []):
                risk_by_code[feature["properties"]["code"]] = feature["properties"]["risk"]
    expected = dict(zip(codes(), served.risks, strict=True))
    assert {code: risk for code, risk in risk_by_code.items() if risk} == expected


def test_officials_tables_have_a_column_for_each_class(served: Served, tmp_path: Path) -> None:
    with open_city(served.url, rules=served.folder) as city:
        zones = city.zones_for_officials(ON, "kelurahan")
        export_zones(zones, tmp_path / "zones.csv", "csv", city.rules.classes)
        series = city.series("kota")
        rejudged = city.rejudge(served.rules.rules[0])
    header = (tmp_path / "zones.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    for key in served.rules.keys:
        assert key in re.split("[,;]", header)
        assert series[key].iloc[-1] == rejudged[key].iloc[-1]
    assert series[served.rules.keys].iloc[-1].sum() == 23


def test_days_with_other_classes_are_not_shown_in_the_colours_of_the_law(
    served: Served,
) -> None:
    with open_city(served.url) as city:
        queries: list[Callable[[], object]] = [
            lambda: city.zones(ON),
            lambda: city.public().zones(ON),
            lambda: city.public().published_runs(),
            lambda: city.series("kota"),
            lambda: city.public().history("33.74"),
        ]
        for query in queries:
            with pytest.raises(StoreError, match="MIKROZONASI_RULES") as raised:
                query()
            assert raised.value.code == "other-classes"
        with pytest.raises(StoreError, match="database of its own"):
            run_days(city.store, None, [ON], today=TODAY)


def test_the_title_of_every_page_has_the_disease_of_the_rules(served: Served) -> None:
    disease = served.rules.disease
    assert (disease.id, disease.en) == ("demam berdarah dengue", "dengue fever")
    browser = {"Accept": "text/html"}
    for path in ("/map", "/map?date=2020-01-01", "/ogc?f=html"):
        for language, name in (("id", disease.id), ("en", disease.en)):
            separator = "&" if "?" in path else "?"
            address = path if path.startswith("/ogc") else f"{path}{separator}lang={language}"
            page = served.client.get(address, headers=browser).text
            [title] = re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
            assert path.startswith("/ogc") or name in title, address
            assert "COVID" not in page, address
    landing = served.client.get("/ogc?f=html", headers=browser).text
    assert disease.id in landing
    for language, name in (("id", disease.id), ("en", disease.en)):
        guide = served.client.get(f"/embed/guide?maplang={language}").text
        assert re.search(rf'<iframe src="[^"]*" title="[^"]*{name}[^"]*"', guide)


def test_a_change_of_the_rules_changes_the_etag_of_public_answers(
    served: Served, tmp_path: Path
) -> None:
    (path,) = served.folder.glob("*.toml")
    text = path.read_text(encoding="utf-8")
    changed = text.replace("dengue: ", "dengue (2): ", 1)
    assert changed != text
    rules = write_rules(tmp_path / "changed", **{path.stem.replace("-", "_"): changed})
    addresses = ("/zones", "/summary", "/days", "/embed/guide", "/tilestyle")
    etags = {address: served.client.get(address).headers["etag"] for address in addresses}
    for folder, status in ((served.folder, 304), (rules, 200)):
        with TestClient(create_app(Settings(database=served.url, rules=folder))) as client:
            for address, etag in etags.items():
                answer = client.get(address, headers={"If-None-Match": etag})
                assert answer.status_code == status, address


@pytest.mark.parametrize("text", [EXAMPLE_TEXT, five_classes()], ids=["three", "five"])
def test_both_databases_keep_the_counts_of_other_classes(
    new_database: NewDatabase, tmp_path: Path, text: str
) -> None:
    name = "dengue_example" if text is EXAMPLE_TEXT else "dengue_five"
    rules = open_rulebook(write_rules(tmp_path, **{name: text}))
    with ward.new_ward(new_database(), [Case((0, 1, 1), None, 4, 30)]) as store:
        [run] = run_days(store, None, [ON], today=TODAY, rules=rules)
        city = City(store, rules=rules)
        expected = dict.fromkeys(rules.keys, 0) | {rules.keys[0]: 22, rules.keys[1]: 1}
        assert run.counts == city.day(ON).counts == city.public().day(ON).counts == expected
        assert public_day(city.day(ON)).run == run.run
        [second] = run_days(store, None, [ON], today=TODAY, rules=rules)
        assert second.state == "unchanged"


def test_a_day_is_not_explained_by_a_changed_rule(tmp_path: Path) -> None:
    before = open_rulebook(write_rules(tmp_path / "before", dengue_example=EXAMPLE_TEXT))
    text = EXAMPLE_TEXT.replace("outbreak = 3", "outbreak = 2")
    after = open_rulebook(write_rules(tmp_path / "after", dengue_example=text))
    code = small_city.code(0, 1, 1)
    with ward.open_ward(tmp_path, [Case((0, 1, 1), None, 4, 30)] * 2) as store:
        run_days(store, None, [ON], today=TODAY, rules=before)
        city = City(store, rules=after)
        assert city.public().zones(ON).set_index("code")["risk"][code] == 1
        for query in (city.public().zone, city.zone):
            with pytest.raises(StoreError) as raised:
                query(code, ON)
            assert raised.value.code == "rule-changed"
        run_days(store, None, [ON], today=TODAY, rules=after)
        assert city.public().zone(code, ON).risk == 2


def test_a_day_without_a_rule_in_force_needs_the_option_rule(tmp_path: Path) -> None:
    rules = open_rulebook(write_rules(tmp_path, dengue_example=EXAMPLE_TEXT))
    early = date(2020, 12, 31)
    with ward.open_ward(tmp_path, [Case((0, 1, 1), None, -200, 30)]) as store:
        with pytest.raises(MikrozonasiError, match="2020-12-31") as raised:
            run_days(store, None, [early], today=TODAY, rules=rules)
        assert raised.value.code == "no-rule-in-force"
        [run] = run_days(store, None, [early], rule_id="dengue-example", today=TODAY, rules=rules)
        assert not run.retrospective
        zone = City(store, rules=rules).public().zone(small_city.code(0, 1, 1), early)
        assert NOT_COVERED.en in zone.why.en
