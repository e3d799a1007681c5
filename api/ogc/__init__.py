"""OGC API over the city: Features parts 1 to 3 and Tiles; what is asked, chosen and written."""
