"""Numbers in Indonesian sentences."""

import pytest

from geodata.language import format_indonesian


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (1_234_567, ",", "1.234.567"),
        (999, ",", "999"),
        (1234.56, ",.1f", "1.234,6"),
        (0.0125, ".2%", "1,25%"),
    ],
)
def test_a_point_parts_thousands_and_a_comma_decimals(
    value: float, form: str, written: str
) -> None:
    assert format_indonesian(value, form) == written
