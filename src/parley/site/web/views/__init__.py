"""Requests answered, one module for each part of the site.

What lives here: views. What may not: rules; they are in ``access``, ``moderation``, ``rules``.
"""
