-- Version 2: more columns of records. New columns may be null: neither database can add a column
-- with a constraint to a table with rows.

-- A withdrawal is a version of a record that should not exist.
alter table case_version add column withdrawn boolean default false;
alter table newcomer_version add column withdrawn boolean default false;

-- Moments: one row, the moment of the newest transaction. Each transaction has a later moment, even
-- if the clock is set back, so that the state "known at" a moment never changes.
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

-- How the coordinates were read: null for unchanged, else words of geodata.records.parsing.points.
alter table case_version add column point_reading text;
alter table newcomer_version add column point_reading text;

-- The person lives in another city or regency: kept and counted separately, in no RT.
alter table case_version add column non_resident boolean default false;
alter table newcomer_version add column non_resident boolean default false;

-- Who read or wrote records over HTTP, without the persons in the records.
create table audit (
    noted_at timestamp not null,           -- UTC
    who      text not null,                -- role of the token
    action   text not null,                -- read, write
    what     text not null,                -- path of the request
    records  bigint not null               -- number of records disclosed or accepted
);

-- Boundaries: the first day in force; null means from the beginning.
alter table boundary_version add column in_force date;

-- Rejected rows that came back mended: they leave the list and stay on record.
create table mended (
    kind        text not null,
    digest      text not null,             -- of the rejected row
    batch       text not null,             -- batch of the mending row
    recorded_at timestamp not null,
    accepted    boolean not null,          -- false: the mending row is rejected too
    primary key (kind, digest)
);

-- Places and indicators of the portal, without personal data.
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
    contact       text,                    -- public phone numbers; no other column keeps phone numbers
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

-- Decisions on ambiguous addresses; the newest decision of an area part counts.
create table address_decision (
    area_part  text not null,              -- the area in an address, without street and name
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
-- Verifications by the officer of the area; separate from the lists, which are loaded twice a day.
create table verification (
    newcomer_id text not null,
    verified_on date not null,
    verified_by text not null,             -- an office, never a name
    recorded_at timestamp not null,
    primary key (newcomer_id, verified_on, verified_by)
);

-- Erased persons: counts stay, and a tombstone that keeps an old file from adding the record again.
create table erased (
    kind        text not null,
    tombstone   text not null,             -- keyed hash of the key of a record
    recorded_at timestamp not null,
    primary key (kind, tombstone)
);
-- The house of a case whose family card and address were erased, and of cases in the same house.
alter table case_version add column house text;
