-- Version 3: persons and doubles. New columns may be null, as in version 2.

-- Keyed pseudonym of the name: distinguishes persons without a NIK; never the name itself.
alter table case_version add column person text;
alter table newcomer_version add column person text;
-- The case that is counted in place of this case: the same person within the days of one episode.
alter table case_version add column double_of text;
-- A number from a file for a record that was known without a number.
create table record_alias (
    kind        text not null,
    alias       text not null,             -- number in normal form (geodata.records.record_ids)
    record      text not null,             -- key of the record
    recorded_at timestamp not null,
    primary key (kind, alias)
);
-- Decisions on two records of one person; the newest decision of a pair counts.
create table double_decision (
    first_id   text not null,              -- the lower of the two keys
    second_id  text not null,
    stands     text,                       -- key of the record that is counted; null: two cases
    decided_at timestamp not null,
    decided_by text not null,
    primary key (first_id, second_id, decided_at)
);

-- Rejected rows that were dismissed with a reason: they leave the list and stay on record.
create table dismissed (
    kind        text not null,
    digest      text not null,             -- of the rejected row
    recorded_at timestamp not null,
    reason      text not null,             -- why, without long numbers
    primary key (kind, digest)
);
