-- Version 3: files as offices have them. Columns that are added may be null, as in version 2.

-- Which person, which record (issue 10, section 2).
-- Keyed pseudonym of the name: tells persons without a NIK apart; never the name itself.
alter table case_version add column person text;
alter table newcomer_version add column person text;
-- The case that is counted in this one's place: the same person within the days of one case.
alter table case_version add column double_of text;
-- A number that a file gives to a record that was known without one.
create table record_alias (
    kind        text not null,
    alias       text not null,             -- the number, in its normal form (geodata.records.ids)
    record      text not null,             -- key of the record
    recorded_at timestamp not null,
    primary key (kind, alias)
);
-- What a person decided on two cases of one person; the newest decision of a pair holds.
create table double_decision (
    first_id   text not null,              -- the lower of the two keys
    second_id  text not null,
    stands     text,                       -- key of the one that is counted; null: two cases
    decided_at timestamp not null,
    decided_by text not null,
    primary key (first_id, second_id, decided_at)
);

-- Rejected rows that a person closed with a reason: they leave the list, never the record.
create table dismissed (
    kind        text not null,
    digest      text not null,             -- of the rejected row
    recorded_at timestamp not null,
    reason      text not null,             -- why; long numbers struck out
    primary key (kind, digest)
);
