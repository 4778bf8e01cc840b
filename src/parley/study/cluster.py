"""A Dask cluster as an executor.

What lives here: the connection, and whether the other side is fit to work. What may not: jobs. Dask is an
optional extra, ``parley-workbench[cluster]``, imported when a cluster is asked for.

A scheduler's address is trusted: whoever can reach it can run code on its workers. Keep it in your network.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

import parley
from parley.errors import StudyError

__all__ = ["Cluster"]

PATIENCE = 5.0  # seconds for the scheduler to answer, and for a first worker to be there
RETRIES = 3  # of a task whose worker is lost


class Cluster:
    """A connection to a scheduler whose workers run this version of Parley.

    Attributes
    ----------
    executor
        Sends calls to the workers.
    threads
        How many calls the workers do at the same time.
    lost
        What a call raises when its workers died once too often, or the scheduler is gone.

    Raises
    ------
    StudyError
        When Dask is not installed, nobody answers at the address, there is no worker, or the scheduler or a
        worker has no Parley or another version.
    """

    def __init__(self, address: str) -> None:
        self._client = _connected(address)
        try:
            self.threads = _fit(self._client, address)
        except BaseException:
            self.close()
            raise
        from distributed import KilledWorker

        self.lost: tuple[type[BaseException], ...] = (KilledWorker, OSError)
        self.executor: Executor = self._client.get_executor(pure=False, retries=RETRIES)

    def close(self) -> None:
        """Disconnect; the cluster forgets what was asked of it."""
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=PATIENCE)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise StudyError(
            f"'{address}' needs Dask, which is not installed: pip install 'parley-workbench[cluster]'"
        ) from error
    try:
        connect: Any = Client
        return connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"no Dask scheduler answers at '{address}' within {PATIENCE:.0f} seconds: is the address right, "
            "and is `dask scheduler` running?"
        ) from error


def _fit(client: Any, address: str) -> int:
    """Return the number of threads of all workers, after asking each for its version of Parley."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise StudyError(
            f"the scheduler at '{address}' has no workers: start some with `dask worker {address}`"
        ) from error
    try:
        versions: Mapping[str, str] = client.run(_version)
        versions = {"the scheduler": client.run_on_scheduler(_version), **versions}
    except (ImportError, AttributeError) as error:
        raise StudyError(
            f"the cluster at '{address}' can't run Parley ({str(error).partition(chr(10))[0]}): install "
            f"parley-workbench {parley.__version__} where its scheduler and its workers run"
        ) from error
    for place, version in versions.items():
        if version != parley.__version__:
            raise StudyError(
                f"{place} at '{address}' has Parley {version}, this is {parley.__version__}: "
                "install the same version everywhere"
            )
    return sum(client.nthreads().values())


def _version() -> str:
    return parley.__version__
