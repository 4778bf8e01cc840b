"""Runs: policies for many draws, in chunks, measured, stored, resumed, verified."""

from parley.study.results import Measured, Proof, Provenance, Results
from parley.study.run import run
from parley.study.store import Store
from parley.study.verify import verify

__all__ = ["Measured", "Proof", "Provenance", "Results", "Store", "run", "verify"]
