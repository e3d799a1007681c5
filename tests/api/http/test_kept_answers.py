"""Kept answers: one read of the database, and any change is seen at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http import kept_answers
from geodata.boundaries import save_boundaries
from geodata.errors import StoreError
from geodata.store import Store
from tests.api.http.test_costs import count_work
from tests.api.routes.test_portal import load
from tests.api.routes.test_records import official_client
from tests.attack.histories import boundaries_after
from tests.cities import small_city as city
from tests.databases import copy_of
from tests.zoning import ward
from tests.zoning.ward import Case
from zoning.days.daily import run_days
from zoning.public.city import PublicCity

RT = city.code(0, 1, 1)
PAGES = (
    *(
        "/",
        f"/rt/{RT}",
        f"/zones/{RT}",
        "/summary",
        "/wilayah",
        f"/wilayah/{city.VILLAGES[0].code}",
    ),
    *("/tentang", "/aturan"),
)
CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]
LAST = 8
PLACE = {"id": "A", "jenis": "RS", "nama": "RS A", "kelurahan": city.VILLAGES[0].code,
         "kapasitas": 40, "terisi": 3}  # fmt: skip
DOSES = {"indikator": "Vaksinasi dosis 1", "tanggal": "2021-06-08", "wilayah": "33.74"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a city with eight published days; no test changes it."""
    with ward.open_ward(tmp_path_factory.mktemp("kept"), CASES) as store:
        run_days(store, None, ward.days(0, LAST - 1), today=ward.TODAY)
        return store.url


@pytest.fixture(scope="module")
def reader(url: str) -> Iterator[TestClient]:
    """A client of the city that no test changes."""
    with official_client(url) as opened:
        yield opened


@pytest.fixture
def office(url: str, tmp_path: Path) -> Iterator[TestClient]:
    """A client with the token, for a copy of the city."""
    with official_client(copy_of(url, tmp_path)) as opened:
        yield opened


def store_of(client: TestClient) -> Store:
    store: Store = client.app.state.official.city.store  # type: ignore[attr-defined]
    return store


def public_city(client: TestClient) -> PublicCity:
    public: PublicCity = client.app.state.public.city  # type: ignore[attr-defined]
    return public


def statements(client: TestClient, path: str) -> int:
    with count_work() as work:
        assert client.get(path).status_code == 200
    return work.statements


def without_kept_answers(client: TestClient, path: str) -> Any:
    """The answer that the route makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_answers, "_may_be_kept", lambda _: False)
        return client.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_a_repeated_request_reads_one_moment_and_gets_the_same_answer(
    reader: TestClient, path: str
) -> None:
    first = reader.get(path)
    assert statements(reader, path) == 1
    again = reader.get(path)
    assert (again.content, again.headers) == (first.content, first.headers)
    assert again.headers["etag"] == without_kept_answers(reader, path).headers["etag"]


def case(number: int, village: int, day: int) -> dict[str, Any]:
    """A confirmed case in a house of its own."""
    nik = f"33740101010100{number:02}"
    place = {"kelurahan": city.VILLAGES[village].code, "rw": 1, "rt": 1}
    return {"id_kasus": f"N{number}", "nik": nik, "no_kk": nik[::-1], **place,
            "status": "konfirmasi", "tgl_konfirmasi": str(ward.day(day))}  # fmt: skip


def publish_a_day(client: TestClient) -> None:
    run_days(store_of(client), None, ward.days(LAST, LAST), today=ward.TODAY)


def change_the_newest_day(client: TestClient) -> None:
    load(client, "cases", *(case(n, 0, LAST) for n in range(6)))
    run_days(store_of(client), None, ward.days(LAST, LAST), today=ward.TODAY)


def load_boundaries(client: TestClient) -> None:
    save_boundaries(store_of(client), boundaries_after(), "later", {}, in_force=ward.day(LAST))


CHANGES: list[tuple[Callable[[TestClient], None], tuple[str, ...]]] = [
    (publish_a_day, ("/", f"/rt/{RT}", "/tentang")),
    (change_the_newest_day, ("/", f"/rt/{RT}", f"/zones/{RT}", "/summary", "/wilayah")),
    (lambda office: load(office, "places", PLACE), ("/",)),
    (lambda office: load(office, "indicators", {**DOSES, "nilai": 1200}), ("/",)),
    (load_boundaries, ("/",)),
]
"""Changes of the city, and paths whose answers they change."""


def test_a_change_of_the_city_is_seen_at_once(office: TestClient) -> None:
    for change, paths in CHANGES:
        before = {path: office.get(path) for path in PAGES}
        assert all(statements(office, path) == 1 for path in PAGES)
        change(office)
        for path, answer in before.items():
            after = office.get(path)
            made = without_kept_answers(office, path)
            assert (after.content, after.headers) == (made.content, made.headers)
            assert office.get(path).content == made.content
            assert path not in paths or after.headers["etag"] != answer.headers["etag"]
            # The first page shows the boundaries of today nowhere but in its ETag.
            if path in paths and change is not load_boundaries:
                assert after.content != answer.content


def test_a_write_that_changes_no_answer_keeps_the_answer(office: TestClient) -> None:
    before = office.get("/")
    load(office, "cases", case(9, 2, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.routes.portal.render", None)  # the page is not made again
        after = office.get("/")
    assert (after.content, after.headers) == (before.content, before.headers)
    assert statements(office, "/") == 1


def test_a_page_of_yesterday_is_made_again(
    reader: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.get("/")
    assert statements(reader, "/") == 1

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=1)

    monkeypatch.setattr(kept_answers, "datetime", Tomorrow)
    assert statements(reader, "/") > 1
    assert statements(reader, "/") == 1


def test_answers_differ_by_language_day_encoding_and_host(reader: TestClient) -> None:
    requests: list[tuple[str, dict[str, str]]] = [
        ("/", {}),
        ("/?lang=en", {}),
        (f"/?date={ward.day(3)}", {}),
        ("/", {"Accept-Encoding": "gzip"}),
        ("/", {"Accept-Encoding": "identity"}),
        ("/", {"Host": "other.example"}),
    ]
    for _ in range(2):
        answers = [reader.get(path, headers=headers) for path, headers in requests]
        assert len({answer.headers["etag"] for answer in answers}) == len(requests)
        assert ["en" if 'lang="en"' in answer.text[:200] else "id" for answer in answers] == [
            *("id", "en", "id", "id", "id", "id")
        ]
        assert answers[3].headers["content-encoding"] == "gzip"
        assert "content-encoding" not in answers[4].headers
        assert "other.example" in answers[5].text
        assert "other.example" not in answers[0].text


def test_a_client_with_the_kept_answer_gets_304_without_a_body(reader: TestClient) -> None:
    answer = reader.get("/")
    for tag in (answer.headers["etag"], f"W/{answer.headers['etag']}", '"x", *', "*"):
        kept = reader.get("/", headers={"If-None-Match": tag})
        made = without_kept_answers(reader, "/")
        expected = 200 if tag == '"x", *' else 304
        assert (kept.status_code, made.status_code) == (expected, 200)
        assert kept.headers["etag"] == answer.headers["etag"]
        assert kept.headers["cache-control"] == answer.headers["cache-control"]
        assert "Accept-Encoding" in kept.headers["vary"]
        assert bool(kept.content) == (expected == 200)
    head = reader.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("path", ["/rt/33.74.99", "/?lang=xx", "/?date=1999-01-01"])
def test_no_error_is_kept(reader: TestClient, path: str) -> None:
    first = reader.get(path)
    assert first.status_code in {404, 422}
    assert reader.get(path).status_code == first.status_code
    assert "kept answer" not in {kind for kind, _ in kinds(reader)}


def kinds(client: TestClient) -> list[tuple[str, int]]:
    cache = client.app.state.official.city.cache  # type: ignore[attr-defined]
    return [(kind.rpartition("/")[2], n) for kind, (n, _) in cache.by_kind().items()]


def test_a_large_answer_is_not_kept(office: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "LARGEST_BODY", 100)
    first = office.get("/").content
    assert statements(office, "/") > 1
    assert office.get("/").content == first


def test_the_address_of_a_kept_answer_counts_and_a_long_query_is_not_kept(
    office: TestClient,
) -> None:
    def kept_bytes(path: str, host: str) -> int:
        before = cache.bytes
        office.get(path, headers={"Host": host})
        return int(cache.bytes - before)

    cache = office.app.state.official.city.cache  # type: ignore[attr-defined]
    kept_bytes("/aturan", "warm.example")
    short, long = kept_bytes("/aturan", "a.example"), kept_bytes("/aturan", f"{'a' * 900}.example")
    assert short > 1000
    assert long >= short + 899
    assert kept_bytes(f"/aturan?utm={'x' * kept_answers.LONGEST_QUERY}", "a.example") == 0


def test_a_database_that_does_not_answer_gives_the_error_of_the_route(
    office: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.get("/")

    def fail(*_: object) -> None:
        raise StoreError("database-lost", "Lost.", indonesian="Hilang.")

    monkeypatch.setattr(Store, "read", fail)
    answer = office.get("/summary")
    assert (answer.status_code, answer.json()["code"]) == (503, "database-lost")


def test_the_moment_of_the_last_write_changes_with_every_transaction(office: TestClient) -> None:
    moments = [public_city(office).last_write()]
    for _ in range(3):
        with store_of(office).transaction():
            pass
        moments.append(public_city(office).last_write())
    assert moments == sorted(set(moments))
    assert moments[-1] - datetime.now(UTC).replace(tzinfo=None) < timedelta(minutes=1)
