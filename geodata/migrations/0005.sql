-- Version 5: counts of a run by class, for rules with classes other than green, yellow, orange, red.
-- JSON, in the order of the classes: {"low": 9800, "high": 12}. Null if the four columns are used.
alter table run add column counts text;
alter table public_run add column counts text;
