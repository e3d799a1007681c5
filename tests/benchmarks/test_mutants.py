"""What is told of mutants is what became of them, and the list names what there is."""

import tomllib

from benchmarks.mutants import LIST, ROOT, Change, Outcome, change_of, equivalents, settings

SHOWN = """# zoning.rules.files.x__read__mutmut_4: survived
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
    assert change_of("zoning.rules.files.x__read__mutmut_4", SHOWN) == expected
    method = change_of("zoning.rules.model.xǁRuleǁrange_of__mutmut_28", "")
    assert method.function == "zoning.rules.model.Rule.range_of"


def test_equivalent_mutants_are_in_no_share() -> None:
    alive, same = Change("a", "1", "2"), Change("b", "1", "2")
    outcome = Outcome(3, [alive, same])
    assert outcome.share({same}) == 75.0
    assert outcome.share(set()) == 60.0
    assert outcome.share({alive, same}) == 100.0


def test_every_path_of_the_list_is_there_and_every_equivalent_mutant_has_a_reason() -> None:
    listed = tomllib.loads(LIST.read_text())
    for part in listed["parts"].values():
        for pattern in part["modules"]:
            assert list(ROOT.glob(pattern)), pattern
        for path in part["tests"]:
            assert (ROOT / path).exists(), path
        assert tomllib.loads(settings(part))["tool"]["mutmut"]["only_mutate"] == part["modules"]
    assert all(one["reason"] for one in listed["equivalent"])
    assert len(equivalents(listed)) == len(listed["equivalent"])


def test_the_line_that_an_equivalent_mutant_changes_is_in_the_program() -> None:
    for one in tomllib.loads(LIST.read_text())["equivalent"]:
        found = [
            path
            for path in (ROOT / one["function"].split(".")[0]).rglob("*.py")
            if one["function"].startswith(path.relative_to(ROOT).as_posix()[:-3].replace("/", "."))
            and one["was"] in path.read_text()
        ]
        assert found, one
