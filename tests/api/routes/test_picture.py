"""The picture of a day over HTTP, and on the pages of the portal."""

import io
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from zoning import City

LAST = date(2021, 7, 15)


@pytest.fixture(scope="module")
def run(small_city: City) -> str:
    return small_city.public(5).published_key(LAST).run


def test_the_picture_of_a_run_is_one_png_that_never_changes(client: TestClient, run: str) -> None:
    answer = client.get(f"/picture/{run}.png", params={"width": 300})
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(answer.content)).width == 300
    again = client.get(
        f"/picture/{run}.png?width=300", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/picture/{run}.png").content != answer.content


def test_the_picture_of_latest_is_that_of_the_newest_run_for_a_minute(
    client: TestClient, run: str
) -> None:
    newest = client.get("/picture/latest.png")
    assert newest.content == client.get(f"/picture/{run}.png").content
    assert newest.headers["cache-control"] == "public, max-age=60"


def test_two_days_have_two_pictures_and_a_day_always_the_same(
    client: TestClient, small_city: City, run: str
) -> None:
    other = small_city.public(5).published_key(date(2021, 7, 1)).run
    pictures = [client.get(f"/picture/{each}.png").content for each in (run, other, run)]
    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("latest.png?width=119", 422, "invalid-parameter"),
        ("latest.png?width=1601", 422, "invalid-parameter"),
        ("latest.png?width=1_000", 422, "invalid-parameter"),
        ("latest.png?width=3e2", 422, "invalid-parameter"),
        ("latest.png?width=", 422, "invalid-parameter"),
        ("latest.png?width=300&width=400", 422, "invalid-parameter"),
        ("latest.png?widht=300", 422, "unknown-parameter"),
        ("latest.png?lebar=300", 422, "unknown-parameter"),
        ("0123456789abcdef.png", 404, "no-run"),
        ("ABC.png", 422, "invalid-parameter"),
        (f"{'a' * 65}.png", 422, "invalid-parameter"),
    ],
)
def test_a_width_or_a_run_that_does_not_exist_has_a_sentence_and_is_not_stored(
    client: TestClient, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/picture/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"


def test_an_unknown_run_answers_404_even_if_the_client_claims_to_have_it(
    client: TestClient,
) -> None:
    answer = client.get("/picture/0123456789abcdef.png", headers={"If-None-Match": "*"})
    assert answer.status_code == 404


@pytest.mark.parametrize(("path", "language"), [("/", "id"), ("/?lang=en", "en")])
def test_the_first_page_shows_the_picture_with_its_size_and_its_content_in_words(
    client: TestClient, small_city: City, run: str, path: str, language: str
) -> None:
    html = client.get(path).text
    found = re.search(
        r'<img src="(/picture/[^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"', html
    )
    assert found is not None
    address, width, height, words = found.groups()
    assert address == f"/picture/{run}.png?width=720"
    assert Image.open(io.BytesIO(client.get(address).content)).size == (int(width), int(height))
    zones = small_city.zones(LAST)
    names = small_city.boundaries("kecamatan").set_index("code")["name"]
    for risk, colours in ((3, ("Merah", "Red")), (2, ("Oranye", "Orange"))):
        coloured = zones[zones["risk"] == risk]
        by_kecamatan = coloured["code"].str[:8].value_counts()
        candidates = [
            names[code] for code in by_kecamatan[by_kecamatan == by_kecamatan.max()].index
        ]
        assert any(
            f"{colours[language == 'en']}: {len(coloured)} RT" in words and name in words
            for name in candidates
        )


@pytest.mark.parametrize("path", ["/", "/rt/33.74.01.1003-001-001", "/wilayah/33.74.01?lang=en"])
def test_a_shared_page_names_its_picture_with_a_full_address_and_its_size(
    client: TestClient, run: str, path: str
) -> None:
    meta = dict(
        re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)">', client.get(path).text)
    )
    assert meta["og:image"] == f"http://testserver/picture/{run}.png?width=1200"
    picture = client.get(meta["og:image"])
    size = (int(meta["og:image:width"]), int(meta["og:image:height"]))
    assert Image.open(io.BytesIO(picture.content)).size == size
    assert meta["og:image:alt"]
    assert len(picture.content) < 300_000  # WhatsApp shows no larger picture


def test_an_earlier_day_shows_its_own_picture(client: TestClient, small_city: City) -> None:
    earlier = small_city.public(5).published_key(date(2021, 7, 10)).run
    assert f"/picture/{earlier}.png?width=720" in client.get("/?date=2021-07-10").text
