"""The highest risk of an area's RT, compared with plain loops over the RT."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zoning.risk import highest_risks

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 6)))


@given(PAIRS, st.integers(7, 9))
def test_an_area_has_the_highest_risk_of_its_rt_and_green_without_rt(
    pairs: list[tuple[int, int]], n: int
) -> None:
    risks = np.array([risk for risk, _ in pairs], dtype=np.uint8)
    area_numbers = np.array([area for _, area in pairs], dtype=np.intp)
    expected = [max([0, *(risk for risk, number in pairs if number == area)]) for area in range(n)]
    highest = highest_risks(risks, area_numbers, n)
    assert highest.tolist() == expected
    assert highest.dtype == np.uint8
