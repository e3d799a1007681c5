"""A band says since when the data is, if the newest published day is more than two days old."""

from datetime import datetime, timedelta, tzinfo

import pytest
from fastapi.testclient import TestClient

from api.http import kept_answers
from api.services import days
from tests.api.hostile import LAST

BAND = {
    "id": "Data terakhir adalah data {}15 Juli 2021. Warna hari ini belum terbit.",
    "en": "The newest data is of {}15 July 2021. Today&#39;s colours are not published yet.",
}
SHORT = {"id": "Data terakhir: 15 Juli 2021", "en": "Newest data: 15 July 2021"}


def days_later(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Today is some days after the newest published day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            later = LAST + timedelta(days=number)
            return cls(later.year, later.month, later.day, 12, tzinfo=tz)

    monkeypatch.setattr(days, "datetime", Clock)
    # Kept answers are thrown away when the date changes.
    monkeypatch.setattr(kept_answers, "datetime", Clock)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("query", ["", "&date=2021-07-14", "&date=latest"])
def test_the_map_says_that_the_newest_data_is_old_after_two_days(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, language: str, query: str
) -> None:
    path = f"/map?lang={language}{query}"
    tags = []
    for number, is_old in ((0, False), (2, False), (3, True)):
        days_later(monkeypatch, number)
        answer = client.get(path)
        assert (BAND[language].format("") in answer.text) == is_old
        tags.append(answer.headers["etag"])
    assert tags[0] == tags[1] != tags[2]
    assert client.get(path, headers={"If-None-Match": tags[1]}).status_code == 200
    assert client.get(path, headers={"If-None-Match": tags[2]}).status_code == 304


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_frame_of_the_newest_day_says_it_in_its_corner_and_a_frame_of_a_chosen_day_does_not(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for number, is_old in ((2, False), (3, True)):
        days_later(monkeypatch, number)
        frame = client.get(f"/embed?lang={language}").text
        assert (SHORT[language] in frame) == is_old
        assert BAND[language].format("") not in frame
        assert 'class="old"' not in client.get(f"/embed?lang={language}&date={LAST}").text


@pytest.mark.parametrize("path", ["/", "/wilayah/33.74", "/tempat"])
def test_the_pages_of_the_portal_say_it_from_the_same_day_on(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for number, is_old in ((2, False), (3, True)):
        days_later(monkeypatch, number)
        answer = client.get(path)
        assert (BAND["id"].format("Kamis, ") in answer.text) == is_old
