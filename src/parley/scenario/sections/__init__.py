"""The sections of a scenario, one reader for each top-level key."""
