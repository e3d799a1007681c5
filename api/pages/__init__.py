"""HTML pages: the map, the guide, errors. Functions take values and return HTML, without HTTP."""
