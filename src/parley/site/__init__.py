"""The debate in public: articles with their live model, challenges, comments, reports, editors' decisions.

What lives here: the site, in four parts. :mod:`parley.site.text` makes readers' words safe,
:mod:`parley.site.model` turns a scenario into an article that answers, :mod:`parley.site.render` writes
pages; these know no framework. :mod:`parley.site.web` alone imports Django. What may not: the engine in the
web process; it runs in the worker's child process.
"""
