"""No statement makes the embedded database read or write another file."""

import ast
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from geodata.store import Store, open_store

ROOT = Path(__file__).resolve().parents[3]
FORBIDDEN = [
    "select * from read_csv('{folder}/secret.csv')",
    "select * from read_text('{folder}/secret.csv')",
    "select * from '{folder}/secret.csv'",
    "select * from glob('{folder}/*')",
    "select * from read_parquet('{folder}/*.parquet')",
    "copy (select 1 as a) to '{folder}/made.csv'",
    "copy run_unplaced from '{folder}/secret.csv'",
    "attach '{folder}/other.duckdb' as other",
    "export database '{folder}/made'",
    "import database '{folder}'",
    "set enable_external_access = true",
    "set memory_limit = '1GB'",
    "set temp_directory = '{folder}/made'",
    "reset lock_configuration",
    "install httpfs",
    "install h3 from community",
    "load '{folder}/made.duckdb_extension'",
    "create secret made (type s3)",
    "select * from a_table_of_python",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_no_statement_reads_or_writes_another_file_or_loads_code(sql: str, tmp_path: Path) -> None:
    a_table_of_python = pa.table({"a": [1]})
    assert a_table_of_python.num_rows
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        before = {path.name for path in tmp_path.iterdir()}
        with pytest.raises(duckdb.Error), store.transaction() as work:
            work.execute(sql.format(folder=tmp_path))
        assert {path.name for path in tmp_path.iterdir()} == before
        assert _count(store) == 0


def test_rows_can_still_be_appended(tmp_path: Path) -> None:
    rows = pa.table({"run": ["r"], "code": ["c"], "cases": [1], "active": [1]})
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        with store.transaction() as work:
            work.append("insert into run_unplaced select * from stage", rows)
        assert _count(store) == 1


def test_only_one_module_opens_duckdb() -> None:
    modules = [
        path for name in ("api", "geodata", "zoning") for path in (ROOT / name).rglob("*.py")
    ]
    opening_modules = [
        path.relative_to(ROOT).as_posix() for path in modules if _imports_or_connects(path)
    ]
    assert opening_modules == ["geodata/store/embedded/connecting.py"]


def _imports_or_connects(path: Path) -> bool:
    """Whether a module calls ``duckdb.connect`` or imports a name from ``duckdb``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "duckdb":
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "duckdb.connect":
            return True
    return False


def _count(store: Store) -> int:
    return int(store.read("select run from run_unplaced").num_rows)
