"""Answers of an evaluator, kept in a run's folder in the order in which they were asked.

What lives here: which answer belongs to which question, their columns, their files. What may not: what is
asked, solving.

Assessing a run asks the same questions in the same order whenever it is done: each depends on the scenario,
the seed and the answers before it. So an answer is kept under its number, with a record of its question, and
an assessment that was interrupted, or that is repeated to verify it, reads instead of solving.

One file per question, ``answers/0003.parquet``; one row per reading, and for each policy the columns
``status``, ``residual``, ``regret``, ``sweeps``, ``size`` and the quantities of
:mod:`parley.study.columns`, headed ``<number of the policy>: ``. ``rank`` holds one number per row of the
table of ranks, ``put: <name>`` what was put in a parameter's place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws import Draws
from parley.errors import StudyError
from parley.study.columns import from_columns, to_columns
from parley.study.durable import sweep
from parley.study.parquet import ParquetFiles
from parley.study.plan import Plan
from parley.study.reasoning import AS_JUDGED, Reasoning
from parley.study.results import Provenance
from parley.study.work import Piece

__all__ = ["FOLDER", "Answers"]

FOLDER = "answers"
SAME = 1e-9  # ranks that another processor rounds otherwise are the same question

Columns = dict[str, NDArray[Any]]
Judge = Callable[[Plan, Draws, Sequence[Piece], Reasoning], None]


class Answers:
    """The answers to the questions of one assessment.

    Parameters
    ----------
    folder
        Of the run; the answers lie in its sub-folder ``answers``.
    provenance
        Of the run: an answer of another run is refused.
    keep
        Whether new answers are written; without it, one that is missing is an error.
    judge
        Called with every answer that was read rather than solved, to check it.

    Examples
    --------
    >>> import parley, tempfile
    >>> from parley.study import Evaluator
    >>> run = parley.run(parley.load("which-event-first"), draws=16, seed=7)
    >>> folder = Path(tempfile.mkdtemp())
    >>> for _ in range(2):  # solved, then read
    ...     with Answers(folder, run.provenance, keep=True) as answers:
    ...         probe = Evaluator(run.scenario, ["pause"], seed=7, answers=answers)
    ...         found = probe.results(probe.ranks(16))
    ...         print(round(float(found.criteria[0, "pause"].mean()), 3), answers.read)
    -10.527 0
    -10.527 1
    """

    def __init__(
        self, folder: Path, provenance: Provenance, *, keep: bool, judge: Judge | None = None
    ) -> None:
        self._folder = folder / FOLDER
        self._belongs = {
            "digest": provenance.digest,
            "seed": provenance.seed,
            "draws": provenance.draws,
            "version": provenance.version,
        }
        self._keep = keep
        self._judge = judge
        self._files = ParquetFiles()
        self._number = 0
        self.read = 0  # answers that were there already
        if keep:
            try:
                self._folder.mkdir(exist_ok=True)
            except OSError as error:
                raise StudyError(f"cannot make the folder '{self._folder}': {error.strerror}") from error
            sweep(self._folder)

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def answer(
        self,
        planned: Plan,
        asked: Mapping[str, Any],
        ranks: NDArray[np.float64],
        draws: Draws,
        solve: Callable[[], Sequence[Piece]],
        reasoning: Reasoning = AS_JUDGED,
    ) -> Sequence[Piece]:
        """Read the answer to the next question, or solve it and keep it.

        Parameters
        ----------
        planned
            What is measured.
        asked
            The question in values that JSON can hold; ``values`` lists the parameters that were replaced.
        ranks, draws
            ``[row, draw]`` the readings, and the table that was made of them.
        solve
            Solves it: one piece per policy and chunk.
        reasoning
            How the players come to their choices; in ``asked`` too where that is not as judged.

        Raises
        ------
        StudyError
            When the answer that is there belongs to another question or is damaged, or must not be written
            and is missing.
        """
        file = self._folder / f"{self._number:04d}.parquet"
        self._number += 1
        belongs = {**self._belongs, **asked}
        put = {f"put: {name}": draws.values[draws.parameters.index(name)] for name in asked["values"]}
        if file.exists():
            columns = self._files.read(file, belongs)
            for name, numbers in {"rank": ranks, **put}.items():
                _compare(file, columns[name], numbers)
            pieces = [
                from_columns(planned, policy, _part(columns, place))
                for place, policy in enumerate(planned.policies)
            ]
            self.read += 1
            if self._judge is not None:
                self._judge(planned, draws, pieces, reasoning)
            return pieces
        if not self._keep:
            raise StudyError(f"'{file}' is missing: run again to have it made")
        pieces = list(solve())
        columns = {"draw": np.arange(draws.first, draws.first + draws.count), "rank": ranks, **put}
        for place, policy in enumerate(planned.policies):
            columns |= _headed(place, [piece for piece in pieces if piece.policy == policy], planned, draws)
        self._files.write(file, columns, belongs)
        return pieces


def _headed(place: int, pieces: Sequence[Piece], planned: Plan, draws: Draws) -> Columns:
    """Return one policy's columns, without its strategies: they would be most of the file."""
    parts = []
    for piece in sorted(pieces, key=lambda each: int(each.draw[0])):
        columns = to_columns(planned, piece, draws)
        parts.append(
            {
                name: values
                for name, values in columns.items()
                if name not in ("draw", "strategy") and not name.startswith(("parameter: ", "switch: "))
            }
        )
    return {f"{place}: {name}": np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}


def _part(columns: Columns, place: int) -> Columns:
    head = f"{place}: "
    own = {name.removeprefix(head): values for name, values in columns.items() if name.startswith(head)}
    return {**own, "draw": columns["draw"], "strategy": np.empty((0, len(columns["draw"])))}


def _compare(file: Path, kept: NDArray[np.float64], numbers: NDArray[np.float64]) -> None:
    if kept.shape != numbers.shape or not np.allclose(kept, numbers, rtol=SAME, atol=SAME):
        raise StudyError(
            f"'{file}' answers another question than the one asked: remove the folder "
            f"'{file.parent}' and run again"
        )
