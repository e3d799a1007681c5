"""Areas within an area, against a walk from each area to its parents."""

import numpy as np
import pytest

from geodata.errors import NotFoundError
from tests.cities.small_city import BRINGIN, MARKET, VILLAGES, code, small_city
from zoning.placing.within import lies_within

CITY = small_city()
CODES: list[str] = CITY.areas["code"].tolist()
PARENTS: dict[str, str | None] = {
    area: parent if isinstance(parent, str) else None
    for area, parent in zip(CODES, CITY.areas["parent"], strict=True)
}


def _with_ancestors(area: str) -> list[str]:
    chain = [area]
    while (parent := PARENTS[chain[-1]]) is not None:
        chain.append(parent)
    return chain


@pytest.mark.parametrize("area", CODES)
def test_an_area_lies_within_itself_and_its_ancestors_only(area: str) -> None:
    expected = [area in _with_ancestors(inner) for inner in CODES]
    assert lies_within(CITY, CODES, area).tolist() == expected
    # The answers do not depend on which areas were asked for before.
    assert lies_within(CITY, CODES[::-1], area).tolist() == expected[::-1]


def test_the_market_has_no_rw_and_lies_in_its_kelurahan() -> None:
    kelurahan = VILLAGES[BRINGIN]
    assert lies_within(CITY, [MARKET], kelurahan.code).tolist() == [True]
    assert lies_within(CITY, [MARKET], kelurahan.above).tolist() == [True]
    assert lies_within(CITY, [MARKET], VILLAGES[0].code).tolist() == [False]


def test_an_unknown_or_missing_code_lies_nowhere() -> None:
    rt = code(0, 1, 1)
    within = lies_within(CITY, [None, "no such area", rt, None, rt], "33.74")
    assert within.tolist() == [False, False, True, False, True]
    assert within.dtype == bool
    # No codes give an empty mask of a table, not an array of numbers.
    empty = lies_within(CITY, [], "33.74")
    assert (empty.tolist(), empty.dtype) == ([], np.dtype(bool))


def test_an_unknown_area_is_an_error() -> None:
    with pytest.raises(NotFoundError) as raised:
        lies_within(CITY, CODES, "99")
    assert raised.value.code == "no-area"
