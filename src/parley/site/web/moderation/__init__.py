"""How order is kept: the one function that changes a comment's state, and the journal of what was done.

What lives here: decisions, rules of holding and hiding, the log. What may not: pages, forms.
"""
