"""Migrations of the site's tables.

What lives here: one initial migration, until the first release. What may not: data.
"""
