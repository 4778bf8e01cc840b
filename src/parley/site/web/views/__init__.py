"""Requests answered, one module for each part of the site.

What lives here: views, and the form ``<row:…>`` of their addresses. What may not: rules; they are in
``access``, ``moderation``, ``rules``.
"""

from __future__ import annotations

from django.urls import register_converter

from parley.site.web.views.numbers import RowNumber

__all__ = ["RowNumber"]

register_converter(RowNumber, "row")  # here, so that every module of views may use it
