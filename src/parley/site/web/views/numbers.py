"""Numbers of rows in addresses: as many digits as a database can look for.

What lives here: the form ``<row:…>`` of an address. What may not: rows.

Django's own ``<int:…>`` takes any number of digits; SQLite can look for none of more than 63 bits.
"""

from __future__ import annotations

from django.urls.converters import IntConverter

__all__ = ["RowNumber"]


class RowNumber(IntConverter):
    """A number that a row may have; any other address leads nowhere."""

    regex = "[0-9]{1,18}"
