"""How the documentation is built: Sphinx with MyST Markdown, offline, warnings as errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import parley

project = "Parley"
author = "The Parley contributors"
project_copyright = "The Parley contributors, Apache License 2.0"
version = release = parley.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
]
exclude_patterns = ["examples/**"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"Parley {parley.__version__}"
html_static_path = ["images"]
html_extra_path = ["reference/parley.schema.json"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "monokai"
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True


def setup(app: Any) -> None:
    """Draw the pictures that the pages show before these are read."""
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here.parent))
    from scripts.illustrate import illustrate

    app.connect("builder-inited", lambda _: illustrate(here / "explanation" / "pictures"))
