"""Classes of a rule: distinguishable, located in their file, painted in their colours."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from geodata.language import Bilingual
from tests.city_rules import EXAMPLE_TEXT, five_classes
from tests.four_colours import COLOURS
from zoning.drawing.packing import pack_risks
from zoning.drawing.palette import MAP_BACKGROUND, OTHER, UNKNOWN, class_tints, rgb
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


def decoded(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))


def dense(n_areas: int) -> Picture:
    """A picture in which each area is a row of pixels, stored as numbers."""
    numbers = np.repeat(np.arange(256, dtype=np.uint16)[:, None] % (n_areas + 1), 256, axis=1)
    return Picture(256, Kind(0), np.arange(n_areas, dtype=np.int32), numbers.tobytes())


def test_the_four_colours_pass_the_check_of_a_citys_own_classes() -> None:
    assert find_faults(FOUR_COLOURS) == []


def test_the_check_keeps_classes_apart_from_areas_without_a_risk() -> None:
    assert set(WITHOUT_RISK) == {OTHER.fill, UNKNOWN.fill, MAP_BACKGROUND}
    for colour in WITHOUT_RISK:
        pale = FOUR_COLOURS[0]._replace(fill=colour)
        assert any(colour in sentence.en for _, sentence in find_faults((pale, *FOUR_COLOURS[1:])))


@pytest.mark.parametrize(
    ("lower", "higher", "message"),
    [
        ("#C04040", "#607040", "alike for"),  # alike for some colour-blind readers
        ("#3A78C2", "#B05A3C", "grey print"),  # equally light
    ],
)
def test_colours_that_some_readers_cannot_distinguish_are_rejected(
    lower: str, higher: str, message: str
) -> None:
    classes = (
        FOUR_COLOURS[0]._replace(fill=lower),
        FOUR_COLOURS[3]._replace(fill=higher),
    )
    assert any(message in sentence.en for _, sentence in find_faults(classes))


@pytest.mark.parametrize("pattern", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3, 5, 8])
def test_a_picture_shows_each_class_in_its_fill(n_classes: int, pattern: bool) -> None:  # noqa: FBT001
    classes = tuple(risk_class._replace(pattern="plain") for risk_class in EIGHT[:n_classes])
    risks = np.array([*range(n_classes), NO_RISK], dtype=np.uint8)
    pixels = decoded(paint(dense(n_classes + 1), risks, TileColours(classes), pattern=pattern))
    for row, tint in enumerate((*class_tints(classes), OTHER), start=1):
        assert (pixels[row] == (*rgb(tint.fill), 255)).all()
    assert (pixels[0, :, 3] == 0).all()


@pytest.mark.parametrize("pattern", [False, True])
def test_eight_and_four_bits_per_pixel_show_the_same_pixels(pattern: bool) -> None:  # noqa: FBT001
    wide = TileColours(FOUR_COLOURS)
    wide.depth = 8
    risks = np.array([0, 1, 2, 3, NO_RISK], dtype=np.uint8)
    assert COLOURS.depth == 4
    narrow_png, wide_png = (
        paint(dense(5), risks, palette, pattern=pattern) for palette in (COLOURS, wide)
    )
    assert narrow_png[24] == 4  # the depth in a PNG's header
    assert wide_png[24] == 8
    assert (decoded(narrow_png) == decoded(wide_png)).all()


@pytest.mark.parametrize(("n", "bits"), [(2, 2), (4, 2), (5, 4), (8, 4)])
def test_packed_risks_are_decoded_for_any_number_of_classes(n: int, bits: int) -> None:
    risks = np.array([*range(n), NO_RISK, n - 1], dtype=np.uint8)
    number = int.from_bytes(base64.b64decode(pack_risks(risks, n)), "little")
    decoded_risks = [number >> (bits * k) & ((1 << bits) - 1) for k in range(len(risks))]
    assert decoded_risks == [*range(n), 0, n - 1]


@pytest.mark.parametrize("text", [EXAMPLE_TEXT, five_classes()], ids=["three", "five"])
def test_a_key_of_a_file_is_found_on_its_line(text: str) -> None:
    lines = text.splitlines()
    assert lines[find_line(text, ("window",)) - 1] == "window = 21"
    assert lines[find_line(text, ("in_force", "since")) - 1].startswith("in_force")
    second = [k for k, line in enumerate(lines, start=1) if line == "[[classes]]"][1]
    assert find_line(text, ("classes", 1)) == second
    assert lines[find_line(text, ("classes", 1, "fill")) - 1].startswith("fill")
    assert find_line(text, ("classes", 1, "fill")) > second
    assert find_line(text, ("nowhere",)) == 1


def test_keys_inside_a_multiline_text_are_ignored() -> None:
    assert find_line('a = """\nb = 1\n"""\nb = 2\n', ("b",)) == 4
