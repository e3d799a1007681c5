-- Version 4: the public part of a run, without counts of people.

-- Written together with the internal run. A row is added only if the public content of a day
-- changes: a correction that changes no colour adds no version and no moment.
create table public_run (
    public_id   text primary key,          -- hash of the next columns and of the coloured zones
    date        date not null,
    rule        text not null,
    rule_digest text not null,
    boundaries  text not null,
    green bigint not null, yellow bigint not null, orange bigint not null, red bigint not null
);
-- RT that are yellow, orange or red. The key of public_run keeps them unique, as for run_zone.
create table public_zone (
    public_id text not null,
    code      text not null,
    risk      bigint not null              -- 1 kuning, 2 oranye, 3 merah
);
create table public_publication (
    date         date not null,
    version      bigint not null,          -- 1, 2, ...: of the public content
    public_id    text not null,
    published_at timestamp not null,
    primary key (date, version)
);
