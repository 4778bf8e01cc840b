"""Search: an index that the database keeps in step itself, and one function that asks it.

What lives here: the index (``index``) and looking things up (``find``). What may not: pages.
"""
