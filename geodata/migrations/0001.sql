-- One dialect for DuckDB and PostgreSQL; types int64, float64, text, bool, date, timestamp (UTC), bytea.
-- Tables are append-only: the newest version is the current state, older versions stay readable.

create table schema_version (version bigint primary key, applied_at timestamp not null);

-- Boundaries: the newest load is in force. Every level is stored; parents are dissolved from the RT.
create table boundary_version (
    boundaries  text not null,             -- hash of the areas' codes, names and shapes
    recorded_at timestamp not null,
    source      text not null,             -- name of the file they came from
    report      text not null,             -- JSON: what repair changed, in square metres
    primary key (boundaries, recorded_at)  -- a city may go back to boundaries it had before
);
create table area (
    boundaries text   not null,
    code       text   not null,
    level      text   not null,            -- kota, kecamatan, kelurahan, rw, rt
    kind       text   not null,            -- the level again, or 'other' (no RT: a market, a pond)
    name       text   not null,
    parent     text,                       -- code of the area above; null for the kota
    rw         bigint,                     -- number of the RW, for rw and rt
    rt         bigint,                     -- number of the RT, for rt
    population double precision,
    geometry   bytea  not null,            -- WKB, longitude and latitude (EPSG:4326)
    primary key (boundaries, code)
);

-- Records: one row for each version. NIK and KK are keyed pseudonyms; names and phones are not kept.
create table batch (
    batch       text primary key,
    kind        text not null,             -- cases, newcomers
    source      text not null,
    recorded_at timestamp not null,
    summary     text not null              -- JSON: read, new, corrected, unchanged, rejected, placed
);
create table case_version (
    case_id      text not null,
    version      bigint not null,          -- 1, 2, ...
    batch        text not null,
    recorded_at  timestamp not null,
    digest       text not null,            -- hash of the columns below: is this a correction?
    nik          text, kk text, address text,
    rt           bigint, rw bigint, kelurahan text, kecamatan text,
    lon          double precision, lat double precision,
    status       text not null,
    confirmed_on date, onset_on date, specimen_on date, reported_on date,
    outcome      text, outcome_on date,
    primary key (case_id, version)
);
create table newcomer_version (
    newcomer_id      text not null,
    version          bigint not null,
    batch            text not null,
    recorded_at      timestamp not null,
    digest           text not null,
    nik              text, kk text, address text,
    rt               bigint, rw bigint, kelurahan text, kecamatan text,
    lon              double precision, lat double precision,
    origin           text, arrived_on date, quarantine_until date, tested_on date, test_result text,
    primary key (newcomer_id, version)
);
create table rejected (
    kind        text not null,
    digest      text not null,             -- hash of the row in the file: the same row is kept once
    batch       text not null,
    recorded_at timestamp not null,
    row_number  bigint not null,           -- line of the file, the heading being 1
    reasons     text not null,             -- JSON list of {code, field, message}
    record      text not null,             -- JSON of the row; NIK and KK as pseudonyms, no names
    primary key (kind, digest)
);

-- Runs: one computation of one day. Plain green zones are not stored. A run's zones are written
-- once, together with the run. The run's key keeps them unique; their own key would take ten times
-- the space and twice the time.
create table run (
    run         text primary key,          -- hash of the inputs
    date        date not null,
    rule        text not null,
    rule_digest text not null,
    records     text not null,             -- hash of the records that affect the day
    boundaries  text not null,
    engine      text not null,
    computed_at timestamp not null,
    green bigint not null, yellow bigint not null, orange bigint not null, red bigint not null
);
create table run_zone (
    run             text not null,
    code            text not null,         -- an RT
    risk            bigint not null,       -- 0 hijau, 1 kuning, 2 oranye, 3 merah
    houses          bigint not null,       -- each case without a known house counts as a house
    houses_at_least bigint not null,       -- all cases without a known house count as one house
    cases           bigint not null,       -- confirmed in the window
    active          bigint not null
);
create table run_unplaced (
    run    text not null,
    code   text not null,                  -- the smallest area known: a kelurahan, or the kota
    cases  bigint not null,                -- confirmed in the window
    active bigint not null,
    primary key (run, code)
);
create table published (
    date         date not null,
    version      bigint not null,          -- 1, 2, ...: earlier publications stay readable
    run          text not null,
    published_at timestamp not null,
    primary key (date, version)
);
