"""What people type, made safe to store, to compare and to show.

What lives here: Markdown, names, word lists, addresses, paths, differences between two versions of a text.
What may not: the web framework, the database, templates.
"""
