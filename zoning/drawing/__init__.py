"""Maps of a day, and the palette of all maps, tiles and pages."""
