"""Work that is done beside the pages: solving, mail, tidying.

What lives here: the queue (``queue``), the kinds of work (``registry`` and one module for each), the loop of
``parley worker`` (``worker``). What may not: pages; numbers (a child process computes them).
"""
