"""Read and write tables of records: CSV, XLSX, Parquet, GeoJSON points.

This package knows cells, not their meaning: `geodata.records` reads headings and dates.
"""

from geodata.tables.pages import Page, first_nonempty_sheet
from geodata.tables.reading import content_pages, read_content, read_pages, read_table
from geodata.tables.sheet import Sheet, sheet_from_frame
from geodata.tables.writing import XLSX_MEDIA_TYPE, table_content, write_table

__all__ = [
    "XLSX_MEDIA_TYPE",
    "Page",
    "Sheet",
    "content_pages",
    "first_nonempty_sheet",
    "read_content",
    "read_pages",
    "read_table",
    "sheet_from_frame",
    "table_content",
    "write_table",
]
