"""Classes of a rule: distinguishable colours, line numbers in the file, colours in pictures."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from geodata.language import Bilingual
from tests.four_colours import COLOURS
from tests.rules_of_a_city import EXAMPLE_TEXT, five_classes
from zoning.drawing.packing import packed_risks
from zoning.drawing.palette import GROUND, OTHER, UNKNOWN, rgb, tints_of
from zoning.risk import FOUR_COLOURS, NO_RISK, Pattern, RiskClass
from zoning.rules.contrast import WITHOUT_RISK, find_faults
from zoning.rules.toml_lines import find_line
from zoning.tiles.formats.tints import TileColours
from zoning.tiles.pictures import Kind, Picture, paint

PATTERNS: tuple[Pattern, ...] = ("plain", "dots", "stripes", "lattice")
EIGHT = tuple(
    RiskClass(f"c{n}", Bilingual(f"c{n}", f"c{n}"), "ABCDEFGH"[n], fill, "#FFFFFF", pattern)
    for n, (fill, pattern) in enumerate(
        zip(
            (
                "#000000",
                "#202060",
                "#40A0A0",
                "#806000",
                "#A00040",
                "#C0C000",
                "#E08080",
                "#F0F0A0",
            ),
            PATTERNS * 2,
            strict=True,
        )
    )
)


def decode(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))


def dense_picture(n_areas: int) -> Picture:
    """A picture with one row of pixels for each area, stored as numbers."""
    numbers = np.repeat(np.arange(256, dtype=np.uint16)[:, None] % (n_areas + 1), 256, axis=1)
    return Picture(256, Kind(0), np.arange(n_areas, dtype=np.int32), numbers.tobytes())


def test_the_four_colours_pass_the_check_for_rules_of_a_city() -> None:
    assert find_faults(FOUR_COLOURS) == []


def test_a_class_with_the_colour_of_areas_without_a_risk_is_a_fault() -> None:
    assert set(WITHOUT_RISK) == {OTHER.fill, UNKNOWN.fill, GROUND}
    for background in WITHOUT_RISK:
        pale = FOUR_COLOURS[0]._replace(fill=background)
        assert any(
            background in message.en for _, message in find_faults((pale, *FOUR_COLOURS[1:]))
        )


@pytest.mark.parametrize(
    ("lower", "higher", "phrase"),
    [
        ("#C04040", "#607040", "alike for"),  # red and green, for red-green blindness
        ("#3A78C2", "#B05A3C", "grey print"),  # equal lightness
    ],
)
def test_colours_that_some_readers_cannot_distinguish_are_faults(
    lower: str, higher: str, phrase: str
) -> None:
    classes = (
        FOUR_COLOURS[0]._replace(fill=lower),
        FOUR_COLOURS[3]._replace(fill=higher),
    )
    assert any(phrase in message.en for _, message in find_faults(classes))


@pytest.mark.parametrize("pattern", [False, True])
@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_a_picture_shows_each_class_in_its_fill(n: int, pattern: bool) -> None:  # noqa: FBT001
    classes = tuple(risk_class._replace(pattern="plain") for risk_class in EIGHT[:n])
    risks = np.array([*range(n), NO_RISK], dtype=np.uint8)
    pixels = decode(paint(dense_picture(n + 1), risks, TileColours(classes), pattern=pattern))
    for row, tint in enumerate((*tints_of(classes), OTHER), start=1):
        assert (pixels[row] == (*rgb(tint.fill), 255)).all()
    assert (pixels[0, :, 3] == 0).all()


@pytest.mark.parametrize("pattern", [False, True])
def test_a_picture_with_eight_bits_per_pixel_equals_the_picture_with_four(pattern: bool) -> None:  # noqa: FBT001
    wide = TileColours(FOUR_COLOURS)
    wide.depth = 8
    risks = np.array([0, 1, 2, 3, NO_RISK], dtype=np.uint8)
    assert COLOURS.depth == 4
    four_bit, eight_bit = (
        paint(dense_picture(5), risks, colours, pattern=pattern) for colours in (COLOURS, wide)
    )
    assert four_bit[24] == 4  # the depth in a PNG's header
    assert eight_bit[24] == 8
    assert (decode(four_bit) == decode(eight_bit)).all()


@pytest.mark.parametrize(("n", "bits"), [(2, 2), (4, 2), (5, 4), (8, 4)])
def test_packed_risks_are_unpacked_for_any_number_of_classes(n: int, bits: int) -> None:
    risks = np.array([*range(n), NO_RISK, n - 1], dtype=np.uint8)
    packed = int.from_bytes(base64.b64decode(packed_risks(risks, n)), "little")
    unpacked = [packed >> (bits * place) & ((1 << bits) - 1) for place in range(len(risks))]
    assert unpacked == [*range(n), 0, n - 1]


@pytest.mark.parametrize("text", [EXAMPLE_TEXT, five_classes()], ids=["three", "five"])
def test_an_entry_of_a_file_is_found_on_its_line(text: str) -> None:
    lines = text.splitlines()
    assert lines[find_line(text, ("window",)) - 1] == "window = 21"
    assert lines[find_line(text, ("in_force", "since")) - 1].startswith("in_force")
    second = [k for k, line in enumerate(lines, start=1) if line == "[[classes]]"][1]
    assert find_line(text, ("classes", 1)) == second
    assert lines[find_line(text, ("classes", 1, "fill")) - 1].startswith("fill")
    assert find_line(text, ("classes", 1, "fill")) > second
    assert find_line(text, ("nowhere",)) == 1


def test_keys_in_a_multiline_text_are_ignored() -> None:
    assert find_line('a = """\nb = 1\n"""\nb = 2\n', ("b",)) == 4
