"""The site under Django: records, permissions, pages, jobs.

What lives here: everything that needs the database or a request. What may not: solving, templates' words.
"""
