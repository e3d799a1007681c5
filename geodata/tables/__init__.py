"""Tables of records in and out: CSV, XLSX, Parquet, GeoJSON points.

Knows cells, not what they mean: headings and dates are the business of `geodata.records`.
"""

from geodata.tables.reading import read_content, read_table
from geodata.tables.sheet import Sheet, sheet_of
from geodata.tables.writing import table_content, write_table

__all__ = ["Sheet", "read_content", "read_table", "sheet_of", "table_content", "write_table"]
