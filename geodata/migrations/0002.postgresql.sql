-- Only on PostgreSQL: DuckDB finds these rows by the minimum and maximum of each block.
create index run_zone_by_run on run_zone (run);
create index case_version_by_time on case_version (recorded_at);
create index newcomer_version_by_time on newcomer_version (recorded_at);
