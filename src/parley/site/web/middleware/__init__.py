"""What happens to every request before and after its view.

What lives here: one class a module. What may not: pages.
"""
