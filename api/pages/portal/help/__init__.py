"""Values of the pages that help: places, amounts by area, newcomers."""
