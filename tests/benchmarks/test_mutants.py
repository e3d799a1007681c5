"""Results of mutants are reported correctly, and the list names existing files."""

import tomllib

from benchmarks.mutants import (
    LIST,
    ROOT,
    Change,
    Outcome,
    equivalents,
    in_catalogue,
    parse_change,
    settings,
)

DIFFERENCE = """# zoning.rules.files.x__read__mutmut_4: survived
--- zoning/rules/files.py
+++ zoning/rules/files.py
@@ -1,3 +1,3 @@
 def _read(file):
-    return (
-        one)
+    return two
"""


def test_a_mutant_is_named_by_its_function_and_its_lines() -> None:
    expected = Change("zoning.rules.files._read", "return ( one)", "return two")
    assert parse_change("zoning.rules.files.x__read__mutmut_4", DIFFERENCE) == expected
    method = parse_change("zoning.rules.model.xǁRuleǁrange_of__mutmut_28", "")
    assert method.function == "zoning.rules.model.Rule.range_of"


def test_equivalent_mutants_do_not_count_in_the_share() -> None:
    survivor, equivalent = Change("a", "1", "2"), Change("b", "1", "2")
    outcome = Outcome(3, [survivor, equivalent])
    assert outcome.share({equivalent}) == 75.0
    assert outcome.share(set()) == 60.0
    assert outcome.share({survivor, equivalent}) == 100.0


def test_only_changed_words_of_a_sentence_are_in_the_catalogue() -> None:
    catalogue = "- en: The file … has no rows. Send another file. `bad-rows`"
    sentence = 'f"The file {name} has no rows. ", "bad-rows", limit + 1'
    words = sentence.replace("The file {name} has no rows. ", "XXThe file {name} has no rows. XX")
    assert in_catalogue(Change("a", sentence, words), catalogue)
    assert not in_catalogue(Change("a", sentence.replace("rows", "lines"), words), catalogue)
    for other in ("limit + 2", "limit - 1"):
        changed = sentence.replace("limit + 1", other)
        assert not in_catalogue(Change("a", sentence, changed), catalogue)
    code = sentence.replace("bad-rows", "BAD-ROWS")
    assert not in_catalogue(Change("a", sentence, code), catalogue)


def test_every_path_of_the_list_exists_and_every_equivalent_mutant_has_a_reason() -> None:
    mutant_list = tomllib.loads(LIST.read_text())
    for part in mutant_list["parts"].values():
        for pattern in part["modules"]:
            assert list(ROOT.glob(pattern)), pattern
        for path in part["tests"]:
            assert (ROOT / path).exists(), path
        assert tomllib.loads(settings(part))["tool"]["mutmut"]["only_mutate"] == part["modules"]
    assert all(entry["reason"] for entry in mutant_list["equivalent"])
    assert len(equivalents(mutant_list)) == len(mutant_list["equivalent"])


def test_the_line_of_an_equivalent_mutant_is_in_the_program() -> None:
    for entry in tomllib.loads(LIST.read_text())["equivalent"]:
        paths = [
            path
            for path in (ROOT / entry["function"].split(".")[0]).rglob("*.py")
            if entry["function"].startswith(
                path.relative_to(ROOT).as_posix()[:-3].replace("/", ".")
            )
            and entry["was"] in path.read_text()
        ]
        assert paths, entry
