"""The parameter bbox in degrees: a box needs a width and a height."""

import math

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.errors import add_error_handlers
from api.http.parameters import Box


@pytest.fixture(scope="module")
def client() -> TestClient:
    """An application with a path that answers with its box."""
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
def test_a_box_with_any_width_and_height_is_read_exactly(
    client: TestClient, box: tuple[float, ...]
) -> None:
    answer = client.get("/box", params={"bbox": ",".join(map(repr, box))})
    assert (answer.status_code, answer.json()) == (200, list(box))


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ((110.0, -7.0, 110.0, -6.9), "West must be less than east"),  # without width
        ((110.0, -7.0, 110.5, -7.0), "south less than north"),  # without height
        ((110.0, -7.0, 110.0, -7.0), "West must be less than east"),  # a point
        ((0.0, 0.0, -0.0, 1.0), "West must be less than east"),
        ((_NEXT, -7.0, 110.0, -6.9), "West must be less than east"),
        ((110.0, -6.9, 110.5, -7.0), "south less than north"),
        ((-180.0, -90.0, math.nextafter(180.0, 200.0), 90.0), "Longitudes"),
        ((math.nextafter(-180.0, -200.0), -90.0, 180.0, 90.0), "Longitudes"),
        ((-180.0, -90.0, 180.0, math.nextafter(90.0, 100.0)), "Latitudes"),
        ((-180.0, math.nextafter(-90.0, -100.0), 180.0, 90.0), "Latitudes"),
    ],
)
def test_a_box_without_width_or_height_or_beyond_the_world_is_rejected(
    client: TestClient, box: tuple[float, ...], message: str
) -> None:
    answer = client.get("/box", params={"bbox": ",".join(map(repr, box))})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid-parameter"
    assert message in answer.json()["message"]
