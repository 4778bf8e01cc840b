"""The kinds of work, one module for each subject; a module that lies here is loaded by the worker.

What lives here: functions that are registered with ``registry.job`` or ``registry.every``. What may not:
anything that pages import.
"""
