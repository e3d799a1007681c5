"""``zones rules``: lists the rules in use, and checks a folder."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import main
from tests.city_rules import EXAMPLE, EXAMPLE_TEXT, five_classes, write_rules

COLD = 'key = "watch"\nid = "waspada"'


def answer(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["zones", "rules", *words])
    return result.exit_code, result.stdout, result.stderr


def test_the_dengue_example_has_no_fault_and_its_classes_are_listed() -> None:
    status, _, messages = answer("--check", str(EXAMPLE))
    assert status == 0
    assert "dengue-example" in messages
    assert "quiet, watch, outbreak" in " ".join(messages.split())


def test_the_rules_of_the_setting_replace_the_rules_of_the_law(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = write_rules(tmp_path, dengue_five=five_classes())
    monkeypatch.setenv("MIKROZONASI_RULES", str(folder))
    status, output, _ = answer("--json")
    [rule] = json.loads(output)["rules"]
    assert (status, rule["id"], rule["disease"]) == (0, "dengue-five", "demam berdarah dengue")
    assert [rule[key] for key in ("two", "three", "four", "five")] == [1, 2, 3, 5]
    assert rule["in_force"] == "2021-01-01 to now"


def test_the_rules_of_the_project_stay_available_beside_rules_with_the_same_classes(
    tmp_path: Path,
) -> None:
    law = Path(__file__).parents[3] / "zoning/rules/inmendagri-7-2021.toml"
    text = law.read_text(encoding="utf-8").replace("inmendagri-7-2021", "city-2022")
    status, output, _ = answer("--json", str(write_rules(tmp_path, city_2022=text)))
    rules = {rule["id"]: rule["in_force"] for rule in json.loads(output)["rules"]}
    assert status == 0
    assert rules.pop("city-2022") == "2021-04-06 to now"
    assert set(rules.values()) == {"on request"}
    assert "inmendagri-7-2021" in rules


@pytest.mark.parametrize(
    ("old", "new", "near", "message"),
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
def test_a_fault_has_its_file_and_line(
    tmp_path: Path, old: str, new: str, near: str, message: str
) -> None:
    assert old in EXAMPLE_TEXT
    text = EXAMPLE_TEXT.replace(old, new, 1)
    folder = write_rules(tmp_path, dengue_example=text)
    status, out, _ = answer("--check", "--json", str(folder))
    faults = json.loads(out)["faults"]
    assert status == 1
    matches = [fault for fault in faults if message in fault["message"]]
    assert matches, faults
    assert {fault["file"] for fault in faults} == {"dengue-example.toml"}
    lines = text.splitlines()
    if near != "fill = ":
        line = text[: text.index(near)].count("\n") + 1
        assert abs(matches[0]["line"] - line) <= 1, lines[matches[0]["line"] - 1]
    else:
        assert lines[matches[0]["line"] - 1] == new


def test_two_rules_of_one_folder_have_the_same_classes(tmp_path: Path) -> None:
    folder = write_rules(tmp_path, dengue_example=EXAMPLE_TEXT, dengue_five=five_classes())
    status, _, messages = answer("--check", str(folder))
    assert status == 1
    assert "dengue-five.toml, line" in messages
    assert "All rules of a folder have the same classes" in " ".join(messages.split())


def test_a_folder_without_a_rule_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        status, _, message = answer("--check", str(folder))
        assert status != 0
        assert "no-rules" in message
    assert "no-rules-folder" in answer("--check")[2]


@pytest.mark.parametrize("words", [(), ("--check",), ("--json",)], ids=" ".join)
def test_a_folder_with_the_name_of_a_rule_file_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "x.toml").mkdir()
    monkeypatch.setenv("MIKROZONASI_RULES", str(tmp_path))
    status, output, message = answer(*words)
    assert status == 1
    assert "x.toml" in message + output
    assert len((message.strip() or output.strip()).splitlines()) == 1
    assert "unforeseen" not in message + output
    assert "Traceback" not in message + output
