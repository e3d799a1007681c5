"""Records over HTTP: closed without a token, loaded as a whole, no personal data in answers."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from api.app import create_app
from api.settings import Settings
from geodata.ledger.audit import audit_lines
from tests.databases import assert_unchanged, copy_of
from zoning import City

TOKEN = "an-official-token-of-some-length"
PERSON = "3374010101010001"
CSV = "text/csv"


@contextmanager
def official_client(url: str) -> Iterator[TestClient]:
    """A client with the token."""
    settings = Settings(database=url, token=SecretStr(TOKEN), upload_megabytes=1)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(settings), raise_server_exceptions=False, headers=bearer) as client:
        yield client


@pytest.fixture
def office(small_database: str, tmp_path: Path) -> Iterator[TestClient]:
    """A client with the token, for a copy of the small city that the test may change."""
    with official_client(copy_of(small_database, tmp_path)) as client:
        yield client


@pytest.fixture(scope="module")
def refusing_office(
    small_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client with the token, for requests that are refused: they leave the database unchanged."""
    url = copy_of(small_database, tmp_path_factory.mktemp("refusing"))
    with assert_unchanged(url), official_client(url) as client:
        yield client


def get_city(client: TestClient) -> City:
    city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    return city


def rows(number: int = 3, first: int = 0) -> pd.DataFrame:
    """Cases with different numbers in one RT of the small city."""
    return pd.DataFrame(
        {
            "id_kasus": [f"POS-{first + n}" for n in range(number)],
            "nama": ["Siti Contoh"] * number,
            "nik": [f"{PERSON[:-4]}{first + n + 1:04}" for n in range(number)],
            "alamat": [f"Jl. Contoh No. {first + n}" for n in range(number)],
            "rt": [1] * number,
            "rw": [1] * number,
            "kelurahan": ["33.74.01.1003"] * number,
            "status": ["konfirmasi"] * number,
            "tgl_konfirmasi": ["2021-07-10"] * number,
        }
    )


def to_file(frame: pd.DataFrame, file_format: str) -> bytes:
    if file_format == "xlsx":
        buffer = io.BytesIO()
        frame.to_excel(buffer, index=False)
        return buffer.getvalue()
    if file_format == "parquet":
        return frame.to_parquet(index=False)
    if file_format == "json":
        return frame.to_json(orient="records").encode()
    return frame.to_csv(index=False).encode()


def post(client: TestClient, body: bytes, media_type: str = CSV, kind: str = "cases") -> Any:
    return client.post(f"/records/{kind}", content=body, headers={"Content-Type": media_type})


PATHS = [("POST", "/records/cases"), ("GET", "/records/cases/rejected")]


# --- access


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_token_in_the_settings_records_are_closed_and_the_error_says_how_to_open_them(
    client: TestClient, method: str, path: str
) -> None:
    answer = client.request(method, path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "officials-closed")
    assert "MIKROZONASI_TOKEN" in answer.json()["message"]


@pytest.mark.parametrize(
    "credentials",
    [None, "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer é"],
)
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_request_without_the_right_token_answers_401(
    refusing_office: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    credentials: str | None,
) -> None:
    monkeypatch.delitem(refusing_office.headers, "Authorization")
    headers = {} if credentials is None else {"Authorization": credentials.encode()}
    answer = refusing_office.request(method, path, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (401, "token-wanted")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("token", ["short", "with a space in it", "é" * 20])
def test_a_weak_token_is_rejected_and_not_repeated(token: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings(token=SecretStr(token))
    assert token not in str(error.value)


def test_an_empty_token_is_no_token() -> None:
    assert Settings(token=SecretStr("")).token is None


def test_no_cache_stores_and_no_other_site_reads_an_answer_for_officials(
    office: TestClient,
) -> None:
    answer = office.get("/records/cases/rejected", headers={"Origin": "https://example.org"})
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    preflight = office.options(
        "/records/cases",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers


# --- files


@pytest.mark.parametrize(
    ("file_format", "media_type"),
    [
        ("csv", CSV),
        ("csv", "text/plain; charset=utf-8"),
        ("csv", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xlsx", "application/octet-stream"),
        ("parquet", "application/vnd.apache.parquet"),
        ("json", "application/json"),
        ("json", "application/octet-stream"),
    ],
)
def test_every_file_format_loads_the_same_records(
    office: TestClient, file_format: str, media_type: str
) -> None:
    first = post(office, to_file(rows(), file_format), media_type)
    assert first.status_code == 200, first.text
    assert (first.json()["read"], first.json()["new"], first.json()["rejected"]) == (3, 3, 0)
    assert first.json()["placed"]["address"] == 3
    second = post(office, to_file(rows(), "csv")).json()
    assert (second["new"], second["unchanged"], second["batch"]) == (0, 3, first.json()["batch"])


def test_geojson_points_are_placed_by_their_coordinates(office: TestClient) -> None:
    point = get_city(office).boundaries().geometry.iloc[5].representative_point()
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.x, point.y]},
        "properties": {"id_kasus": "G-1", "status": "konfirmasi", "tgl_konfirmasi": "2021-07-10"},
    }
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    report = post(office, body, "application/geo+json").json()
    assert (report["new"], report["placed"]["coordinates"]) == (1, 1)


def test_rejected_rows_have_reasons_and_no_personal_data(
    office: TestClient,
) -> None:
    cases = rows().assign(status=["konfirmasi", "entah", "konfirmasi"])
    report = post(office, to_file(cases, "csv")).json()
    assert (report["new"], report["rejected"]) == (2, 1)
    [rejection] = report["rejections"]
    assert (rejection["row"], rejection["reasons"][0]["code"]) == (3, "status-unknown")
    page = office.get("/records/cases/rejected", params={"limit": 1, "offset": 0})
    assert page.json()["numberReturned"] == 1
    rejected = [
        row
        for row in office.get("/records/cases/rejected").json()["rows"]
        if row["record"].get("case_id") == "POS-1"
    ]
    assert [reason["code"] for reason in rejected[0]["reasons"]] == ["status-unknown"]
    for text in (json.dumps(report), json.dumps(rejected)):
        assert PERSON not in text
        assert "Siti" not in text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rejected_rows_can_be_saved_as_a_table(office: TestClient, form: str) -> None:
    post(office, to_file(rows().assign(status="=entah()"), "csv"))
    answer = office.get("/records/cases/rejected", params={"format": form})
    assert "attachment" in answer.headers["content-disposition"]
    content = io.BytesIO(answer.content)
    table = (
        pd.read_excel(content, dtype=str, engine="openpyxl")
        if form == "xlsx"
        else pd.read_csv(content, dtype=str)
    )
    assert set(table["status"][table["case_id"].fillna("").str.startswith("POS")]) == {"'=entah()"}


# --- invalid input


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"", CSV, 422, "empty-file"),
        (b"\n\n", "application/json", 422, "empty-file"),
        (b"[]", "application/json", 422, "empty-file"),
        (b"{broken", "application/json", 422, "unreadable"),
        (b"[1, 2]", "application/json", 422, "unreadable"),
        (b"17", "application/json", 422, "unreadable"),
        (b'"text"', "application/json", 422, "unreadable"),
        (b'{"features": 5}', "application/geo+json", 422, "unreadable"),
        (b'{"features": [{"properties": 5}]}', "application/geo+json", 422, "empty-file"),
        (b'{"features": [{"geometry": 5}]}', "application/geo+json", 422, "no-usable-columns"),
        (b'{"features": [], "crs": [1]}', "application/geo+json", 422, "unreadable"),
        (b"[" * 100_000, "application/json", 422, "unreadable"),
        (b"[" + b"9" * 10_000 + b"]", "application/json", 422, "unreadable"),
        (b'[{"status": "\\ud800"}]', "application/json", 422, "unreadable"),
        (b"\xff\xfe\xfd", "application/json", 422, "unreadable"),
        (b'[{"apa": 1}]', "application/json", 422, "no-usable-columns"),
        (b"PAR1 no more", "application/octet-stream", 422, "unreadable"),
        (b"PK\x03\x04 no more", "application/octet-stream", 422, "unreadable"),
        (b"PK\x03\x04 no more", CSV, 422, "unreadable"),
        (b"%PDF-1.7", "application/octet-stream", 422, "unreadable"),
        (b"a,b\n1,2\n", CSV, 422, "no-usable-columns"),
        (b"x" * 1_000_001, CSV, 413, "too-large"),
        (b"<a/>", "application/xml", 415, "content-type"),
    ],
)
def test_an_unreadable_file_is_rejected_with_a_sentence(
    refusing_office: TestClient, body: bytes, media_type: str, status: int, code: str
) -> None:
    answer = post(refusing_office, body, media_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.json()["message"]) < 1000


def test_the_size_limit_holds_for_a_chunked_body(office: TestClient) -> None:
    pieces = (b"x" * 100_000 for _ in range(20))
    answer = office.post("/records/cases", content=pieces, headers={"Content-Type": CSV})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "record",
    [
        {"status": float("nan"), "lon": float("inf")},
        {"status": True, "tgl_konfirmasi": 20210710, "lon": -0.0, "lat": 1e300},
        {"status": {"a": ["b"]}, "alamat": ["x"], "nik": PERSON},
        {"status": "konfirmasi", "tgl_konfirmasi": "2021-07-10", "alamat": "Jl. 名前 \U0001f3e0 ٣"},
        {"status": "konfirmasi", "tgl_konfirmasi": "9999-99-99"},
        {"": "", "status": "konfirmasi"},
    ],
)
def test_rows_with_unusual_cells_are_loaded_or_rejected(
    office: TestClient, record: dict[str, Any]
) -> None:
    answer = post(office, json.dumps([record]).encode(), "application/json")
    assert answer.status_code == 200, answer.text
    assert answer.json()["read"] == answer.json()["new"] + answer.json()["rejected"]


def test_no_null_character_reaches_the_database(office: TestClient) -> None:
    record = {"id_kasus": "\x00A", "status": "konfirmasi\x00", "tgl_konfirmasi": "2021-07-10"}
    body = json.dumps([record]).encode()
    assert post(office, body, "application/json").json()["new"] == 1
    cases = get_city(office).cases()
    assert "A" in set(cases["case_id"])


def test_an_unexpected_error_discloses_no_value_of_a_record(
    office: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(PERSON)

    monkeypatch.setattr("api.routes.records.load_sheet", fail)
    answer = post(office, to_file(rows(), "csv"))
    assert (answer.status_code, answer.json()["code"]) == (500, "intake-failed")
    assert PERSON not in answer.text + caplog.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/records/cases", 405),
        ("DELETE", "/records/cases", 405),
        ("POST", "/records/wrong", 422),
        ("POST", "/records/cases/rejected", 405),
        ("GET", "/records/cases/rejected?limit=0", 422),
        ("GET", "/records/cases/rejected?format=pdf", 422),
        ("GET", "/records", 404),
    ],
)
def test_an_unknown_path_method_or_value_is_rejected(
    refusing_office: TestClient, method: str, path: str, status: int
) -> None:
    answer = refusing_office.request(method, path)
    assert answer.status_code == status
    assert {"code", "message"} <= answer.json().keys()


# --- options, concurrency and audit


def test_options_choose_how_rows_change_known_records(office: TestClient) -> None:
    assert post(office, to_file(rows(1), "csv")).json()["new"] == 1
    without_address = rows(1)[["id_kasus", "status", "tgl_konfirmasi"]].assign(alamat="")
    body = to_file(without_address, "csv")
    assert post(office, body).json()["unchanged"] == 1
    replaced = office.post("/records/cases?replace=true", content=body)
    assert (replaced.status_code, replaced.json()["corrected"]) == (200, 1)
    moved = post(office, to_file(rows(1).assign(rt=2), "csv")).json()["moved"]
    assert [record["id"] for record in moved] == ["POS-0"]
    other_person = to_file(rows(1, first=7).assign(id_kasus="POS-0"), "csv")
    assert post(office, other_person).json()["rejected_by_reason"] == {"id-reused": 1}
    loaded = office.post("/records/cases?without_numbers=true", content=other_person)
    assert (loaded.json()["new"], loaded.json()["mended"]) == (1, 1)
    error = office.post("/records/cases?replace=perhaps", content=body)
    assert error.status_code == 422


def test_uploads_at_the_same_time_store_every_record_once(office: TestClient) -> None:
    before = len(get_city(office).cases())
    bodies = [to_file(rows(20, first=10 * n), "csv") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: post(office, body), bodies))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sum(answer.json()["new"] for answer in answers) == 90
    assert len(get_city(office).cases()) - before == 90


def test_the_audit_has_actions_and_no_personal_data(office: TestClient) -> None:
    post(office, to_file(rows(), "csv"))
    office.get("/records/cases/rejected", params={"limit": 2})
    lines = audit_lines(get_city(office).store).to_pylist()
    actions = [(line["action"], line["what"], line["records"]) for line in lines]
    assert actions == [("write", "/records/cases", 3), ("read", "/records/cases/rejected", 2)]
    assert "Siti" not in str(lines)
    assert PERSON not in str(lines)


# --- newcomers


def test_newcomers_have_their_quarantine_status_and_a_verification_changes_it(
    office: TestClient,
) -> None:
    newcomers = [
        {"id": f"T-{n}", "tgl tiba": "2021-04-20", "nik": PERSON[:-1] + str(n)} for n in "12"
    ]
    post(office, json.dumps(newcomers).encode(), "application/json", "newcomers")

    def states() -> dict[str, str]:
        answer = office.get("/newcomers", params={"date": "2021-04-27"}).json()
        assert PERSON[:-1] not in json.dumps(answer)
        return {
            row["newcomer_id"]: row["state"]
            for row in answer["newcomers"]
            if row["newcomer_id"].startswith("T-")
        }

    assert states() == {"T-1": "overdue", "T-2": "overdue"}
    verified = office.post("/newcomers/T-1/verification", json={"by": "lurah", "on": "2021-04-26"})
    assert (verified.status_code, verified.content) == (204, b"")
    assert states() == {"T-1": "released", "T-2": "overdue"}
    page: dict[str, Any] = {"date": "2021-04-27", "state": "overdue", "limit": 1, "format": "csv"}
    table = pd.read_csv(io.BytesIO(office.get("/newcomers", params=page).content))
    assert table["state"].tolist() == ["overdue"]
    # Three weeks later the newcomer is no task any more: the status is lapsed.
    later: dict[str, Any] = {"date": "2021-05-20", "limit": 1000}
    for state, is_listed in (("overdue", False), ("unverified", False), ("lapsed", True)):
        answer = office.get("/newcomers", params=later | {"state": state}).json()
        ids = [row["newcomer_id"] for row in answer["newcomers"]]
        assert ("T-2" in ids) == is_listed, state
        assert "T-1" not in ids
    error = office.get("/newcomers", params=later | {"state": "forgotten"})
    assert error.status_code == 422


@pytest.mark.parametrize(
    ("newcomer", "body", "status"),
    [
        ("T-9", b'{"by": "lurah"}', 404),
        ("T-9", b'{"by": "Budi"}', 422),
        ("T-9", b"{broken", 422),
        ("T-9", b"[]", 422),
        ("T-9", b"", 422),
        ("T-9", b'{"by": "lurah", "on": "9999-99-99"}', 422),
        ("T%00", b'{"by": "lurah"}', 422),
    ],
)
def test_an_invalid_verification_is_rejected(
    refusing_office: TestClient, newcomer: str, body: bytes, status: int
) -> None:
    answer = refusing_office.post(
        f"/newcomers/{newcomer}/verification",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == status
    assert "Budi" not in answer.text


def test_newcomers_are_closed_without_a_token_in_the_settings(client: TestClient) -> None:
    assert client.get("/newcomers").status_code == 403
    assert client.post("/newcomers/T-1/verification", json={"by": "lurah"}).status_code == 403
