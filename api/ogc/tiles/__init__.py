"""OGC API Tiles: which tiles there are, and one layer of a tile."""
