"""What readers write and do: comments, edits, marks, reports, appeals, challenges.

What lives here: one module for each act; each writes all that belongs to it in one transaction. What may not:
changes of a comment's state (``moderation.decide``), pages (``views``).
"""
