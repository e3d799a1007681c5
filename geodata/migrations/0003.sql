-- Version 3: files as offices have them. Columns that are added may be null, as in version 2.

-- Rejected rows that a person closed with a reason: they leave the list, never the record.
create table dismissed (
    kind        text not null,
    digest      text not null,             -- of the rejected row
    recorded_at timestamp not null,
    reason      text not null,             -- why; long numbers struck out
    primary key (kind, digest)
);
