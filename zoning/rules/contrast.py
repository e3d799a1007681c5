"""Whether colours can be told apart: by everyone, by colour-blind readers, and in grey print.

Distances are CIE 1976 (L*a*b*, D65). Colour-blind sight is simulated after Machado, Oliveira and
Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, at
severity 1.0, on linear RGB.
"""

from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.language import Bilingual
from zoning.risk import Classes, RiskClass

FARTHEST_ALIKE: Final = 20.0
"""Distance at and below which two classes are too alike: 2.3 is just noticeable side by side."""
GREY_STEP: Final = 8.0
"""Difference in lightness L* that neighbours have at least, so that grey print tells them apart."""
LEAST_MARK: Final = 1.5
"""Contrast ratio (WCAG 2) that a pattern has on its colour at least."""
WITHOUT_RISK: Final = ("#CDD1D7", "#FFFFFF", "#E6EDEF")
"""Colours of areas that are no RT, of RT without data, and of the ground under the map."""
_FROM_WITHOUT: Final = 12.0

_EYES: Final = {
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


def faults_of(classes: Classes) -> list[tuple[int, Bilingual]]:
    """Numbers of classes that are hard to tell apart, each with a sentence that says why."""
    found: list[tuple[int, Bilingual]] = []
    for (_, one), (number, other) in combinations(enumerate(classes), 2):
        found += [(number, said) for said in _too_alike(one, other)]
    for number, (one, other) in enumerate(pairwise(classes), start=1):
        found += [(number, said) for said in _neighbours(one, other)]
    for number, one in enumerate(classes):
        found += [(number, said) for said in _alone(one)]
    return found


def _too_alike(one: RiskClass, other: RiskClass) -> list[Bilingual]:
    if one.letter == other.letter:
        return [
            Bilingual(
                f"{one.key} dan {other.key} memakai huruf yang sama, {one.letter}: pilih huruf "
                "lain.",
                f"{one.key} and {other.key} have the same letter, {one.letter}: choose another.",
            )
        ]
    for eyes, sight in _EYES.items():
        if _distance(one.fill, other.fill, sight) <= FARTHEST_ALIKE:
            return [
                Bilingual(
                    f"warna {one.key} ({one.fill}) dan {other.key} ({other.fill}) terlalu mirip "
                    f"untuk {eyes.id}: buat salah satunya lebih terang, lebih gelap atau lebih "
                    "biru.",
                    f"the colours of {one.key} ({one.fill}) and {other.key} ({other.fill}) are too "
                    f"alike for {eyes.en}: make one of them lighter, darker or bluer.",
                )
            ]
    return []


def _neighbours(one: RiskClass, other: RiskClass) -> list[Bilingual]:
    found = []
    if abs(_lightness(one.fill) - _lightness(other.fill)) < GREY_STEP:
        found.append(
            Bilingual(
                f"warna {one.key} dan {other.key} sama terangnya di cetakan abu-abu: buat salah "
                "satunya lebih terang atau lebih gelap.",
                f"the colours of {one.key} and {other.key} are equally light in grey print: make "
                "one of them lighter or darker.",
            )
        )
    if one.pattern == other.pattern:
        found.append(
            Bilingual(
                f"{one.key} dan {other.key} bersebelahan dan memakai pola yang sama, "
                f"{one.pattern}: pilih plain, dots, stripes atau lattice.",
                f"{one.key} and {other.key} are neighbours and have the same pattern, "
                f"{one.pattern}: choose plain, dots, stripes or lattice.",
            )
        )
    return found


def _alone(one: RiskClass) -> list[Bilingual]:
    found = []
    if one.pattern != "plain" and _ratio(one.fill, one.mark) < LEAST_MARK:
        found.append(
            Bilingual(
                f"pola {one.key} tidak terlihat: {one.mark} terlalu mirip dengan {one.fill}.",
                f"the pattern of {one.key} cannot be seen: {one.mark} is too like {one.fill}. "
                "Make mark lighter or darker.",
            )
        )
    found += [
        Bilingual(
            f"warna {one.key} terlalu mirip dengan {without}, warna wilayah tanpa risiko "
            "atau alas peta: pilih warna yang lebih kuat.",
            f"the colour of {one.key} is too like {without}, which areas without a risk "
            "or the ground of the map have: choose a stronger colour.",
        )
        for without in WITHOUT_RISK
        if min(_distance(one.fill, without, eyes) for eyes in _EYES.values()) <= _FROM_WITHOUT
    ]
    return found


def _linear(colour: str) -> NDArray[np.float64]:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def _lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = _XYZ @ np.clip(light, 0, 1) / _WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _distance(one: str, other: str, eyes: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(_lab(eyes @ _linear(one)) - _lab(eyes @ _linear(other))))


def _lightness(colour: str) -> float:
    return float(_lab(_linear(colour))[0])


def _ratio(one: str, other: str) -> float:
    low, high = sorted(float(_XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)
