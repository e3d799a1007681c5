"""Records over HTTP: closed unless a token is set, whole or not at all, nobody's data let out."""

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from api.app import create_app
from api.settings import Settings
from geodata.ledger.audit import audit_lines
from tests.databases import copy_of
from zoning import City

TOKEN = "an-official-token-of-some-length"
PERSON = "3374010101010001"
CSV = "text/csv"


@pytest.fixture
def office(small_database: str, tmp_path: Path) -> Iterator[TestClient]:
    """An official's client of a copy of the small city that may be changed."""
    settings = Settings(
        database=copy_of(small_database, tmp_path), token=SecretStr(TOKEN), upload_megabytes=1
    )
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(create_app(settings), raise_server_exceptions=False, headers=bearer) as client:
        yield client


def city_of(client: TestClient) -> City:
    city: City = client.app.state.official.city  # type: ignore[attr-defined]  # an application's own
    return city


def rows(number: int = 3, first: int = 0) -> pd.DataFrame:
    """Cases with numbers of their own, each in an RT of the small city."""
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


def as_body(frame: pd.DataFrame, kind: str) -> bytes:
    if kind == "xlsx":
        written = io.BytesIO()
        frame.to_excel(written, index=False)
        return written.getvalue()
    if kind == "parquet":
        return frame.to_parquet(index=False)
    if kind == "json":
        return frame.to_json(orient="records").encode()
    return frame.to_csv(index=False).encode()


def post(client: TestClient, body: bytes, kind: str = CSV, to: str = "cases") -> Any:
    return client.post(f"/records/{to}", content=body, headers={"Content-Type": kind})


PATHS = [("POST", "/records/cases"), ("GET", "/records/cases/rejected")]


# --- who may


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_token_set_records_are_closed_and_it_is_said_how_to_open_them(
    client: TestClient, method: str, path: str
) -> None:
    answer = client.request(method, path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "officials-closed")
    assert "MIKROZONASI_TOKEN" in answer.json()["message"]


@pytest.mark.parametrize(
    "said", [None, "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer é"]
)
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_another_token_or_none_is_asked_for_the_right_one(
    office: TestClient, method: str, path: str, said: str | None
) -> None:
    del office.headers["Authorization"]
    headers = {} if said is None else {"Authorization": said.encode()}
    answer = office.request(method, path, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (401, "token-wanted")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("token", ["short", "with a space in it", "é" * 20])
def test_a_token_that_can_be_guessed_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(token=SecretStr(token))
    assert token not in str(refused.value)


def test_an_empty_token_is_none() -> None:
    assert Settings(token=SecretStr("")).token is None


def test_what_officials_read_is_kept_by_nobody_and_read_by_no_other_site(
    office: TestClient,
) -> None:
    answer = office.get("/records/cases/rejected", headers={"Origin": "https://example.org"})
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    asked = office.options(
        "/records/cases",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert asked.status_code == 405
    assert "access-control-allow-origin" not in asked.headers


# --- what comes


@pytest.mark.parametrize(
    ("kind", "said"),
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
def test_every_kind_of_file_brings_the_same_records(
    office: TestClient, kind: str, said: str
) -> None:
    first = post(office, as_body(rows(), kind), said)
    assert first.status_code == 200, first.text
    assert (first.json()["read"], first.json()["new"], first.json()["rejected"]) == (3, 3, 0)
    assert first.json()["placed"]["address"] == 3
    again = post(office, as_body(rows(), "csv")).json()
    assert (again["new"], again["unchanged"], again["batch"]) == (0, 3, first.json()["batch"])


def test_geojson_points_are_placed_by_their_coordinates(office: TestClient) -> None:
    point = city_of(office).boundaries().geometry.iloc[5].representative_point()
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.x, point.y]},
        "properties": {"id_kasus": "G-1", "status": "konfirmasi", "tgl_konfirmasi": "2021-07-10"},
    }
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    report = post(office, body, "application/geo+json").json()
    assert (report["new"], report["placed"]["coordinates"]) == (1, 1)


def test_rows_that_cannot_be_used_are_told_with_reasons_and_without_anybodys_data(
    office: TestClient,
) -> None:
    wrong = rows().assign(status=["konfirmasi", "entah", "konfirmasi"])
    report = post(office, as_body(wrong, "csv")).json()
    assert (report["new"], report["rejected"]) == (2, 1)
    assert [(one["row"], one["reasons"][0]["code"]) for one in report["rejections"]] == [
        (3, "status-unknown")
    ]
    kept = office.get("/records/cases/rejected", params={"limit": 1, "offset": 0})
    assert kept.json()["numberReturned"] == 1
    mine = [
        row
        for row in office.get("/records/cases/rejected").json()["rows"]
        if row["record"].get("case_id") == "POS-1"
    ]
    assert [reason["code"] for reason in mine[0]["reasons"]] == ["status-unknown"]
    for text in (json.dumps(report), json.dumps(mine)):
        assert PERSON not in text
        assert "Siti" not in text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rejected_rows_come_as_a_table_to_mend(office: TestClient, form: str) -> None:
    post(office, as_body(rows().assign(status="=entah()"), "csv"))
    answer = office.get("/records/cases/rejected", params={"format": form})
    assert "attachment" in answer.headers["content-disposition"]
    content = io.BytesIO(answer.content)
    table = (
        pd.read_excel(content, dtype=str, engine="openpyxl")
        if form == "xlsx"
        else pd.read_csv(content, dtype=str)
    )
    assert set(table["status"][table["case_id"].fillna("").str.startswith("POS")]) == {"'=entah()"}


# --- odd input


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
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
def test_what_cannot_be_read_is_refused_in_a_sentence(
    office: TestClient, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = post(office, body, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.json()["message"]) < 1000


def test_a_body_sent_in_pieces_is_measured_too(office: TestClient) -> None:
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
def test_odd_cells_are_taken_or_turned_away_but_break_nothing(
    office: TestClient, record: dict[str, Any]
) -> None:
    answer = post(office, json.dumps([record]).encode(), "application/json")
    assert answer.status_code == 200, answer.text
    assert answer.json()["read"] == answer.json()["new"] + answer.json()["rejected"]


def test_no_null_character_reaches_the_database(office: TestClient) -> None:
    record = {"id_kasus": "\x00A", "status": "konfirmasi\x00", "tgl_konfirmasi": "2021-07-10"}
    body = json.dumps([record]).encode()
    assert post(office, body, "application/json").json()["new"] == 1
    cases = city_of(office).cases()
    assert "A" in set(cases["case_id"])


def test_an_error_nobody_foresaw_says_nothing_of_a_record(
    office: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError(PERSON)

    monkeypatch.setattr("api.routes.records.load_sheet", fails)
    answer = post(office, as_body(rows(), "csv"))
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
def test_what_is_not_there_is_refused(
    office: TestClient, method: str, path: str, status: int
) -> None:
    answer = office.request(method, path)
    assert answer.status_code == status
    assert {"code", "message"} <= answer.json().keys()


# --- many at once, and what stays


def test_how_rows_are_put_to_known_records_may_be_said(office: TestClient) -> None:
    assert post(office, as_body(rows(1), "csv")).json()["new"] == 1
    less = rows(1)[["id_kasus", "status", "tgl_konfirmasi"]].assign(alamat="")
    assert post(office, as_body(less, "csv")).json()["unchanged"] == 1
    said = office.post("/records/cases?replace=true", content=as_body(less, "csv"))
    assert (said.status_code, said.json()["corrected"]) == (200, 1)
    moved = post(office, as_body(rows(1).assign(rt=2), "csv")).json()["moved"]
    assert [each["id"] for each in moved] == ["POS-0"]
    other = rows(1, first=7).assign(id_kasus="POS-0")
    assert post(office, as_body(other, "csv")).json()["rejected_by_reason"] == {"id-reused": 1}
    free = office.post("/records/cases?without_numbers=true", content=as_body(other, "csv"))
    assert (free.json()["new"], free.json()["mended"]) == (1, 1)
    wrong = office.post("/records/cases?replace=perhaps", content=as_body(less, "csv"))
    assert wrong.status_code == 422


def test_many_offices_at_once_leave_the_same_as_one_after_the_other(office: TestClient) -> None:
    before = len(city_of(office).cases())
    bodies = [as_body(rows(20, first=10 * n), "csv") for n in range(8)]
    with ThreadPoolExecutor(8) as offices:
        answers = list(offices.map(lambda body: post(office, body), bodies))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sum(answer.json()["new"] for answer in answers) == 90
    assert len(city_of(office).cases()) - before == 90


def test_the_audit_says_what_was_done_and_not_to_whom(office: TestClient) -> None:
    post(office, as_body(rows(), "csv"))
    office.get("/records/cases/rejected", params={"limit": 2})
    lines = audit_lines(city_of(office).store).to_pylist()
    told = [(line["action"], line["what"], line["records"]) for line in lines]
    assert told == [("write", "/records/cases", 3), ("read", "/records/cases/rejected", 2)]
    assert "Siti" not in str(lines)
    assert PERSON not in str(lines)


# --- newcomers


def test_newcomers_stand_as_they_do_and_a_verification_shows(office: TestClient) -> None:
    rows = [{"id": f"T-{n}", "tgl tiba": "2021-04-20", "nik": PERSON[:-1] + str(n)} for n in "12"]
    post(office, json.dumps(rows).encode(), "application/json", "newcomers")

    def stand() -> dict[str, str]:
        found = office.get("/newcomers", params={"date": "2021-04-27"}).json()
        assert PERSON[:-1] not in json.dumps(found)
        return {
            row["newcomer_id"]: row["state"]
            for row in found["newcomers"]
            if row["newcomer_id"].startswith("T-")
        }

    assert stand() == {"T-1": "overdue", "T-2": "overdue"}
    said = office.post("/newcomers/T-1/verification", json={"by": "lurah", "on": "2021-04-26"})
    assert (said.status_code, said.content) == (204, b"")
    assert stand() == {"T-1": "released", "T-2": "overdue"}
    page: dict[str, Any] = {"date": "2021-04-27", "state": "overdue", "limit": 1, "format": "csv"}
    table = pd.read_csv(io.BytesIO(office.get("/newcomers", params=page).content))
    assert table["state"].tolist() == ["overdue"]
    # Three weeks later it is no task any more, and in a list of its own.
    later: dict[str, Any] = {"date": "2021-05-20", "limit": 1000}
    for state, there in (("overdue", False), ("unverified", False), ("lapsed", True)):
        found = office.get("/newcomers", params=later | {"state": state}).json()
        ids = [row["newcomer_id"] for row in found["newcomers"]]
        assert ("T-2" in ids) == there, state
        assert "T-1" not in ids
    refused = office.get("/newcomers", params=later | {"state": "forgotten"})
    assert refused.status_code == 422


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
def test_a_verification_that_cannot_be_is_refused(
    office: TestClient, newcomer: str, body: bytes, status: int
) -> None:
    answer = office.post(
        f"/newcomers/{newcomer}/verification",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == status
    assert "Budi" not in answer.text


def test_newcomers_are_closed_to_everyone_else(client: TestClient) -> None:
    assert client.get("/newcomers").status_code == 403
    assert client.post("/newcomers/T-1/verification", json={"by": "lurah"}).status_code == 403
