"""OGC API of a city: Features parts 1 to 3, and Tiles."""
