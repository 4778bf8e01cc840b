"""What the reader sees: pages from templates, without any framework.

What lives here: the environment of the templates, the data that templates take, pictures of the site's own,
structured data, the static export. What may not: Django, a database, numpy, requests. Everything is a
function of its arguments, so that the server and the export write the same page.
"""

from __future__ import annotations

from parley.site.render.environment import render
from parley.site.render.safe import Safe

__all__ = ["Safe", "render"]
