create index public_zone_by_id on public_zone (public_id);
