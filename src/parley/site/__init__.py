"""The public site: an argument as an article, with its model, its readers' objections and its editors.

What lives here: everything that is served. ``render`` writes pages, ``text`` makes readers' words safe,
``model`` is an article as a live model, ``web`` is the one part that knows Django. What may not: solving
in the process that serves.
"""

from __future__ import annotations
