"""What allauth asks of us.

What lives here: the adapter. What may not: views.
"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter

__all__ = ["Adapter"]


class Adapter(DefaultAccountAdapter):
    """Allauth with our names, limits and mail."""
