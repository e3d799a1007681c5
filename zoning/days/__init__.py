"""The daily run: days planned, judged, published and read back; all of a call's days or none."""
