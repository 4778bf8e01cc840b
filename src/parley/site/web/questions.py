"""What makes two questions the same.

What lives here: the key of a question. What may not: asking, answers.
"""

from __future__ import annotations

import hashlib
import json

from parley.site.web.models import Version

__all__ = ["question"]


def question(version: Version, canonical: str, declared: str = "") -> str:
    """Return the digest of a question: the key under which its answer is kept.

    It binds the article, the version's text and files, and the canonical setting or the name of a declared
    objection; none can be taken for another.
    """
    parts = [str(version.article_id), version.digest, declared, canonical]
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()
