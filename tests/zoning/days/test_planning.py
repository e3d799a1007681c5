"""The id of a run is a keyed hash of exactly the inputs of its day."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from geodata.calendar import day_number
from geodata.pseudonyms.identity import Pseudonymiser
from zoning.counting.cases import PlacedCases
from zoning.counting.houses import CaseTable
from zoning.days.classification import Plan
from zoning.days.planning import plan_days
from zoning.rules import Rule, built_in

SECRET = Pseudonymiser(b"a secret of sixteen and more")
LAW, FIRST_LAW = (built_in().rule(f"inmendagri-{number}-2021") for number in (7, 3))
BOUNDARIES = "0123456789abcdef"


def day(number: int) -> date:
    return date(2021, 6, 1) + timedelta(days=number)


def placed(first: int = 0, last: int = 9, area: int = 2) -> PlacedCases:
    """One case, from its first day to the day of its recovery."""
    days = np.array([[first], [last]], dtype=np.int32) + day_number(day(0))
    return PlacedCases(
        CaseTable(*np.array([[4], [0]], dtype=np.int32), *days), np.array([area], dtype=np.int32)
    )


def planned(
    *days: tuple[date, Rule],
    boundaries: str = BOUNDARIES,
    cases: PlacedCases | None = None,
    secret: Pseudonymiser = SECRET,
) -> list[Plan]:
    return list(plan_days(boundaries, cases or placed(), days, secret))


def test_a_plan_has_the_inputs_of_its_day_and_no_counts() -> None:
    [plan] = planned((day(3), LAW))
    assert plan.rule == LAW
    assert plan.run._replace(id="") == (
        *("", day(3), "inmendagri-7-2021"),
        *(LAW.digest, BOUNDARIES, {}),
    )
    assert len(plan.run.id) == len(plan.records) == 32


TEXT = {"id": "x", "en": "x"}
FIXED_RULE = Rule.model_validate(
    {
        "id": "fixed",
        "title": TEXT,
        "source": {"law": "x", "found": ["x"]},
        "unit": "houses",
        "window": 7,
        "thresholds": {"yellow": 1, "orange": 3, "red": 6},
        "measures": {key: [TEXT] for key in ("green", "yellow", "orange", "red")},
    }
)


def test_the_id_of_a_run_with_the_same_inputs_never_changes() -> None:
    """Another id for the same inputs would publish every day again."""
    [plan] = planned((day(3), FIXED_RULE))
    assert (plan.run.id, plan.records) == (
        "500c8a86a2721ca0b25eb45bd8c38c56",
        "38131c0639655193db0a514b672cf9c9",
    )


def test_each_input_changes_the_id() -> None:
    plans = [
        planned((day(3), LAW)),
        planned((day(4), LAW)),
        planned((day(3), FIRST_LAW)),
        planned((day(3), LAW.model_copy(update={"id": "another"}))),
        planned((day(3), LAW.model_copy(update={"source": FIRST_LAW.source}))),
        planned((day(3), LAW), boundaries="fedcba9876543210"),
        planned((day(3), LAW), cases=placed(area=1)),
        planned((day(3), LAW), secret=Pseudonymiser(b"another secret of this length")),
    ]
    assert len({plan.run.id for [plan] in plans}) == len(plans)


def test_records_that_do_not_affect_a_day_do_not_change_its_id() -> None:
    [before], [after] = planned((day(-1), LAW)), planned((day(-1), LAW), cases=placed(0, 20, 1))
    assert before == after


@pytest.mark.parametrize(
    "rules", [[LAW] * 5, [LAW, LAW, FIRST_LAW, FIRST_LAW, LAW], [LAW, FIRST_LAW] * 2]
)
def test_days_of_several_rules_are_planned_as_if_each_were_planned_alone(
    rules: Sequence[Rule],
) -> None:
    rules = [rules[0].model_copy(update={"window": 2}) if r is rules[0] else r for r in rules]
    listed = [(day(number), rule) for number, rule in enumerate(rules, start=-1)]
    alone = [plan for entry in listed for plan in planned(entry)]
    assert planned(*listed) == alone
    assert [plan.run.date for plan in alone] == [day for day, _ in listed]


def test_each_planned_day_is_counted_after_it_is_planned() -> None:
    done: list[int] = []
    days = [(day(number), LAW) for number in range(3)]
    plans = plan_days(BOUNDARIES, placed(), days, SECRET, lambda: done.append(1))
    assert [(next(plans).run.date, len(done)) for _ in days] == [
        (day(number), number) for number in range(3)
    ]
    assert next(plans, None) is None
    assert len(done) == 3
