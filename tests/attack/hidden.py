"""Differences between two cities that must stay hidden: no colour, band or range shows them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from geodata.ledger.audit import add_audit_line
from geodata.ledger.withdrawing import withdraw
from geodata.store import Store
from tests.attack.histories import (
    LATE,
    ORANGE,
    OTHER_SECRET,
    QUIET,
    RED,
    TESTS,
    UNKNOWN,
    YELLOW,
    History,
    Row,
    Step,
    case,
    load,
    moment_on,
    newcomer,
    publish,
)


def another_case_in_a_counted_house() -> History:
    return History().with_rows(
        0, case("a3", 6, YELLOW, "a"), case("o9", 8, ORANGE, "o2", recovered=15)
    )


def a_case_in_another_house_of_the_rt() -> History:
    return History().with_rows(0, case("a2", 6, YELLOW, "b"), case("b1", 7, YELLOW, "a"))


def one_house_or_two_in_a_yellow_rt() -> History:
    return History().with_rows(2, case("d2", 24, LATE, "d"))


def six_houses_or_eight_in_a_red_rt() -> History:
    # Two other recoveries keep the week of the city in its range.
    others = [
        case(name, 10, UNKNOWN, house, recovered=19) for name, house in (("u1", "k"), ("u2", "l"))
    ]
    return without_rows(0, "C-r6", "C-r7").with_rows(0, *others)


def unknown_houses() -> History:
    return History().with_rows(0, case("u1", 10, UNKNOWN), case("u2", 10, UNKNOWN))


def another_end_of_isolation() -> History:
    return History().with_rows(
        0, case("a2", 6, YELLOW, "a", recovered=25), case("u1", 10, UNKNOWN, "k", recovered=12)
    )


def a_green_rt_with_active_cases() -> History:
    return History().with_rows(0, case("g1", -12, QUIET, "g", recovered=19))


def an_unplaced_case_in_the_same_band() -> History:
    return History().with_rows(0, case("n9", 9, kelurahan="Tembalang"))


def the_kelurahan_of_unplaced_cases() -> History:
    rows = [case(f"n{n}", 9, kelurahan="Bringin") for n in range(6)]
    return History().with_rows(0, *rows)


def a_case_of_another_city_in_the_same_band() -> History:
    return History().with_rows(0, case("z9", 9, regency="Kabupaten Kendal"))


def a_case_before_the_window() -> History:
    return History().with_rows(0, case("w1", -9, YELLOW, "w", recovered=-2))


def the_order_of_records() -> History:
    files = [Random(11).sample(rows, len(rows)) for rows in History().files]  # noqa: S311
    return replace(History(), files=tuple(files))


def another_secret() -> History:
    return replace(History(), secret=OTHER_SECRET)


def other_ids_of_records_and_persons() -> History:
    return replace(
        History(),
        files=tuple([renamed(row) for row in rows] for rows in History().files),
        name="other",
    )


def renamed(row: Row) -> Row:
    nik = f"{10**12 - 1 - int(str(row['nik'])[4:]):012d}"
    return {**row, "case_id": f"D{row['case_id']}", "nik": f"0000{nik}"}


def a_correction_that_changes_no_colour() -> History:
    rows = [case("a1", 5, YELLOW, "a", recovered=9), case("r1", 8, RED, "r2")]
    return with_later_steps(load("cases", rows), publish(0, 20))


def a_reverted_correction() -> History:
    wrong, right = case("r1", 8, RED, "r2"), case("r1", 8, RED, "r1")
    more = (Step(moment_on(22, 2), load("cases", [right])), Step(moment_on(22, 3), publish(0, 20)))
    history = with_later_steps(load("cases", [wrong]), publish(0, 20))
    return replace(history, more=(*history.more, *more))


def a_correction_without_a_new_run() -> History:
    return with_later_steps(load("cases", [case("a1", 5, YELLOW, "a", recovered=8)]))


def a_case_after_the_last_publication() -> History:
    rows = [case("a5", 26, YELLOW, "a")]
    return replace(History(), more=(Step(moment_on(29), load("cases", rows)),))


def a_late_case() -> History:
    return with_later_steps(load("cases", [case("a4", 6, YELLOW, "a")]), publish(0, 20))


def a_withdrawn_case() -> History:
    def do(store: Store, _: Path) -> object:
        return withdraw(store, "cases", ["C-r7"], "counted twice")

    return with_later_steps(do, publish(0, 20))


def rejected_rows() -> History:
    wrong = [{**case("v1", 9, YELLOW, "v"), "confirmed_on": "tomorrow"}]
    return with_later_steps(load("cases", wrong), publish(0, 20))


def newcomers_in_the_same_ranges() -> History:
    """In an RT, in no known RT, and with a wrong year."""
    rows = [newcomer(1, 18, YELLOW), newcomer(2, 9), newcomer(3, -400, RED)]
    return with_later_steps(load("newcomers", rows), publish(0, 20))


def a_newcomer_of_another_kelurahan() -> History:
    return with_later_steps(load("newcomers", [newcomer(106, 8, QUIET)]), publish(0, 20))


def requests_for_records() -> History:
    return with_later_steps(
        lambda store, _: add_audit_line(
            store, who="token", action="read", what="/newcomers", records=3
        )
    )


def days_computed_again() -> History:
    return with_later_steps(publish(0, 20), publish(3, 19))


def tests_in_the_same_band() -> History:
    rows = [{**row, "nilai": {12: 14, 3: 1}.get(row["nilai"], row["nilai"])} for row in TESTS]
    return replace(History(), tests=rows)


def a_correction_of_tests_in_the_same_band() -> History:
    return with_later_steps(load("indicators", [{**TESTS[0], "nilai": 13}]))


def all_differences_together() -> History:
    history = replace(another_secret(), tests=tests_in_the_same_band().tests)
    history = history.with_rows(
        0,
        # On another day than the late case, and recovered in another week than most: together they
        # would leave the ranges.
        case("a3", 7, YELLOW, "a"),
        case("o9", 8, ORANGE, "o2", recovered=12),
        case("u1", 10, UNKNOWN),
        case("u2", 10, UNKNOWN),
        case("g1", -12, QUIET, "g", recovered=12),
        case("n9", 9, kelurahan="Bringin"),
        case("w1", -9, YELLOW, "w", recovered=-2),
    )
    hidden = [
        a_reverted_correction,
        a_late_case,
        newcomers_in_the_same_ranges,
        rejected_rows,
        requests_for_records,
        days_computed_again,
    ]
    more = [step for history_of in hidden for step in history_of().more]
    files = [Random(7).sample(rows, len(rows)) for rows in history.files]  # noqa: S311
    return replace(history, more=tuple(more), files=tuple(files))


def without_rows(number: int, *cases: str) -> History:
    """The base history without some rows of a file."""
    files = list(History().files)
    files[number] = [row for row in files[number] if row["case_id"] not in cases]
    return replace(History(), files=tuple(files))


def with_later_steps(*actions: Callable[..., object]) -> History:
    """The base history with steps after the second file is published."""
    return replace(
        History(), more=tuple(Step(moment_on(21, 4 + n), do) for n, do in enumerate(actions))
    )


HIDDEN: list[Callable[[], History]] = [
    another_case_in_a_counted_house,
    a_case_in_another_house_of_the_rt,
    one_house_or_two_in_a_yellow_rt,
    six_houses_or_eight_in_a_red_rt,
    unknown_houses,
    another_end_of_isolation,
    a_green_rt_with_active_cases,
    an_unplaced_case_in_the_same_band,
    the_kelurahan_of_unplaced_cases,
    a_case_of_another_city_in_the_same_band,
    a_case_before_the_window,
    the_order_of_records,
    another_secret,
    other_ids_of_records_and_persons,
    a_correction_that_changes_no_colour,
    a_reverted_correction,
    a_correction_without_a_new_run,
    a_case_after_the_last_publication,
    a_late_case,
    a_withdrawn_case,
    rejected_rows,
    newcomers_in_the_same_ranges,
    a_newcomer_of_another_kelurahan,
    requests_for_records,
    days_computed_again,
    tests_in_the_same_band,
    a_correction_of_tests_in_the_same_band,
]
