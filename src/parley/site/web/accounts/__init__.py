"""Accounts: signing up and in, profile, export, deletion.

What lives here: what allauth asks of us, and readers' rights over their data. What may not: moderation.
"""
