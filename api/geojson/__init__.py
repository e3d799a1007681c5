"""Zones as GeoJSON: geometry encoded once, colours added for each day."""
