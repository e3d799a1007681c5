"""Colours near the limits of readability, judged by the published formulas in plain Python."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.language import Bilingual
from zoning.risk import FOUR_COLOURS, Pattern, RiskClass
from zoning.rules.contrast import WITHOUT_RISK, find_faults

# Machado, Oliveira and Fernandes 2009, severity 1.0.
VISIONS: Final[dict[str, Sequence[Sequence[float]]]] = {
    "ordinary eyes": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# IEC 61966-2-1: chromaticity of red, green and blue, and the share of each in the luminance.
PRIMARIES: Final = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
LUMINANCE: Final = (0.2126729, 0.7151522, 0.0721750)
WHITE: Final = (0.95047, 1.0, 1.08883)
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


def light(colour: str) -> list[float]:
    """Linear red, green and blue of a colour."""
    levels = [level / 255 for level in bytes.fromhex(colour[1:])]
    return [c / 12.92 if c < 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in levels]


def luminance(rgb: Sequence[float]) -> float:
    return sum(share * level for share, level in zip(LUMINANCE, rgb, strict=True))


def lab(rgb: Sequence[float]) -> tuple[float, float, float]:
    """CIE 1976 L*a*b*, as CIE 15:2004 writes it."""
    seen = [min(max(level, 0.0), 1.0) for level in rgb]
    xyz = [0.0, 0.0, 0.0]
    for (x, y), share, level in zip(PRIMARIES, LUMINANCE, seen, strict=True):
        for axis, coordinate in enumerate((x, y, 1 - x - y)):
            xyz[axis] += share * level * coordinate / y
    ratios = [value / white for value, white in zip(xyz, WHITE, strict=True)]
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else 841 / 108 * t + 4 / 29 for t in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(first: str, second: str, vision: str) -> float:
    def view(colour: str) -> tuple[float, float, float]:
        rgb = light(colour)
        return lab([sum(w * c for w, c in zip(row, rgb, strict=True)) for row in VISIONS[vision]])

    pairs = zip(view(first), view(second), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def lightness(colour: str) -> float:
    return lab(light(colour))[0]


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted(luminance(light(colour)) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


def risk_class(key: str, fill: str, mark: str = "#000000", pattern: Pattern = "plain") -> RiskClass:
    return RiskClass(key, Bilingual(key, key), key[0].upper(), fill, mark, pattern)


def messages(*classes: RiskClass) -> list[str]:
    return [message.en for _, message in find_faults(classes)]


def alike_for(first: str, second: str) -> str | None:
    """The reader for whom the check calls two fills too alike."""
    pair = (risk_class("a", first), risk_class("b", second, pattern="dots"))
    readers = [
        message.partition("are too alike for ")[2].partition(":")[0]
        for message in messages(*pair)
        if "are too alike for " in message
    ]
    assert len(readers) < 2
    return readers[0] if readers else None


def alike_by_the_formulas(first: str, second: str) -> str | None:
    return next((name for name in VISIONS if difference(first, second, name) <= 20), None)


@pytest.mark.parametrize(
    ("first", "second", "vision"),
    [
        ("#A6BF86", "#83C8AC", "protanopia"),
        ("#15F58A", "#02FFBA", "deuteranopia"),
        ("#EB6563", "#FF764C", "tritanopia"),
        ("#021E03", "#003F12", "protanopia"),
        ("#D6A360", "#DF877D", "deuteranopia"),
        ("#1F0A09", "#003200", None),
        ("#2C0D0D", "#4F0928", "protanopia"),
        ("#231A1D", "#002400", "protanopia"),
        ("#FE66E1", "#E791B6", "tritanopia"),
    ],
)
def test_two_fills_are_too_alike_up_to_a_difference_of_20_for_any_reader(
    first: str, second: str, vision: str | None
) -> None:
    """The difference of each pair is near 20 for some reader."""
    assert alike_by_the_formulas(first, second) == vision
    assert alike_for(first, second) == alike_for(second, first) == vision


@given(COLOURS, COLOURS)
def test_the_check_of_two_fills_follows_the_published_formulas(first: str, second: str) -> None:
    assert alike_for(first, second) == alike_by_the_formulas(first, second)


@pytest.mark.parametrize("pale", [False, True])
@given(data=st.data())
def test_neighbours_differ_in_lightness_by_8_for_grey_print(
    pale: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    channel = st.integers(150, 210) if pale else st.integers(0, 60)
    colours = st.tuples(channel, channel, channel).map(
        lambda rgb: "#{:02X}{:02X}{:02X}".format(*rgb)
    )
    lower, upper = data.draw(colours), data.draw(colours)
    found = messages(risk_class("a", lower), risk_class("b", upper, pattern="dots"))
    grey = [message for message in found if "equally light in grey print" in message]
    assert bool(grey) == (abs(lightness(lower) - lightness(upper)) < 8)


@pytest.mark.parametrize(
    ("lower", "upper", "step"), [("#300325", "#3C2000", 7.98), ("#777777", "#8C8C8C", 8.22)]
)
def test_a_step_in_lightness_of_8_is_enough(lower: str, upper: str, step: float) -> None:
    assert abs(lightness(lower) - lightness(upper)) == pytest.approx(step, abs=0.01)
    found = messages(risk_class("a", lower), risk_class("b", upper, pattern="dots"))
    assert any("equally light" in message for message in found) == (step < 8)


@pytest.mark.parametrize(
    ("fill", "mark", "ratio"), [("#7A2FA7", "#AA3DC6", 1.501), ("#7A2FA7", "#A93DC6", 1.493)]
)
def test_a_pattern_has_a_contrast_of_one_and_a_half(fill: str, mark: str, ratio: float) -> None:
    assert contrast(fill, mark) == contrast(mark, fill) == pytest.approx(ratio, abs=0.001)
    for lower, upper in ((fill, mark), (mark, fill)):
        found = messages(risk_class("a", lower, upper, "dots"))
        assert any("cannot be seen" in message for message in found) == (ratio < 1.5)
    assert not any("cannot be seen" in m for m in messages(risk_class("a", fill, fill, "plain")))


@pytest.mark.parametrize(
    ("fill", "background", "distance"),
    [
        ("#F0D7FF", "#CDD1D7", 11.98),
        ("#CDD1B7", "#CDD1D7", 4.48),
        ("#FFFFE0", "#FFFFFF", 3.05),
        ("#DADADA", "#FFFFFF", 12.95),
    ],
)
def test_a_fill_differs_from_a_background_by_more_than_12(
    fill: str, background: str, distance: float
) -> None:
    least = {
        other: min(difference(fill, other, vision) for vision in VISIONS) for other in WITHOUT_RISK
    }
    assert least[background] == pytest.approx(distance, abs=0.01)
    found = messages(risk_class("a", fill))
    assert [
        any(f"similar to {other}," in message for message in found) for other in WITHOUT_RISK
    ] == [value <= 12 for value in least.values()]


def test_each_fault_says_what_to_do_in_both_languages_and_names_its_class() -> None:
    green, yellow, orange, red = FOUR_COLOURS
    same_letter = find_faults((green, yellow._replace(letter="H"), orange, red))
    assert same_letter == [
        (
            1,
            Bilingual(
                "green dan yellow memakai huruf yang sama, H: pilih huruf lain.",
                "green and yellow have the same letter, H: choose another letter.",
            ),
        )
    ]
    twins = find_faults((green, yellow, orange, red._replace(fill="#D96200", mark="#FFD9A8")))
    assert twins == [
        (
            3,
            Bilingual(
                "warna orange (#D96200) dan red (#D96200) terlalu mirip untuk mata biasa: buat "
                "salah satu warna lebih terang, lebih gelap atau lebih biru.",
                "the colours of orange (#D96200) and red (#D96200) are too alike for ordinary "
                "eyes: make one of the colours lighter, darker or bluer.",
            ),
        ),
        (
            3,
            Bilingual(
                "warna orange dan red sama terangnya di cetakan abu-abu: buat salah satu warna "
                "lebih terang atau lebih gelap.",
                "the colours of orange and red are equally light in grey print: make one of the "
                "colours lighter or darker.",
            ),
        ),
    ]
    same_pattern = find_faults((green, yellow, orange, red._replace(pattern="stripes")))
    assert same_pattern == [
        (
            3,
            Bilingual(
                "orange dan red bersebelahan dan memakai pola yang sama, stripes: pilih plain, "
                "dots, stripes atau lattice.",
                "orange and red are neighbours and have the same pattern, stripes: choose plain, "
                "dots, stripes or lattice.",
            ),
        )
    ]
    hidden_pattern = find_faults((green, yellow._replace(mark="#FFE455"), orange, red))
    assert hidden_pattern == [
        (
            1,
            Bilingual(
                "pola yellow tidak terlihat: #FFE455 terlalu mirip dengan #FFE455. Buat mark lebih "
                "terang atau lebih gelap.",
                "the pattern of yellow cannot be seen: #FFE455 is too similar to #FFE455. Make "
                "mark lighter or darker.",
            ),
        )
    ]
    as_unknown = find_faults((green._replace(fill="#CDD1D7"), orange, red))
    assert as_unknown == [
        (
            0,
            Bilingual(
                "warna green terlalu mirip dengan #CDD1D7, warna wilayah tanpa risiko atau latar "
                "peta: pilih warna yang lebih kuat.",
                "the colour of green is too similar to #CDD1D7, the colour of areas without a "
                "risk or of the background of the map: choose a stronger colour.",
            ),
        ),
        (
            0,
            Bilingual(
                "warna green terlalu mirip dengan #E6EDEF, warna wilayah tanpa risiko atau latar "
                "peta: pilih warna yang lebih kuat.",
                "the colour of green is too similar to #E6EDEF, the colour of areas without a "
                "risk or of the background of the map: choose a stronger colour.",
            ),
        ),
    ]
