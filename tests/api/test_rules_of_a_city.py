"""Rules with three and with five classes, from their file to every public answer."""

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from api.app import create_app
from api.settings import Settings
from geodata.errors import StoreError
from tests.cities import small_city
from tests.databases import NewDatabase
from tests.rules_of_a_city import EXAMPLE_TEXT, five_classes, folder_of
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning.city import City, open_city
from zoning.days.daily import run_days
from zoning.disclosure.source import public_day
from zoning.drawing.palette import rgb, tints_of
from zoning.export import export_zones
from zoning.public.areas import risks_of_leaves
from zoning.rules import Rulebook, open_rulebook
from zoning.tiles.day import DayTiles
from zoning.tiles.geometry.scheme import tiles_over
from zoning.tiles.pyramid import open_pyramid

# How many cases are confirmed on day 4, by RT: village, RW, RT.
CASES = {(0, 1, 1): 1, (0, 1, 2): 2, (0, 1, 3): 3, (1, 1, 1): 6}
ON = day(5)
RISKS = {"three": [1, 1, 2, 2], "five": [1, 2, 3, 4]}


class Served(NamedTuple):
    risks: list[int]
    """Of the four RT with cases, by hand."""
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
    where = tmp_path_factory.mktemp(request.param)
    text = EXAMPLE_TEXT if request.param == "three" else five_classes()
    name = "dengue_example" if request.param == "three" else "dengue_five"
    folder = folder_of(where / "rules", **{name: text})
    url = f"duckdb:///{where / 'city.duckdb'}"
    cases = [Case(rt, None, 4, 30) for rt, n in CASES.items() for _ in range(n)]
    rules = open_rulebook(folder)
    with ward.new_ward(url, cases) as store:
        run_days(store, None, days(3, 5), today=TODAY, rules=rules)
    with TestClient(create_app(Settings(database=url, rules=folder))) as client:
        yield Served(RISKS[request.param], rules, folder, url, client)


def test_every_answer_names_the_class_of_its_rule(served: Served) -> None:
    names = [one.name.id for one in served.rules.classes]
    zones = {
        one["properties"]["code"]: one["properties"]
        for one in served.client.get("/zones").json()["features"]
    }
    items = served.client.get("/ogc/collections/zones-rt/items?f=json&limit=100").json()
    found = {one["properties"]["code"]: one["properties"] for one in items["features"]}
    for code, risk in zip(codes(), served.risks, strict=True):
        one = served.client.get(f"/zones/{code}").json()
        history = served.client.get(f"/zones/{code}/history").json()["days"][-1]
        for said in (zones[code], one, history, found[code]):
            assert (said["risk"], said["colour"]) == (risk, names[risk])
        measures = served.rules.rules[0].measures_on(risk, ON)
        assert [said["id"] for said in one["measures"]] == [said.id for said in measures]
        assert names[risk] in one["why"]["id"]
    quiet = zones.keys() - set(codes())
    assert {zones[code]["colour"] for code in quiet} == {names[0]}


def test_counts_are_by_the_keys_of_the_classes(served: Served) -> None:
    keys = served.rules.keys
    wanted = np.bincount(served.risks, minlength=len(keys))
    wanted[0] = 23 - len(CASES)
    last = served.client.get("/days").json()["days"][-1]
    assert {key: last[key] for key in last if key in {*keys, "green", "red"}} == dict(
        zip(keys, wanted.tolist(), strict=True)
    )
    [city] = served.client.get("/summary?level=kota").json()["areas"]
    assert [city[key] for key in keys] == wanted.tolist()
    [ward_days] = [
        one
        for one in served.client.get(f"/days?area={city['code']}").json()["days"]
        if one["date"] == ON.isoformat()
    ]
    assert [ward_days[key] for key in keys] == wanted.tolist()


def test_the_description_of_the_interface_names_the_classes_and_no_colour(served: Served) -> None:
    said = served.client.get("/openapi.json").json()
    schemas = said["components"]["schemas"]
    assert schemas["ZoneProperties"]["properties"]["risk"]["enum"] == list(
        range(len(served.rules.classes))
    )
    assert set(served.rules.keys) < set(schemas["PublishedRun"]["required"])
    assert not re.search("hijau|kuning|oranye|merah", json.dumps(schemas["ZoneProperties"]))
    queryables = served.client.get("/ogc/collections/zones-rt/queryables?f=json").json()
    assert queryables["properties"]["colour"]["enum"] == [c.name.id for c in served.rules.classes]


def test_maps_and_styles_have_the_colours_of_the_file(served: Served) -> None:
    fills = [one.fill for one in served.rules.classes]
    tilejson = served.client.get("/tilejson").json()
    assert [one["colour"] for one in tilejson["risks"]] == fills
    assert served.rules.classes[-1].name.id in tilejson["vector_layers"][0]["fields"]["risk"]
    layers = served.client.get("/tilestyle").json()["layers"]
    painted = {one["filter"][2]: one["paint"]["fill-color"] for one in layers if "filter" in one}
    assert painted == {**dict(enumerate(fills)), -1: "#FFFFFF"}
    page = served.client.get("/map").text
    data: dict[str, Any] = json.loads(
        re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)[1]  # type: ignore[index]
    )
    assert data["classes"] == served.rules.keys
    assert [one["fill"] for one in data["tints"]] == fills
    legend = re.findall(r'<span class="name">(.*?)</span><b', page, re.DOTALL)
    assert len(legend) >= len(fills)
    for one, said in zip(served.rules.classes, legend, strict=False):
        assert one.name.id in said


def test_tiles_show_each_rt_in_the_colour_of_its_class(served: Served, tmp_path: Path) -> None:
    with open_city(served.url, rules=served.folder) as city:
        shown, ground = city.public().published(ON), city.ground()
        risks = risks_of_leaves(ground.boundaries, shown)
        pyramid = open_pyramid(ground, tmp_path, classes=city.rules.classes)
        tiles = DayTiles(pyramid, risks)
        tints = tints_of(city.rules.classes)
        [tile, *_] = tiles_over(ground.boundaries.leaves.bounds, 14)
        for pattern in (False, True):
            picture = tiles.picture(tile, pattern=pattern)
            assert picture is not None
            pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
            seen = {tuple(one) for one in np.unique(pixels, axis=0).tolist()}
            assert seen & {rgb(tint.fill) for tint in tints}
        found: dict[str, int] = {}
        for tile in tiles_over(ground.boundaries.leaves.bounds, 14):
            layers = mapbox_vector_tile.decode(tiles.vector(tile) or b"")
            for feature in layers.get("rt", {}).get("features", []):
                found[feature["properties"]["code"]] = feature["properties"]["risk"]
    of = dict(zip(codes(), served.risks, strict=True))
    assert {code: risk for code, risk in found.items() if risk} == of


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


def test_days_with_other_classes_are_refused_rather_than_shown_in_the_colours_of_the_law(
    served: Served,
) -> None:
    with open_city(served.url) as city:
        asks: list[Callable[[], object]] = [
            lambda: city.zones(ON),
            lambda: city.public().zones(ON),
            lambda: city.public().published_runs(),
            lambda: city.series("kota"),
            lambda: city.public().history("33.74"),
        ]
        for ask in asks:
            with pytest.raises(StoreError, match="MIKROZONASI_RULES") as refused:
                ask()
            assert refused.value.code == "other-classes"
        with pytest.raises(StoreError, match="database of its own"):
            run_days(city.store, None, [ON], today=TODAY)


@pytest.mark.parametrize("text", [EXAMPLE_TEXT, five_classes()], ids=["three", "five"])
def test_both_databases_keep_the_counts_of_other_classes(
    new_database: NewDatabase, tmp_path: Path, text: str
) -> None:
    name = "dengue_example" if text is EXAMPLE_TEXT else "dengue_five"
    rules = open_rulebook(folder_of(tmp_path, **{name: text}))
    with ward.new_ward(new_database(), [Case((0, 1, 1), None, 4, 30)]) as store:
        [ran] = run_days(store, None, [ON], today=TODAY, rules=rules)
        city = City(store, rules=rules)
        wanted = dict.fromkeys(rules.keys, 0) | {rules.keys[0]: 22, rules.keys[1]: 1}
        assert ran.counts == city.day(ON).counts == city.public().day(ON).counts == wanted
        assert public_day(city.day(ON)).run == ran.run
        [again] = run_days(store, None, [ON], today=TODAY, rules=rules)
        assert again.state == "unchanged"


def test_a_day_is_not_explained_by_a_text_that_did_not_judge_it(tmp_path: Path) -> None:
    before = open_rulebook(folder_of(tmp_path / "before", dengue_example=EXAMPLE_TEXT))
    text = EXAMPLE_TEXT.replace("outbreak = 3", "outbreak = 2")
    after = open_rulebook(folder_of(tmp_path / "after", dengue_example=text))
    code = small_city.code(0, 1, 1)
    with ward.open_ward(tmp_path, [Case((0, 1, 1), None, 4, 30)] * 2) as store:
        run_days(store, None, [ON], today=TODAY, rules=before)
        city = City(store, rules=after)
        assert city.public().zones(ON).set_index("code")["risk"][code] == 1
        for ask in (city.public().zone, city.zone):
            with pytest.raises(StoreError, match="an earlier text") as refused:
                ask(code, ON)
            assert refused.value.code == "rule-changed"
        run_days(store, None, [ON], today=TODAY, rules=after)
        assert city.public().zone(code, ON).risk == 2


def test_a_day_that_no_rule_of_the_city_covers_is_said(tmp_path: Path) -> None:
    rules = open_rulebook(folder_of(tmp_path, dengue_example=EXAMPLE_TEXT))
    early = date(2020, 12, 31)
    with ward.open_ward(tmp_path, [Case((0, 1, 1), None, -200, 30)]) as store:
        with pytest.raises(Exception, match="No rule is in force on 2020-12-31") as refused:
            run_days(store, None, [early], today=TODAY, rules=rules)
        assert getattr(refused.value, "code", "") == "no-rule-in-force"
        [ran] = run_days(store, None, [early], rule_id="dengue-example", today=TODAY, rules=rules)
        assert not ran.retrospective
        said = City(store, rules=rules).public().zone(small_city.code(0, 1, 1), early)
        assert "No rule was in force on that day" in said.why.en
