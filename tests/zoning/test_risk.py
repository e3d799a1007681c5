"""The highest risk of an area's RT, against plain loops over them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zoning.risk import highest_risks

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 6)))


@given(PAIRS, st.integers(7, 9))
def test_an_area_has_the_highest_risk_of_its_rt_and_green_without_any(
    pairs: list[tuple[int, int]], n: int
) -> None:
    risks = np.array([risk for risk, _ in pairs], dtype=np.uint8)
    above = np.array([area for _, area in pairs], dtype=np.intp)
    wanted = [max([0, *(risk for risk, at in pairs if at == area)]) for area in range(n)]
    found = highest_risks(risks, above, n)
    assert found.tolist() == wanted
    assert found.dtype == np.uint8
