"""The rules colour as the law and the published cases say."""

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
from zoning.rules.classification import judge

GREEN, YELLOW, ORANGE, RED = range(4)
RULES = built_in()
rule, rule_in_force = RULES.rule, RULES.in_force
FOLDER = Path(__file__).parents[2] / "zoning" / "rules"


def counted(**columns: int) -> Counts:
    one = {name: columns.get(name, 0) for name in Counts._fields}
    return Counts(**{name: np.array([value], dtype=np.int32) for name, value in one.items()})


def colour(rule_id: str, **columns: int) -> int:
    return int(judge(counted(**columns), rule(rule_id))[0])


@pytest.mark.parametrize(("place", "houses"), [("Ciracas", 8), ("Rawasari", 9)])
def test_the_two_rt_of_jakarta_on_13_may_2021_are_red_in_force_and_orange_under_the_first(
    place: str, houses: int
) -> None:
    in_force = rule_in_force(date(2021, 5, 13))
    assert in_force.rule.id == "inmendagri-7-2021"
    assert not in_force.retrospective
    assert judge(counted(houses=houses, cases=17), in_force.rule).tolist() == [RED]
    assert colour("inmendagri-3-2021", houses=houses, cases=17) == ORANGE


@pytest.mark.parametrize(
    ("rule_id", "unit", "edges"),
    [
        ("inmendagri-3-2021", "houses", {0: 0, 1: 1, 5: 1, 6: 2, 10: 2, 11: 3, 400: 3}),
        ("inmendagri-7-2021", "houses", {0: 0, 1: 1, 2: 1, 3: 2, 5: 2, 6: 3, 400: 3}),
        ("dkk-semarang", "active", {0: 0, 1: 1, 2: 1, 3: 2, 5: 2, 6: 3, 400: 3}),
    ],
)
def test_every_edge_between_colours_is_the_published_one(
    rule_id: str, unit: str, edges: dict[int, int]
) -> None:
    assert {count: colour(rule_id, **{unit: count}) for count in edges} == edges


def test_the_law_counts_houses_and_the_health_office_active_cases() -> None:
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
def test_the_rule_in_force_follows_the_instructions_dates(day: str, rule_id: str) -> None:
    found = rule_in_force(date.fromisoformat(day))
    assert (found.rule.id, found.retrospective) == (rule_id, False)


def test_before_any_law_the_first_rule_is_applied_in_retrospect() -> None:
    found = rule_in_force(date(2021, 2, 8))
    assert (found.rule.id, found.retrospective) == ("inmendagri-3-2021", True)


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
def test_the_instruction_that_carried_the_rule_is_named_where_known(
    day: str, instrument: str | None
) -> None:
    on = date.fromisoformat(day)
    assert rule_in_force(on).rule.instrument_on(on) == instrument


def test_instruments_of_a_rule_follow_each_other_within_its_days() -> None:
    for one in RULES.rules:
        last = None
        for instrument in one.instruments:
            assert one.in_force is not None
            assert one.in_force.holds(instrument.since)
            assert one.in_force.holds(instrument.until)
            assert last is None or instrument.since > last
            last = instrument.until


def test_orange_closes_until_20_july_2021_and_restricts_from_the_next_day() -> None:
    law = rule("inmendagri-7-2021")
    before = [m.en for m in law.measures_on(ORANGE, date(2021, 7, 20))]
    after = [m.en for m in law.measures_on(ORANGE, date(2021, 7, 21))]
    assert len(before) == len(after) == 3
    assert "close, except" in before[2]
    assert "are restricted" in after[2]


def test_every_colour_has_measures_in_both_languages_on_every_day() -> None:
    for one in RULES.rules:
        for risk in range(4):
            for shift in range(0, 500, 7):
                found = one.measures_on(risk, date(2021, 2, 1) + timedelta(days=shift))
                assert len(found) == (2, 2, 3, 6)[risk]
                assert all(text.id and text.en and text.id != text.en for text in found)


def test_ranges_of_counts_read_as_words() -> None:
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
def test_one_of_a_unit_is_singular_in_english_and_the_same_word_in_indonesian(
    rule_id: str, singular: str, plural: str
) -> None:
    found = rule(rule_id)
    assert [found.unit_of(count).en for count in (0, 1, 2)] == [plural, singular, plural]
    assert len({found.unit_of(count).id for count in (0, 1, 2)}) == 1


def test_a_range_that_is_one_count_is_singular_where_the_count_is_one(tmp_path: Path) -> None:
    text = (FOLDER / "inmendagri-7-2021.toml").read_text(encoding="utf-8")
    text = text.replace("orange = 3", "orange = 2")
    (tmp_path / "inmendagri-7-2021.toml").write_text(text, encoding="utf-8")
    found = read_rules(tmp_path)["inmendagri-7-2021"]
    assert [found.range_of(risk).en for risk in (GREEN, YELLOW, ORANGE)] == [
        "0 houses",
        "1 house",
        "2-5 houses",
    ]
    assert found.range_of(YELLOW).id == "1 rumah"


def test_rules_come_in_order_of_their_days_and_those_that_are_no_law_after_them(
    tmp_path: Path,
) -> None:
    laws = ["inmendagri-3-2021", "inmendagri-7-2021"]
    assert [one.id for one in built_in().rules] == [*laws, "dkk-semarang"]
    # Files are read in order of name: the order of laws is another one than that of names.
    first = (FOLDER / f"{laws[0]}.toml").read_text(encoding="utf-8")
    (tmp_path / "z-first.toml").write_text(first.replace(laws[0], "z-first"), encoding="utf-8")
    for name in (laws[1], "dkk-semarang"):
        text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no rule", encoding="utf-8")
    assert list(read_rules(tmp_path)) == ["z-first", laws[1], "dkk-semarang"]


def test_risks_are_bytes() -> None:
    judged = judge(counted(houses=4), rule("inmendagri-7-2021"))
    assert (judged.dtype, judged.shape) == (np.dtype(np.uint8), (1,))


def test_names_and_letters_of_the_risks() -> None:
    assert [risk.name.id for risk in FOUR_COLOURS] == ["hijau", "kuning", "oranye", "merah"]
    assert [risk.name.en for risk in FOUR_COLOURS] == ["green", "yellow", "orange", "red"]
    assert "".join(risk.letter for risk in FOUR_COLOURS) == "HKOM"


def test_an_unknown_rule_is_answered_with_the_known_ones() -> None:
    known = "inmendagri-3-2021, inmendagri-7-2021, dkk-semarang"
    with pytest.raises(NotFoundError, match=known) as refused:
        rule("inmendagri-9-1999")
    assert refused.value.code == "no-rule"


def test_the_digest_changes_with_what_a_rule_says_and_with_nothing_else() -> None:
    text = (FOLDER / "dkk-semarang.toml").read_text(encoding="utf-8")
    same = rule("dkk-semarang").model_validate(tomllib.loads("# a remark\n" + text))
    other = rule("dkk-semarang").model_validate(tomllib.loads(text.replace("red = 6", "red = 7")))
    assert same.digest == rule("dkk-semarang").digest != other.digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
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
        ('id = "dkk-semarang"', 'id = "dkk"', "one name"),
        ("[[measures.green]]", "[[measures.grey]]", "grey"),
    ],
)
def test_a_broken_rule_file_is_refused_with_what_is_wrong_in_it(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (FOLDER / "dkk-semarang.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "dkk-semarang.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=said) as refused:
        read_rules(tmp_path)
    assert refused.value.code == "rule-file"
    assert refused.value.message.startswith("dkk-semarang.toml")


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2021-04-06", "are both in force on 2021-04-06. End the one before"),
        ("2021-04-04", "between 2021-04-04 .* and 2021-04-06 .* Let the one end on the day before"),
    ],
)
def test_rules_that_overlap_in_time_or_leave_a_gap_are_refused(
    tmp_path: Path, until: str, said: str
) -> None:
    for name in ("inmendagri-3-2021.toml", "inmendagri-7-2021.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        text = text.replace(
            "since = 2021-02-09, until = 2021-04-05", f"since = 2021-02-09, until = {until}"
        )
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as refused:
        read_rules(tmp_path)
    assert refused.value.code == "rule-dates"


def test_a_rule_cannot_be_changed_once_read() -> None:
    change: Any = rule("dkk-semarang")
    with pytest.raises(ValueError, match="frozen"):
        change.window = 14
