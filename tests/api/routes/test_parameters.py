"""A box in degrees, as every path takes it: accepted where it has some width and height."""

import math

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.errors import add_error_handlers
from api.http.parameters import Box


@pytest.fixture(scope="module")
def boxes() -> TestClient:
    """A path that answers with the box it was given."""
    app = FastAPI()
    add_error_handlers(app)

    @app.get("/box")
    def _(box: Box) -> list[float]:
        return list(box or ())

    return TestClient(app)


_NEXT = math.nextafter(110.0, 200.0)


@pytest.mark.parametrize(
    "box",
    [
        (110.0, -7.0, 110.5, -6.9),
        (110.0, -7.0, _NEXT, -6.9),
        (110.0, -7.0, 110.5, math.nextafter(-7.0, 0.0)),
        (-180.0, -90.0, 180.0, 90.0),
    ],
)
def test_a_box_with_any_width_and_height_is_taken_to_the_last_bit(
    boxes: TestClient, box: tuple[float, ...]
) -> None:
    answer = boxes.get("/box", params={"bbox": ",".join(map(repr, box))})
    assert (answer.status_code, answer.json()) == (200, list(box))


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((110.0, -7.0, 110.0, -6.9), "west must be less than east"),  # without width
        ((110.0, -7.0, 110.5, -7.0), "south less than north"),  # without height
        ((110.0, -7.0, 110.0, -7.0), "west must be less than east"),  # a point
        ((0.0, 0.0, -0.0, 1.0), "west must be less than east"),
        ((_NEXT, -7.0, 110.0, -6.9), "west must be less than east"),
        ((110.0, -6.9, 110.5, -7.0), "south less than north"),
        ((-180.0, -90.0, math.nextafter(180.0, 200.0), 90.0), "longitudes"),
        ((math.nextafter(-180.0, -200.0), -90.0, 180.0, 90.0), "longitudes"),
        ((-180.0, -90.0, 180.0, math.nextafter(90.0, 100.0)), "latitudes"),
        ((-180.0, math.nextafter(-90.0, -100.0), 180.0, 90.0), "latitudes"),
    ],
)
def test_a_box_without_width_or_height_or_beyond_the_world_is_refused(
    boxes: TestClient, box: tuple[float, ...], said: str
) -> None:
    answer = boxes.get("/box", params={"bbox": ",".join(map(repr, box))})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid-parameter"
    assert said in answer.json()["message"]
