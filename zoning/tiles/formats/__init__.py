"""Formats of tiles: Mapbox Vector Tile, PNG, TileJSON, MapLibre styles."""
