"""Check polygons, repair them into a coverage, and assemble boundaries."""
