"""The embedded database: one DuckDB file, its connections, its errors."""
