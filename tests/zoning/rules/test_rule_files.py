"""Faults in the files of a folder of rules: all of them, each with its code, file and line."""

import tomllib
from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.language import Bilingual
from tests.city_rules import EXAMPLE_TEXT, five_classes, write_rules
from zoning.rules import Fault, check_rules

LAW = (Path(__file__).parents[3] / "zoning/rules/inmendagri-7-2021.toml").read_text("utf-8")


def line_of(text: str, part: str) -> int:
    assert text.count(part) == 1
    return text[: text.index(part)].count("\n") + 1


def places(folder: Path) -> list[tuple[str, str, int]]:
    """Code, file and line of each fault."""
    return [(fault.code, fault.file, fault.line) for fault in check_rules(folder).faults]


def law(name: str, in_force: str) -> str:
    """The rule of the law with another id and other days in force."""
    [line] = [line for line in LAW.splitlines() if line.startswith("in_force = ")]
    text = LAW.replace("inmendagri-7-2021", name).replace(line, f"in_force = {{ {in_force} }}")
    return "# First a remark.\n" + text


def test_the_faults_of_all_files_are_reported_in_the_order_of_their_names(tmp_path: Path) -> None:
    text = EXAMPLE_TEXT.replace("window = 21", "window = 0")
    folder = write_rules(tmp_path, c=text, a="a = ", b=text)
    assert [(file, code) for code, file, _ in places(folder)] == [
        ("a.toml", "rule-file"),
        ("b.toml", "rule-file"),
        ("c.toml", "rule-file"),
    ]


def test_a_file_with_a_wrong_name_is_reported_at_its_id_and_its_rule_is_read(
    tmp_path: Path,
) -> None:
    checked = check_rules(write_rules(tmp_path, dengue=EXAMPLE_TEXT))
    assert checked.faults == [
        Fault(
            "rule-file",
            "dengue.toml",
            line_of(EXAMPLE_TEXT, 'id = "dengue-example"'),
            Bilingual(
                "id aturan ini dengue-example; nama berkas dan id harus sama. Ganti nama berkas "
                "menjadi dengue-example.toml.",
                "the id of the rule is dengue-example; file and id must have the same name. "
                "Rename the file to dengue-example.toml.",
            ),
        )
    ]
    assert [rule.id for rule in checked.rules] == ["dengue-example"]


def test_classes_that_cannot_be_distinguished_are_reported_at_their_table(tmp_path: Path) -> None:
    text = EXAMPLE_TEXT.replace('letter = "L"', 'letter = "T"')
    assert places(write_rules(tmp_path, dengue_example=text)) == [
        ("rule-classes", "dengue-example.toml", line_of(text, 'key = "outbreak"') - 1)
    ]


def test_other_classes_than_in_the_first_file_are_reported_at_the_classes(tmp_path: Path) -> None:
    five = five_classes()
    folder = write_rules(
        tmp_path,
        dengue_example=EXAMPLE_TEXT.replace("in_force", "# in_force"),
        dengue_five=five.replace("in_force", "# in_force"),
    )
    assert check_rules(folder).faults == [
        Fault(
            "rule-classes",
            "dengue-five.toml",
            five[: five.index("[[classes]]")].count("\n") + 1,
            Bilingual(
                "kelas aturan ini berbeda dengan kelas dengue-example. Semua aturan dalam satu "
                "folder memakai kelas yang sama: salin bagian [[classes]].",
                "the classes of this rule differ from the classes of dengue-example. All rules of "
                "a folder have the same classes: copy the parts [[classes]].",
            ),
        )
    ]


def test_a_rule_that_begins_too_early_or_too_late_is_reported_at_its_days(tmp_path: Path) -> None:
    texts = {
        "one": law("one", "since = 2021-01-01, until = 2021-01-31"),
        "two": law("two", "since = 2021-02-01, until = 2021-02-28"),
        "three": law("three", "since = 2021-02-28, until = 2021-03-31"),
        "four": law("four", "since = 2021-04-02"),
        "five": law("five", "since = 2021-05-01"),
    }
    faults = check_rules(write_rules(tmp_path, **texts)).faults
    assert [(fault.code, fault.file, fault.line) for fault in faults] == [
        ("rule-dates", f"{name}.toml", line_of(texts[name], "in_force = "))
        for name in ("three", "four", "five")
    ]
    assert [fault.message.en for fault in faults] == [
        "two and three are both in force on 2021-02-28. End two before three begins.",
        (
            "No rule is in force between 2021-03-31 (three) and 2021-04-02 (four). End three on "
            "the day before four begins."
        ),
        "four and five are both in force on 2021-05-01. End four before five begins.",
    ]


@pytest.mark.parametrize("line", [1, 2, 5])
def test_bytes_that_are_no_utf_8_are_reported_at_their_line(tmp_path: Path, line: int) -> None:
    lines = ["", *EXAMPLE_TEXT.splitlines()]
    lines[line - 1] += " # caf\xe9"
    (tmp_path / "dengue-example.toml").write_text("\n".join(lines), encoding="latin-1")
    assert check_rules(tmp_path).faults == [
        Fault(
            "rule-file",
            "dengue-example.toml",
            line,
            Bilingual(
                "berkas ini bukan teks UTF-8. Simpan berkas sebagai UTF-8.",
                "the file is no UTF-8 text. Save the file as UTF-8.",
            ),
        )
    ]


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = ?\n", 2), ('\n\na = """\nb', 1)])
def test_text_that_is_no_toml_is_reported_at_its_line_if_the_parser_names_it(
    tmp_path: Path, text: str, line: int
) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    [fault] = check_rules(write_rules(tmp_path, a=text)).faults
    assert (fault.code, fault.line) == ("rule-file", line)
    assert fault.message.en == f"the file is no TOML: {refused.value}. Correct the line."
    assert fault.message.id == f"berkas ini bukan TOML: {refused.value}. Perbaiki baris itu."


@pytest.mark.parametrize(
    ("old", "new", "line", "name", "reason"),
    [
        ("watch = 1", "watch = 3", "[thresholds]", "", "thresholds: watch, outbreak must rise"),
        (
            "window = 21",
            "window = 0",
            "window = 0",
            "window: ",
            "Input should be greater than or equal to 1",
        ),
        (
            "outbreak = 3",
            "outbreak = 3\nwotch = 2",
            "wotch = 2",
            "",
            "thresholds.wotch: there is no such class; use watch, outbreak",
        ),
    ],
)
def test_a_wrong_value_is_reported_with_its_name_and_the_reason(
    tmp_path: Path, old: str, new: str, line: str, name: str, reason: str
) -> None:
    text = EXAMPLE_TEXT.replace(old, new, 1)
    [fault] = check_rules(write_rules(tmp_path, dengue_example=text)).faults
    assert fault.message == Bilingual(f"{name}tidak dapat dipakai: {reason}.", f"{name}{reason}.")
    assert fault.line == line_of(text, line)


def test_a_missing_and_an_unknown_name_are_reported_in_both_languages(tmp_path: Path) -> None:
    text = EXAMPLE_TEXT.replace("window = 21", "windoo = 21")
    missing, unknown = check_rules(write_rules(tmp_path, dengue_example=text)).faults
    assert missing.message == Bilingual(
        "window: nama ini belum ada. Tambahkan nama ini; docs/rules.md menyebut semua nama.",
        "window: this name is missing. Add the name; docs/rules.md lists all names.",
    )
    assert unknown.message == Bilingual(
        "windoo: nama ini tidak dikenal. Hapus atau perbaiki nama ini; docs/rules.md menyebut "
        "semua nama.",
        "windoo: this is no name that a rule has. Remove or correct the name; docs/rules.md lists "
        "all names.",
    )
    assert (missing.line, unknown.line) == (1, line_of(text, "windoo"))


def test_a_folder_that_gives_no_rule_has_one_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "unreadable" / "x.toml").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    for name in ("none", "file", "unreadable", "empty"):
        with pytest.raises(InputError) as refused:
            check_rules(tmp_path / name)
        assert refused.value.code == "no-rules", name
