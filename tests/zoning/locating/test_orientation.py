"""The compiled orientation test agrees with rational arithmetic, or says that it cannot tell."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zoning.kernels.orientation import UNKNOWN_SIDE, side, two_product

ORDINARY = st.floats(min_value=1e-60, max_value=1e60) | st.floats(min_value=-1e60, max_value=-1e-60)
ANY = st.floats(-1e150, 1e150, allow_subnormal=True)
ULPS = st.integers(-4, 4)


def sign(*at: float) -> int:
    ax, ay, bx, by, px, py = map(Fraction, at)
    area = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (area > 0) - (area < 0)


def assert_judged(*at: float) -> None:
    """Right, or said not to be known where a product of two coordinates is tiny."""
    found = side(*at)
    ax, ay, bx, by, px, py = map(abs, at)
    products = (bx * py, by * ax, ay * px, bx * ay, ax * py, by * px)
    if found == UNKNOWN_SIDE:
        assert min(products) < 2.0**-899
    else:
        assert found == sign(*at)


def nudged(at: float, ulps: int) -> float:
    for _ in range(abs(ulps)):
        at = float(np.nextafter(at, np.inf * ulps))
    return at


@settings(deadline=None)
@given(ORDINARY, ORDINARY)
@example(1.0 + 2**-30, 1.0 - 2**-30)
def test_a_product_and_its_error_are_the_whole_product(a: float, b: float) -> None:
    product, error = two_product(a, b)
    assert product == a * b
    assert Fraction(product) + Fraction(error) == Fraction(a) * Fraction(b)


@settings(deadline=None)
@given(ORDINARY, ORDINARY, ORDINARY, ORDINARY, st.floats(0, 1), ULPS, ULPS)
def test_a_point_some_ulp_off_a_line_is_on_the_side_rational_arithmetic_says(
    ax: float, ay: float, bx: float, by: float, along: float, right: int, up: int
) -> None:
    px = nudged(ax + along * (bx - ax), right)
    py = nudged(ay + along * (by - ay), up)
    assert_judged(ax, ay, bx, by, px, py)


@settings(deadline=None)
@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 40), ULPS, ULPS)
def test_near_collinear_points_in_degrees_are_exact(
    run: int, rise: int, times: int, right: int, up: int
) -> None:
    a = (110.375, -7.0)
    b = (a[0] + run / 1024, a[1] + rise / 1024)
    p = (nudged(a[0] + times * run / 1024, right), nudged(a[1] + times * rise / 1024, up))
    assert side(*a, *b, *p) == sign(*a, *b, *p)


@settings(deadline=None)
@given(ANY, ANY, ANY, ANY, ANY, ANY)
@example(0.0, 0.0, 1e-200, 1e-200, 1e-170, 1e-170)
@example(0.0, 0.0, 5e-324, 5e-324, 1e150, 1e150)
def test_it_never_answers_wrongly_however_large_or_small_the_numbers(
    ax: float, ay: float, bx: float, by: float, px: float, py: float
) -> None:
    assert_judged(ax, ay, bx, by, px, py)


def test_it_says_so_when_products_are_too_small_to_tell() -> None:
    assert side(0.0, 0.0, 1e-200, 1e-200, 1e-170, 1e-170) == UNKNOWN_SIDE
