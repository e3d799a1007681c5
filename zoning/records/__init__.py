"""Records and boundaries together: intake of files, lists for officials, erasing of persons."""
