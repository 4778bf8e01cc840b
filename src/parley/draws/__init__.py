"""Tables of parameter values from the stated judgements.

What lives here: designs of points, inverse distribution functions, the copula, utilities from rankings.
What may not: the story, the game.
"""

from parley.draws.model import REPLICATES, Draws
from parley.draws.quantiles import describe
from parley.draws.space import Input, Space, space
from parley.draws.table import sample

__all__ = ["REPLICATES", "Draws", "Input", "Space", "describe", "sample", "space"]
