-- Version 2: records as cities really have them. Columns that are added may be null: neither
-- database adds one with a constraint to a table that holds rows.

-- A withdrawal is a version that says the record should never have been.
alter table case_version add column withdrawn boolean default false;
alter table newcomer_version add column withdrawn boolean default false;
