"""Whether readers can distinguish colours: with normal vision, colour-blind, and in grey print.

Colour differences are CIE 1976 (L*a*b*, D65). Colour vision deficiency is simulated after Machado,
Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
2009, at severity 1.0, on linear RGB.
"""

from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.language import Bilingual
from zoning.risk import Classes, RiskClass

FARTHEST_ALIKE: Final = 20.0
"""Largest colour difference of two classes that are too similar; 2.3 is just noticeable."""
GREY_STEP: Final = 8.0
"""Least difference in lightness L* between neighbouring classes, for grey print."""
LEAST_MARK: Final = 1.5
"""Least contrast ratio (WCAG 2) between a pattern and its colour."""
WITHOUT_RISK: Final = ("#CDD1D7", "#FFFFFF", "#E6EDEF")
"""Colours of areas that are no RT, of RT without data, and of the background of the map."""
_LEAST_DISTANCE_WITHOUT_RISK: Final = 12.0

_VISION: Final = {
    Bilingual("mata biasa", "ordinary eyes"): np.eye(3),
    Bilingual("protanopia", "protanopia"): np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    Bilingual("deuteranopia", "deuteranopia"): np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    Bilingual("tritanopia", "tritanopia"): np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])


def find_faults(classes: Classes) -> list[tuple[int, Bilingual]]:
    """Numbers of classes that are hard to distinguish, each with a sentence that says why."""
    faults: list[tuple[int, Bilingual]] = []
    for (_, lower), (number, upper) in combinations(enumerate(classes), 2):
        faults += [(number, message) for message in _pair_faults(lower, upper)]
    for number, (lower, upper) in enumerate(pairwise(classes), start=1):
        faults += [(number, message) for message in _neighbour_faults(lower, upper)]
    for number, risk_class in enumerate(classes):
        faults += [(number, message) for message in _class_faults(risk_class)]
    return faults


def _pair_faults(first: RiskClass, second: RiskClass) -> list[Bilingual]:
    if first.letter == second.letter:
        return [
            Bilingual(
                f"{first.key} dan {second.key} memakai huruf yang sama, {first.letter}: pilih "
                "huruf lain.",
                f"{first.key} and {second.key} have the same letter, {first.letter}: choose "
                "another letter.",
            )
        ]
    for vision, matrix in _VISION.items():
        if _distance(first.fill, second.fill, matrix) <= FARTHEST_ALIKE:
            return [
                Bilingual(
                    f"warna {first.key} ({first.fill}) dan {second.key} ({second.fill}) terlalu "
                    f"mirip untuk {vision.id}: buat salah satu warna lebih terang, lebih gelap "
                    "atau lebih biru.",
                    f"the colours of {first.key} ({first.fill}) and {second.key} ({second.fill}) "
                    f"are too alike for {vision.en}: make one of the colours lighter, darker or "
                    "bluer.",
                )
            ]
    return []


def _neighbour_faults(lower: RiskClass, upper: RiskClass) -> list[Bilingual]:
    faults = []
    if abs(_lightness(lower.fill) - _lightness(upper.fill)) < GREY_STEP:
        faults.append(
            Bilingual(
                f"warna {lower.key} dan {upper.key} sama terangnya di cetakan abu-abu: buat salah "
                "satu warna lebih terang atau lebih gelap.",
                f"the colours of {lower.key} and {upper.key} are equally light in grey print: make "
                "one of the colours lighter or darker.",
            )
        )
    if lower.pattern == upper.pattern:
        faults.append(
            Bilingual(
                f"{lower.key} dan {upper.key} bersebelahan dan memakai pola yang sama, "
                f"{lower.pattern}: pilih plain, dots, stripes atau lattice.",
                f"{lower.key} and {upper.key} are neighbours and have the same pattern, "
                f"{lower.pattern}: choose plain, dots, stripes or lattice.",
            )
        )
    return faults


def _class_faults(risk_class: RiskClass) -> list[Bilingual]:
    faults = []
    if (
        risk_class.pattern != "plain"
        and contrast_ratio(risk_class.fill, risk_class.mark) < LEAST_MARK
    ):
        faults.append(
            Bilingual(
                f"pola {risk_class.key} tidak terlihat: {risk_class.mark} terlalu mirip dengan "
                f"{risk_class.fill}. Buat mark lebih terang atau lebih gelap.",
                f"the pattern of {risk_class.key} cannot be seen: {risk_class.mark} is too similar "
                f"to {risk_class.fill}. Make mark lighter or darker.",
            )
        )
    faults += [
        Bilingual(
            f"warna {risk_class.key} terlalu mirip dengan {background}, warna wilayah tanpa risiko "
            "atau latar peta: pilih warna yang lebih kuat.",
            f"the colour of {risk_class.key} is too similar to {background}, the colour of areas "
            "without a risk or of the background of the map: choose a stronger colour.",
        )
        for background in WITHOUT_RISK
        if _least_distance(risk_class.fill, background) <= _LEAST_DISTANCE_WITHOUT_RISK
    ]
    return faults


def _least_distance(colour: str, other_colour: str) -> float:
    return min(_distance(colour, other_colour, matrix) for matrix in _VISION.values())


def _linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = _XYZ @ np.clip(light, 0, 1) / _WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _distance(colour: str, other_colour: str, matrix: NDArray[np.float64]) -> float:
    difference = _lab(matrix @ _linear(colour)) - _lab(matrix @ _linear(other_colour))
    return float(np.linalg.norm(difference))


def _lightness(colour: str) -> float:
    return float(_lab(_linear(colour))[0])


def contrast_ratio(colour: str, other_colour: str) -> float:
    """Contrast of two colours by WCAG 2: 1 for equal colours, 21 for black and white."""
    low, high = sorted(float(_XYZ[1] @ _linear(c)) for c in (colour, other_colour))
    return (high + 0.05) / (low + 0.05)
