"""``zones rules``: the rules in use, and the check of a folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import main
from tests.rules_of_a_city import EXAMPLE, EXAMPLE_TEXT, five_classes, folder_of

COLD = 'key = "watch"\nid = "waspada"'


def answer(*words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(main, ["zones", "rules", *words])
    return found.exit_code, found.stdout, found.stderr


def test_the_example_for_dengue_is_without_a_fault_and_lists_its_classes() -> None:
    status, _, said = answer("--check", str(EXAMPLE))
    assert status == 0
    assert "dengue-example" in said
    assert "tenang, waspada, kejadian luar biasa" in " ".join(said.split())


def test_the_setting_names_the_folder_and_its_rules_stand_in_place_of_the_law(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, dengue_five=five_classes())
    monkeypatch.setenv("MIKROZONASI_RULES", str(folder))
    status, said, _ = answer("--json")
    [one] = json.loads(said)["rules"]
    assert (status, one["id"], one["disease"]) == (0, "dengue-five", "demam berdarah dengue")
    assert [one[key] for key in ("two", "three", "four", "five")] == [1, 2, 3, 5]
    assert one["in_force"] == "2021-01-01 to now"


def test_rules_with_the_four_colours_leave_those_of_the_project_to_be_asked_for(
    tmp_path: Path,
) -> None:
    law = Path(__file__).parents[3] / "zoning/rules/inmendagri-7-2021.toml"
    text = law.read_text(encoding="utf-8").replace("inmendagri-7-2021", "city-2022")
    status, said, _ = answer("--json", str(folder_of(tmp_path, city_2022=text)))
    rules = {one["id"]: one["in_force"] for one in json.loads(said)["rules"]}
    assert status == 0
    assert rules.pop("city-2022") == "2021-04-06 to now"
    assert set(rules.values()) == {"on request"}
    assert "inmendagri-7-2021" in rules


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("window = 21", 'window = "21"', "window = ", "window"),
        ("watch = 1", "watch = 5", "[thresholds]", "must rise"),
        ("watch = 1\n", "", "[thresholds]", "the class watch is missing"),
        ("[[measures.watch]]", "[[measures.wotch]]", "[[measures.wotch]]", "no such class"),
        ('letter = "W"', 'letter = "T"', COLD, "the same letter"),
        ('fill = "#E7A33E"', 'fill = "#9AD0A0"', COLD, "too alike"),
        ('fill = "#E7A33E"', 'fill = "orange"', "fill = ", "pattern"),
        ('mark = "#8A5A10"', 'mark = "#E7A23D"', COLD, "cannot be seen"),
        ('pattern = "dots"', 'pattern = "plain"', COLD, "the same pattern"),
        ('key = "watch"', 'key = "cases"', 'key = "cases"', "name of a column"),
        ("[disease]", "[sickness]", "[sickness]", "no name that a rule has"),
        ("[disease]", "[disease", "[disease\n", "TOML"),
    ],
)
def test_a_fault_is_said_with_its_file_and_line(
    tmp_path: Path, old: str, new: str, at: str, said: str
) -> None:
    assert old in EXAMPLE_TEXT
    text = EXAMPLE_TEXT.replace(old, new, 1)
    folder = folder_of(tmp_path, dengue_example=text)
    status, out, _ = answer("--check", "--json", str(folder))
    faults = json.loads(out)["faults"]
    assert status == 1
    found = [one for one in faults if said in one["message"]]
    assert found, faults
    assert {one["file"] for one in faults} == {"dengue-example.toml"}
    lines = text.splitlines()
    if at != "fill = ":
        first = text[: text.index(at)].count("\n") + 1
        assert abs(found[0]["line"] - first) <= 1, lines[found[0]["line"] - 1]
    else:
        assert lines[found[0]["line"] - 1] == new


def test_two_rules_of_one_folder_have_the_same_classes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, dengue_example=EXAMPLE_TEXT, dengue_five=five_classes())
    status, _, said = answer("--check", str(folder))
    assert status == 1
    assert "dengue-five.toml, line" in said
    assert "All rules of a folder have the same classes" in " ".join(said.split())


def test_a_folder_that_is_none_or_holds_no_rule_is_refused(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "none"):
        status, _, said = answer("--check", str(where))
        assert status != 0
        assert "no-rules" in said
    assert "no-rules-folder" in answer("--check")[2]
