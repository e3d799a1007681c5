"""The rulebook of a city: its own rules are in force only on their days, and explain their runs."""

from datetime import date
from pathlib import Path

import pytest

from geodata.errors import InputError, NotFoundError, StoreError
from geodata.runs import Run
from tests.city_rules import EXAMPLE_TEXT, five_classes, write_rules
from zoning.rules import Rulebook, built_in, open_rulebook, read_rules

LAW = (Path(__file__).parents[3] / "zoning/rules/inmendagri-7-2021.toml").read_text("utf-8")
FIRST = date(2021, 1, 1)
"""The first day of the example."""


@pytest.fixture
def dengue(tmp_path: Path) -> Rulebook:
    return open_rulebook(write_rules(tmp_path, dengue_example=EXAMPLE_TEXT))


def run_by(rule: str, digest: str) -> Run:
    return Run("r", date(2021, 7, 1), rule, digest, "b", {})


def test_a_rule_of_a_city_applies_from_its_first_day_and_not_in_retrospect(
    dengue: Rulebook,
) -> None:
    before = date(2020, 12, 31)
    in_force = dengue.in_force(FIRST)
    assert (in_force.rule.id, in_force.retrospective) == ("dengue-example", False)
    assert dengue.find_in_force(before) is None
    assert not dengue.is_retrospective(before)
    assert not dengue.is_retrospective(FIRST)
    with pytest.raises(InputError) as refused:
        dengue.in_force(before)
    assert refused.value.code == "no-rule-in-force"
    assert "2020-12-31" in refused.value.message


def test_rules_are_not_retrospective_unless_this_is_requested(tmp_path: Path) -> None:
    rules = read_rules(write_rules(tmp_path, dengue_example=EXAMPLE_TEXT))
    assert Rulebook(rules).find_in_force(date(1999, 1, 1)) is None
    assert Rulebook(rules, in_retrospect=True).is_retrospective(date(1999, 1, 1))


def test_the_rules_of_the_project_are_retrospective_before_the_first_law() -> None:
    assert built_in().is_retrospective(date(2021, 2, 8))
    assert not built_in().is_retrospective(date(2021, 2, 9))


def test_a_run_is_explained_by_its_rule_only_if_the_text_is_the_same(dengue: Rulebook) -> None:
    rule = dengue.rule("dengue-example")
    assert dengue.rule_for_run(run_by("dengue-example", rule.digest)) is rule
    with pytest.raises(StoreError) as refused:
        dengue.rule_for_run(run_by("dengue-example", "an earlier text"))
    assert refused.value.code == "rule-changed"
    for message in (refused.value.message, refused.value.indonesian):
        assert "2021-07-01" in message
        assert "dengue-example" in message
    with pytest.raises(NotFoundError):
        dengue.rule_for_run(run_by("inmendagri-7-2021", rule.digest))


def test_a_rule_of_the_project_explains_runs_of_earlier_releases() -> None:
    for digest in ("an earlier text", built_in().rule("inmendagri-7-2021").digest):
        assert built_in().rule_for_run(run_by("inmendagri-7-2021", digest)).id == (
            "inmendagri-7-2021"
        )


def test_runs_with_other_classes_are_refused(dengue: Rulebook) -> None:
    of_rules = ("quiet", "watch", "outbreak")
    dengue.check_classes([])
    dengue.check_classes([of_rules, of_rules])
    for other in (("green", "yellow", "orange", "red"), of_rules[::-1], of_rules[:2]):
        with pytest.raises(StoreError) as refused:
            dengue.check_classes([of_rules, other])
        assert refused.value.code == "other-classes"
        for message in (refused.value.message, refused.value.indonesian):
            assert f" {', '.join(other)}, " in message
            assert f" {', '.join(of_rules)}. " in message
        assert refused.value.message.endswith(" use a database of its own for other classes.")


def test_the_projects_rules_stay_known_only_beside_rules_with_their_classes(
    tmp_path: Path,
) -> None:
    city_law = LAW.replace("inmendagri-7-2021", "city-2021")
    same = open_rulebook(write_rules(tmp_path / "same", city_2021=city_law))
    known = ["city-2021", "inmendagri-3-2021", "inmendagri-7-2021", "dkk-semarang"]
    assert [rule.id for rule in same.rules] == known
    assert [same.can_be_in_force(rule) for rule in same.rules] == [True, False, False, False]
    other = open_rulebook(write_rules(tmp_path / "other", dengue_five=five_classes()))
    assert [rule.id for rule in other.rules] == ["dengue-five"]
    assert other.keys == ["one", "two", "three", "four", "five"]
    assert open_rulebook(None) is built_in()
