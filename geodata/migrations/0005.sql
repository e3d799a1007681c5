-- Version 5: counts of a run by class, for rules with other classes than green, yellow, orange, red.
-- JSON, in the order of the classes: {"low": 9800, "high": 12}. Null where the four columns count.
alter table run add column counts text;
alter table public_run add column counts text;
