"""The addresses of what leaves the site other than as a page.

What lives here: one list. What may not: views.
"""

from __future__ import annotations

from parley.site.web.views import documents, embedding, feeds, following, searching

__all__ = ["addresses"]

addresses = [
    *documents.addresses,
    *feeds.addresses,
    *searching.addresses,
    *following.addresses,
    *embedding.addresses,
]
