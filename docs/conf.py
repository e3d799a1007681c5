"""Settings of the documentation site. `make docs` builds the site and needs no network."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

project = "mikrozonasi"
author = "The mikrozonasi authors"
html_title = "mikrozonasi"
language = "en"
# A block of code without a language is text.
highlight_language = "text"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docs.extensions.reference",
]
exclude_patterns = ["extensions"]
# Links to headings, as `databases.md#the-secret`.
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_google_docstring = False
napoleon_use_rtype = False
default_role = "code"
# Two dashes of an option stay two dashes.
smartquotes = False
add_module_names = False

html_theme = "furo"
html_static_path = ["static"]
html_favicon = "static/icon.svg"
html_css_files = ["guide.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
