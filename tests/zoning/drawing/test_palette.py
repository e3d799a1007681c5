"""Colours are distinguishable for colour-blind readers, and match their names."""

import colorsys
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.four_colours import TINTS
from zoning.drawing.palette import MAP_BACKGROUND, OTHER, UNKNOWN, Tint, rgb, towards_white

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
    "everyone": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[position : position + 2], 16) for position in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first: str, second: str, vision: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(lab(vision @ linear(first)) - lab(vision @ linear(second))))


def contrast(first: str, second: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eyes", VISION)
@pytest.mark.parametrize(("first", "second"), [*combinations(TINTS, 2)], ids=lambda tint: tint.id)
def test_two_risks_are_distinguishable(first: Tint, second: Tint, eyes: str) -> None:
    # 2.3 is just noticeable; ten times as much is distinguishable across a map.
    assert distance(first.fill, second.fill, VISION[eyes]) > 23


@pytest.mark.parametrize("eyes", VISION)
@pytest.mark.parametrize("tint", TINTS, ids=lambda tint: tint.id)
def test_a_risk_is_distinguishable_from_areas_without_a_risk(tint: Tint, eyes: str) -> None:
    for fill in (OTHER.fill, UNKNOWN.fill, MAP_BACKGROUND):
        assert distance(tint.fill, fill, VISION[eyes]) > 14


def test_letters_and_patterns_differ_for_each_risk() -> None:
    assert [tint.letter for tint in TINTS] == ["H", "K", "O", "M"]
    assert len({tint.pattern for tint in TINTS}) == 4


@pytest.mark.parametrize("tint", TINTS[1:], ids=lambda tint: tint.id)
def test_a_pattern_can_be_seen_on_its_colour(tint: Tint) -> None:
    assert contrast(tint.fill, tint.mark) > 1.7


@pytest.mark.parametrize(
    ("tint", "hue"),
    [*zip(TINTS, [(100, 165), (40, 60), (15, 35), (335, 360)], strict=True)],
    ids=lambda value: getattr(value, "id", ""),
)
def test_a_colour_has_the_hue_of_its_name(tint: Tint, hue: tuple[int, int]) -> None:
    actual_hue = colorsys.rgb_to_hsv(*(channel / 255 for channel in rgb(tint.fill)))[0] * 360
    assert hue[0] <= actual_hue <= hue[1]


def test_blending_with_white_goes_from_the_colour_to_white() -> None:
    assert towards_white("#9C1031", 0.0) == "#9C1031"
    assert towards_white("#9C1031", 1.0) == "#FFFFFF"
