"""The rules give the colours of the law and of published cases."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geodata.errors import InputError, NotFoundError
from zoning.counting.houses import Counts
from zoning.risk import FOUR_COLOURS
from zoning.rules import built_in, read_rules
from zoning.rules.classification import classify

GREEN, YELLOW, ORANGE, RED = range(4)
RULES = built_in()
rule, rule_in_force = RULES.rule, RULES.in_force
FOLDER = Path(__file__).parents[2] / "zoning" / "rules"


def make_counts(**columns: int) -> Counts:
    values = {name: columns.get(name, 0) for name in Counts._fields}
    return Counts(**{name: np.array([value], dtype=np.int32) for name, value in values.items()})


def colour(rule_id: str, **columns: int) -> int:
    return int(classify(make_counts(**columns), rule(rule_id))[0])


@pytest.mark.parametrize(("place", "houses"), [("Ciracas", 8), ("Rawasari", 9)])
def test_two_rt_of_jakarta_on_13_may_2021_are_red_by_the_rule_in_force_and_orange_by_the_first(
    place: str, houses: int
) -> None:
    in_force = rule_in_force(date(2021, 5, 13))
    assert in_force.rule.id == "inmendagri-7-2021"
    assert not in_force.retrospective
    assert classify(make_counts(houses=houses, cases=17), in_force.rule).tolist() == [RED]
    assert colour("inmendagri-3-2021", houses=houses, cases=17) == ORANGE


@pytest.mark.parametrize(
    ("rule_id", "unit", "edges"),
    [
        ("inmendagri-3-2021", "houses", {0: 0, 1: 1, 5: 1, 6: 2, 10: 2, 11: 3, 400: 3}),
        ("inmendagri-7-2021", "houses", {0: 0, 1: 1, 2: 1, 3: 2, 5: 2, 6: 3, 400: 3}),
        ("dkk-semarang", "active", {0: 0, 1: 1, 2: 1, 3: 2, 5: 2, 6: 3, 400: 3}),
    ],
)
def test_the_thresholds_between_colours_are_the_published_thresholds(
    rule_id: str, unit: str, edges: dict[int, int]
) -> None:
    assert {count: colour(rule_id, **{unit: count}) for count in edges} == edges


def test_the_law_counts_houses_and_the_health_office_counts_active_cases() -> None:
    assert colour("inmendagri-7-2021", houses=1, cases=30, active=30) == YELLOW
    assert colour("dkk-semarang", houses=9, cases=9, active=0) == GREEN


@pytest.mark.parametrize(
    ("day", "rule_id"),
    [
        ("2021-02-09", "inmendagri-3-2021"),
        ("2021-02-22", "inmendagri-3-2021"),
        ("2021-02-23", "inmendagri-3-2021"),
        ("2021-03-08", "inmendagri-3-2021"),
        ("2021-03-09", "inmendagri-3-2021"),
        ("2021-03-22", "inmendagri-3-2021"),
        ("2021-03-23", "inmendagri-3-2021"),
        ("2021-04-05", "inmendagri-3-2021"),
        ("2021-04-06", "inmendagri-7-2021"),
        ("2021-04-19", "inmendagri-7-2021"),
        ("2021-04-20", "inmendagri-7-2021"),
        ("2021-05-03", "inmendagri-7-2021"),
        ("2021-05-04", "inmendagri-7-2021"),
        ("2021-06-30", "inmendagri-7-2021"),
        ("2021-07-03", "inmendagri-7-2021"),
        ("2021-07-21", "inmendagri-7-2021"),
        ("2021-09-09", "inmendagri-7-2021"),
        ("2022-04-04", "inmendagri-7-2021"),
    ],
)
def test_the_rule_in_force_follows_the_dates_of_the_instructions(day: str, rule_id: str) -> None:
    in_force = rule_in_force(date.fromisoformat(day))
    assert (in_force.rule.id, in_force.retrospective) == (rule_id, False)


def test_before_the_first_law_the_first_rule_applies_in_retrospect() -> None:
    in_force = rule_in_force(date(2021, 2, 8))
    assert (in_force.rule.id, in_force.retrospective) == ("inmendagri-3-2021", True)


@pytest.mark.parametrize(
    ("day", "instrument"),
    [
        ("2021-02-08", None),
        ("2021-03-22", "Inmendagri 5/2021"),
        ("2021-04-06", "Inmendagri 7/2021"),
        ("2021-06-21", "Inmendagri 13/2021"),
        ("2021-06-22", "Inmendagri 14/2021"),
        ("2021-08-20", None),
    ],
)
def test_the_instruction_behind_the_rule_is_named_if_known(
    day: str, instrument: str | None
) -> None:
    chosen_day = date.fromisoformat(day)
    assert rule_in_force(chosen_day).rule.instrument_for(chosen_day) == instrument


def test_instruments_of_a_rule_are_in_order_and_within_its_days() -> None:
    for law in RULES.rules:
        last = None
        for instrument in law.instruments:
            assert law.in_force is not None
            assert law.in_force.holds(instrument.since)
            assert law.in_force.holds(instrument.until)
            assert last is None or instrument.since > last
            last = instrument.until


def test_orange_closes_until_20_july_2021_and_restricts_from_the_next_day() -> None:
    law = rule("inmendagri-7-2021")
    before = [m.en for m in law.measures_for(ORANGE, date(2021, 7, 20))]
    after = [m.en for m in law.measures_for(ORANGE, date(2021, 7, 21))]
    assert len(before) == len(after) == 3
    assert "close, except" in before[2]
    assert "are restricted" in after[2]


def test_every_colour_has_measures_in_both_languages_on_every_day() -> None:
    for law in RULES.rules:
        for risk in range(4):
            for shift in range(0, 500, 7):
                measures = law.measures_for(risk, date(2021, 2, 1) + timedelta(days=shift))
                assert len(measures) == (2, 2, 3, 6)[risk]
                assert all(text.id and text.en and text.id != text.en for text in measures)


def test_the_range_of_counts_of_each_risk_has_its_unit() -> None:
    law = rule("inmendagri-7-2021")
    assert [law.range_of(risk).id for risk in range(4)] == [
        "0 rumah",
        "1-2 rumah",
        "3-5 rumah",
        "lebih dari 5 rumah",
    ]
    assert law.range_of(RED).en == "more than 5 houses"
    assert rule("dkk-semarang").range_of(YELLOW).en == "1-2 active cases"


@pytest.mark.parametrize(
    ("rule_id", "singular", "plural"),
    [("inmendagri-7-2021", "house", "houses"), ("dkk-semarang", "active case", "active cases")],
)
def test_a_unit_is_singular_for_one_in_english_and_always_the_same_in_indonesian(
    rule_id: str, singular: str, plural: str
) -> None:
    chosen_rule = rule(rule_id)
    assert [chosen_rule.unit_name(count).en for count in (0, 1, 2)] == [plural, singular, plural]
    assert len({chosen_rule.unit_name(count).id for count in (0, 1, 2)}) == 1


def test_a_range_of_the_single_count_one_is_singular(tmp_path: Path) -> None:
    text = (FOLDER / "inmendagri-7-2021.toml").read_text(encoding="utf-8")
    text = text.replace("orange = 3", "orange = 2")
    (tmp_path / "inmendagri-7-2021.toml").write_text(text, encoding="utf-8")
    chosen_rule = read_rules(tmp_path)["inmendagri-7-2021"]
    assert [chosen_rule.range_of(risk).en for risk in (GREEN, YELLOW, ORANGE)] == [
        "0 houses",
        "1 house",
        "2-5 houses",
    ]
    assert chosen_rule.range_of(YELLOW).id == "1 rumah"


def test_rules_are_sorted_by_their_days_and_rules_that_are_no_law_come_last(
    tmp_path: Path,
) -> None:
    laws = ["inmendagri-3-2021", "inmendagri-7-2021"]
    assert [known_rule.id for known_rule in built_in().rules] == [*laws, "dkk-semarang"]
    # Files are read in order of name; here the order of the laws differs from the order of names.
    first = (FOLDER / f"{laws[0]}.toml").read_text(encoding="utf-8")
    (tmp_path / "z-first.toml").write_text(first.replace(laws[0], "z-first"), encoding="utf-8")
    for name in (laws[1], "dkk-semarang"):
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no rule", encoding="utf-8")
    assert list(read_rules(tmp_path)) == ["z-first", laws[1], "dkk-semarang"]


def test_risks_are_bytes() -> None:
    risks = classify(make_counts(houses=4), rule("inmendagri-7-2021"))
    assert (risks.dtype, risks.shape) == (np.dtype(np.uint8), (1,))


def test_names_and_letters_of_the_risks() -> None:
    assert [risk.name.id for risk in FOUR_COLOURS] == ["hijau", "kuning", "oranye", "merah"]
    assert [risk.name.en for risk in FOUR_COLOURS] == ["green", "yellow", "orange", "red"]
    assert "".join(risk.letter for risk in FOUR_COLOURS) == "HKOM"


def test_the_error_for_an_unknown_rule_lists_the_known_rules() -> None:
    known = "inmendagri-3-2021, inmendagri-7-2021, dkk-semarang"
    with pytest.raises(NotFoundError, match=known) as refused:
        rule("inmendagri-9-1999")
    assert refused.value.code == "no-rule"


def test_the_digest_depends_only_on_the_content_of_a_rule() -> None:
    text = (FOLDER / "dkk-semarang.toml").read_text(encoding="utf-8")
    same = rule("dkk-semarang").model_validate(tomllib.loads("# a remark\n" + text))
    changed = rule("dkk-semarang").model_validate(tomllib.loads(text.replace("red = 6", "red = 7")))
    assert same.digest == rule("dkk-semarang").digest != changed.digest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "active"', 'unit = "hearsay"', "unit"),
        ("window = 7", "window = 0", "window"),
        ("window = 7", 'window = "7"', "window"),
        ("window = 7", "window = 7\nspeed = 3", "speed"),
        ("red = 6", "red = 3", "must rise"),
        ("red = 6", 'red = "6"', r"thresholds\.red: "),
        ("window = 7", "window = 0\nspeed = 3", r"window: .* line 6: speed: "),
        ("yellow = 1", "yellow = 0", "yellow"),
        ("[thresholds]", "[thresholds", "line"),
        ('id = "dkk-semarang"', 'id = "dkk"', "the same name"),
        ("[[measures.green]]", "[[measures.grey]]", "grey"),
    ],
)
def test_a_broken_rule_file_is_refused_with_its_fault(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (FOLDER / "dkk-semarang.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "dkk-semarang.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        read_rules(tmp_path)
    assert refused.value.code == "rule-file"
    assert refused.value.message.startswith("dkk-semarang.toml")


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("2021-04-06", "are both in force on 2021-04-06. End inmendagri-3-2021 before"),
        ("2021-04-04", "between 2021-04-04 .* and 2021-04-06 .* End inmendagri-3-2021 on the day"),
    ],
)
def test_rules_with_an_overlap_or_a_gap_in_time_are_refused(
    tmp_path: Path, until: str, message: str
) -> None:
    for name in ("inmendagri-3-2021.toml", "inmendagri-7-2021.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        text = text.replace(
            "since = 2021-02-09, until = 2021-04-05", f"since = 2021-02-09, until = {until}"
        )
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        read_rules(tmp_path)
    assert refused.value.code == "rule-dates"


def test_a_rule_is_immutable() -> None:
    change: Any = rule("dkk-semarang")
    with pytest.raises(ValueError, match="frozen"):
        change.window = 14
