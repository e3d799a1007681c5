"""Files of polygons: opened, their columns understood, their rows named, written again."""
