"""A site in one command: its folder, its processes.

What lives here: making a folder ready, starting and watching processes, the worker class of the web
server. What may not: pages.
"""
