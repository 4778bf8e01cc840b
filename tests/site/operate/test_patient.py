"""Processes of the web server share what comes: none takes all connections because it woke first."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from parley.site.web.serving.patient import MODESTY, PatientWorker


@pytest.mark.parametrize(("open_ones", "waits"), [(0, False), (3, False), (4, True), (40, True)])
def test_who_has_enough_to_do_lets_others_come_first(
    open_ones: int, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []
    monkeypatch.setattr("parley.site.web.serving.patient.time.sleep", done.append)
    monkeypatch.setattr(ThreadWorker, "accept", lambda worker, listener: done.append(listener))
    worker = PatientWorker.__new__(PatientWorker)
    worker.nr_conns, worker.cfg = open_ones, SimpleNamespace(threads=4)
    with socket.socket() as listener:
        worker.accept(listener)
    assert done == ([MODESTY, listener] if waits else [listener])
