-- Version 2: records as cities really have them. Columns that are added may be null: neither
-- database adds one with a constraint to a table that holds rows.

-- A withdrawal is a version that says the record should never have been.
alter table case_version add column withdrawn boolean default false;
alter table newcomer_version add column withdrawn boolean default false;

-- Moments: one row, the moment of the newest transaction. Each takes a later one, whatever the
-- clock says, so that "known at" a moment is the same whenever it is asked.
create table latest_moment (moment timestamp not null);
insert into latest_moment
select coalesce(max(moment), timestamp '2000-01-01 00:00:00') from (
    select max(recorded_at) as moment from boundary_version
    union all select max(recorded_at) from batch
    union all select max(recorded_at) from case_version
    union all select max(recorded_at) from newcomer_version
    union all select max(computed_at) from run
    union all select max(published_at) from published
) as moments;

-- How the coordinates were taken: null as given, else words as in geodata.records.points.
alter table case_version add column point_reading text;
alter table newcomer_version add column point_reading text;

-- Lives in another city or regency: kept and counted apart, in no RT.
alter table case_version add column non_resident boolean default false;
alter table newcomer_version add column non_resident boolean default false;

-- Who read or wrote records over HTTP: of whom they are is never in it.
create table audit (
    noted_at timestamp not null,           -- UTC
    who      text not null,                -- by what right: the token's
    action   text not null,                -- read, write
    what     text not null,                -- the path asked for
    records  bigint not null               -- how many records were told or taken
);

-- Boundaries: the first day they are in force; null since ever.
alter table boundary_version add column in_force date;

-- Rejected rows that came back mended: they leave the list, never the record.
create table mended (
    kind        text not null,
    digest      text not null,             -- of the rejected row
    batch       text not null,             -- that brought what mends it
    recorded_at timestamp not null,
    accepted    boolean not null,          -- false: turned away again, as a rejected row of its own
    primary key (kind, digest)
);

-- The portal's other figures; nothing here is of a person.
create table place_version (
    place_id      text not null,
    version       bigint not null,
    batch         text not null,
    recorded_at   timestamp not null,
    digest        text not null,
    withdrawn     boolean default false,
    place_kind    text not null,           -- hospital, puskesmas, isolation, vaccination, post
    name          text not null,
    address       text,
    rt            bigint, rw bigint, kelurahan text, kecamatan text,
    lon           double precision, lat double precision, point_reading text,
    capacity      bigint, in_use bigint,
    stock         text,                    -- JSON: {"oksigen": 12}
    hours         text,
    contact       text,                    -- public numbers: the one column that keeps them
    updated_at    timestamp,
    primary key (place_id, version)
);
create table indicator_version (
    indicator_id text not null,
    version      bigint not null,
    batch        text not null,
    recorded_at  timestamp not null,
    digest       text not null,
    withdrawn    boolean default false,
    indicator    text not null,            -- as in geodata/records/indicators.toml, or any other
    area         text, kelurahan text, kecamatan text,
    date         date not null,
    value        double precision not null,
    unit         text,
    primary key (indicator_id, version)
);

-- What people decided on ambiguous addresses; the newest of an area part holds.
create table address_decision (
    area_part  text not null,              -- what addresses say of their area: no street, no name
    code       text not null,              -- of an RT or a kelurahan, or 'none'
    decided_at timestamp not null,
    decided_by text not null,
    primary key (area_part, decided_at)
);

-- Newcomers, after SIDATANG.
alter table newcomer_version add column left_on date;
alter table newcomer_version add column health_letter text;  -- yes, no
alter table newcomer_version add column origin_risk text;    -- hijau, kuning, oranye, merah
alter table newcomer_version add column reported_by text;    -- an office, or self
-- Verified by the officer of the area; apart from the lists, which come anew twice a day.
create table verification (
    newcomer_id text not null,
    verified_on date not null,
    verified_by text not null,             -- an office, never a name
    recorded_at timestamp not null,
    primary key (newcomer_id, verified_on, verified_by)
);

-- Erased persons: what is left of them are counts, and a keyed mark that keeps them from coming back.
create table erased (
    kind        text not null,
    tombstone   text not null,             -- keyed hash of the key of a record
    recorded_at timestamp not null,
    primary key (kind, tombstone)
);
-- The house of a case whose family card and address were erased; of those who share it too.
alter table case_version add column house text;
