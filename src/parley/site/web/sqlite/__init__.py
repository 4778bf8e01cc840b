"""SQLite as the site uses it: Django's own backend, with writers waiting in line.

What lives here: the backend (``base``). What may not: queries.
"""
