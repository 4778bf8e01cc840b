"""What all tests share: how Hypothesis searches."""

from __future__ import annotations

from hypothesis import settings

# Without a deadline: the first example of a test may compile kernels.
settings.register_profile("parley", deadline=None, print_blob=True)
settings.load_profile("parley")
