"""The daily run of random cases: counts, reruns, corrections and the order of rows."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.days.ward_runs import run, table_rows
from tests.zoning.ward import Case, day, days
from zoning.days.runs import read_run

RT_KEYS = [(0, 1, 1), (0, 1, 2), (1, 2, 3), (2, 2, 3), (3, 1, 1)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(st.integers(-12, 14))
    rt_key = draw(st.sampled_from([*RT_KEYS, None]))
    village = draw(st.sampled_from((None, "Tembalang"))) if rt_key is None else None
    house = draw(st.sampled_from((None, "a", "b", "c")))
    return Case(rt_key, house, start, start + draw(st.integers(0, 20)), village)


@given(line_list=st.lists(cases(), min_size=1, max_size=25))
@settings(max_examples=8, deadline=None)
def test_every_published_count_agrees_with_python_sets(
    new_database: NewDatabase, line_list: list[Case]
) -> None:
    with ward.new_ward(new_database(), line_list) as store:
        run(store, days(-2, 16))
        for number in range(-2, 17):
            zones = read_run(store, day(number)).zones
            counts = [tuple(row.values()) for row in zones.drop_columns("risk").to_pylist()]
            assert counts == ward.expected_counts(line_list, number)


@given(line_list=st.lists(cases(), min_size=1, max_size=20), random=st.randoms())
@settings(max_examples=3, deadline=None)
def test_row_order_keys_and_pseudonyms_change_neither_ids_nor_rows(
    new_database: NewDatabase, line_list: list[Case], random: Random
) -> None:
    shuffled = list(line_list)
    random.shuffle(shuffled)
    new_names = {"a": "z", "b": "y", "c": "x", None: None}
    renamed = [case._replace(house=new_names[case.house]) for case in shuffled]
    with (
        ward.new_ward(new_database(), line_list) as store,
        ward.new_ward(new_database(), []) as other_store,
    ):
        ward.add_cases(other_store, renamed, first=500)
        run(store, days(0, 9))
        for chosen_day in reversed(days(0, 9)):
            run(other_store, [chosen_day])
        assert table_rows(store) == table_rows(other_store)


@given(
    line_list=st.lists(cases(), min_size=1, max_size=20),
    corrections=st.lists(st.tuples(st.integers(0, 19), cases()), max_size=6),
)
@settings(max_examples=13, deadline=None)
def test_after_corrections_a_second_run_gives_the_same_ids_and_rows_as_a_first_run(
    new_database: NewDatabase, line_list: list[Case], corrections: list[tuple[int, Case]]
) -> None:
    """This holds for the newest published runs; runs published before stay stored, too."""
    with (
        ward.new_ward(new_database(), line_list) as rerun_store,
        ward.new_ward(new_database(), line_list) as new_store,
    ):
        first = run(rerun_store, days(-2, 16))
        for version, (number, case) in enumerate(corrections, start=2):
            for store in (rerun_store, new_store):
                ward.add_cases(store, [case], first=number % len(line_list), version=version)
        second, expected = (run(store, days(-2, 16)) for store in (rerun_store, new_store))
        assert [result.input_digest for result in second] == [
            result.input_digest for result in expected
        ]
        assert [result.run for result in second] == [result.run for result in expected]
        assert [(result.state == "unchanged") for result in second] == [
            result.input_digest == first_result.input_digest
            for result, first_result in zip(second, first, strict=True)
        ]
        for chosen_day in days(-2, 16):
            zones, expected_zones = (
                read_run(store, chosen_day) for store in (rerun_store, new_store)
            )
            assert zones.zones.equals(expected_zones.zones)
            assert zones.unplaced.equals(expected_zones.unplaced)
        rows, expected_rows = table_rows(rerun_store), table_rows(new_store)
        ids = {row["run"] for row in expected_rows["run"]}
        for name in ("run", "run_zone", "run_unplaced"):
            assert [row for row in rows[name] if row["run"] in ids] == expected_rows[name]
