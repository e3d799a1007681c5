"""The compiled orientation test agrees with rational arithmetic, or says that it cannot tell."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zoning.kernels.orientation import UNKNOWN_SIDE, side, two_product

ORDINARY = st.floats(min_value=1e-60, max_value=1e60) | st.floats(min_value=-1e60, max_value=-1e-60)
ANY = st.floats(-1e150, 1e150, allow_subnormal=True)
ULPS = st.integers(-4, 4)


def sign(*coordinates: float) -> int:
    ax, ay, bx, by, px, py = map(Fraction, coordinates)
    area = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (area > 0) - (area < 0)


def assert_exact_or_unknown(*coordinates: float) -> None:
    """The side is exact, or unknown where a product of two coordinates is tiny."""
    answer = side(*coordinates)
    ax, ay, bx, by, px, py = map(abs, coordinates)
    products = (bx * py, by * ax, ay * px, bx * ay, ax * py, by * px)
    if answer == UNKNOWN_SIDE:
        assert min(products) < 2.0**-899
    else:
        assert answer == sign(*coordinates)


def shift_by_ulps(value: float, ulps: int) -> float:
    for _ in range(abs(ulps)):
        value = float(np.nextafter(value, np.inf * ulps))
    return value


@settings(deadline=None)
@given(ORDINARY, ORDINARY)
@example(1.0 + 2**-30, 1.0 - 2**-30)
def test_a_product_and_its_error_add_up_to_the_exact_product(a: float, b: float) -> None:
    product, error = two_product(a, b)
    assert product == a * b
    assert Fraction(product) + Fraction(error) == Fraction(a) * Fraction(b)


@settings(deadline=None)
@given(ORDINARY, ORDINARY, ORDINARY, ORDINARY, st.floats(0, 1), ULPS, ULPS)
def test_a_point_a_few_ulp_off_a_line_is_on_the_side_that_rational_arithmetic_gives(
    ax: float, ay: float, bx: float, by: float, along: float, right: int, up: int
) -> None:
    px = shift_by_ulps(ax + along * (bx - ax), right)
    py = shift_by_ulps(ay + along * (by - ay), up)
    assert_exact_or_unknown(ax, ay, bx, by, px, py)


@settings(deadline=None)
@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 40), ULPS, ULPS)
def test_near_collinear_points_in_degrees_are_exact(
    run: int, rise: int, times: int, right: int, up: int
) -> None:
    a = (110.375, -7.0)
    b = (a[0] + run / 1024, a[1] + rise / 1024)
    p = (
        shift_by_ulps(a[0] + times * run / 1024, right),
        shift_by_ulps(a[1] + times * rise / 1024, up),
    )
    assert side(*a, *b, *p) == sign(*a, *b, *p)


@settings(deadline=None)
@given(ANY, ANY, ANY, ANY, ANY, ANY)
@example(0.0, 0.0, 1e-200, 1e-200, 1e-170, 1e-170)
@example(0.0, 0.0, 5e-324, 5e-324, 1e150, 1e150)
def test_the_side_is_never_wrong_for_any_size_of_numbers(
    ax: float, ay: float, bx: float, by: float, px: float, py: float
) -> None:
    assert_exact_or_unknown(ax, ay, bx, by, px, py)


def test_the_side_is_unknown_when_products_underflow() -> None:
    assert side(0.0, 0.0, 1e-200, 1e-200, 1e-170, 1e-170) == UNKNOWN_SIDE
