"""Zones with counts, for officials: one day, many days, as known at a moment, by other rules."""
