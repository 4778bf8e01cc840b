"""What leaves the site other than as a page: JSON, feeds, search, mail, webhooks.

What lives here: gathering what everybody may see, and sending what somebody asked for. What may not:
requests (they are in ``views``), decisions about comments.
"""
