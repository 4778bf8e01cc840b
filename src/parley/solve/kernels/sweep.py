"""One sweep over ``LANES`` draws abreast.

What lives here: reach forward, beliefs, values and responses backward, in the order of a
:class:`parley.solve.schedule.Steps`. What may not: iteration. Every function modifies its last array
arguments in place; the words for the arrays are those of :mod:`parley.solve.schedule`.
"""

from __future__ import annotations

import math

from parley.solve.kernels._jit import (
    LANES,
    accumulate,
    add,
    divide,
    exponential,
    fill,
    kernel,
    load,
    magnitude,
    maximum,
    multiply,
    pick,
    store,
    subtract,
)

__all__ = ["arrive", "backward", "mix", "prepare", "sweep"]

FAINT = 1e-250  # an information set with less reach than this has its beliefs computed in logarithms


@kernel
def mix(first, actions, odds, row, probability):  # type: ignore[no-untyped-def]
    """Probabilities of one information set from its log-odds ``odds[row:row + actions - 1]``."""
    if actions == 2:
        z = load(odds, row)
        small = exponential(subtract(fill(0.0), magnitude(z)))
        likely = divide(fill(1.0), add(fill(1.0), small))
        unlikely = multiply(small, likely)
        store(probability, first, pick(z, unlikely, likely))
        store(probability, first + 1, pick(z, likely, unlikely))
        return
    top = fill(0.0)
    for k in range(actions - 1):
        top = maximum(load(odds, row + k), top)
    part = exponential(subtract(fill(0.0), top))
    total = part
    store(probability, first, part)
    for k in range(actions - 1):
        part = exponential(subtract(load(odds, row + k), top))
        total = add(total, part)
        store(probability, first + 1 + k, part)
    share = divide(fill(1.0), total)
    for k in range(first, first + actions):
        store(probability, k, multiply(load(probability, k), share))


@kernel
def arrive(steps, static, probability, reach):  # type: ignore[no-untyped-def]
    """Reach of the rows that depend on chances alone (``static`` 1), or of the others (0)."""
    store(reach, 0, fill(1.0))
    for row in range(1, steps.size[2]):
        if steps.reach_static[row] == static:
            begin, end = steps.reach_first[row], steps.reach_first[row + 1]
            total = multiply(
                load(reach, steps.reach_source[begin]), load(probability, steps.reach_probability[begin])
            )
            for term in range(begin + 1, end):
                source = load(reach, steps.reach_source[term])
                total = accumulate(total, source, load(probability, steps.reach_probability[term]))
            store(reach, row, total)


@kernel
def believe(steps, reach, weight, faint):  # type: ignore[no-untyped-def]
    """Beliefs by Bayes' rule; ``faint[0]`` is the least reach of any information set."""
    least = fill(1.0)
    for infoset in steps.weighed:
        first = steps.first_weight[infoset]
        last = first + steps.members[infoset]
        total = load(reach, steps.member_reach[first])
        for row in range(first + 1, last):
            total = add(total, load(reach, steps.member_reach[row]))
        least = pick(subtract(least, total), total, least)
        share = divide(fill(1.0), maximum(total, fill(FAINT)))
        for row in range(first, last):
            store(weight, row, multiply(load(reach, steps.member_reach[row]), share))
    store(faint, 0, least)


@kernel
def believe_faintly(steps, lane, odds, probability, logarithm, weight):  # type: ignore[no-untyped-def]
    """Beliefs of one lane with reach kept in logarithms; uniform where no node can be reached."""
    reach = logarithm[steps.size[1] :]
    for row in range(steps.size[1]):
        chance = probability[row, lane]
        logarithm[row] = math.log(chance) if chance > 0.0 else -math.inf
    for infoset in steps.state_infoset:
        row, first = steps.first_state[infoset], steps.first_action[infoset]
        others = steps.first_action[infoset + 1] - first - 1
        top = 0.0
        for k in range(others):
            top = max(top, odds[row + k, lane])
        total = math.exp(-top)
        for k in range(others):
            total += math.exp(odds[row + k, lane] - top)
        top += math.log(total)
        logarithm[first] = -top
        for k in range(others):
            logarithm[first + 1 + k] = odds[row + k, lane] - top
    reach[0] = 0.0
    for row in range(1, steps.size[2]):
        begin, end = steps.reach_first[row], steps.reach_first[row + 1]
        top = -math.inf
        for term in range(begin, end):
            top = max(top, reach[steps.reach_source[term]] + logarithm[steps.reach_probability[term]])
        reach[row] = top
        if top > -math.inf and end - begin > 1:
            total = 0.0
            for term in range(begin, end):
                path = reach[steps.reach_source[term]] + logarithm[steps.reach_probability[term]]
                total += math.exp(path - top)
            reach[row] = top + math.log(total)
    for infoset in steps.weighed:
        first = steps.first_weight[infoset]
        last = first + steps.members[infoset]
        top = -math.inf
        for row in range(first, last):
            top = max(top, reach[steps.member_reach[row]])
        total = 0.0
        for row in range(first, last):
            part = math.exp(reach[steps.member_reach[row]] - top) if top > -math.inf else 1.0
            weight[row, lane] = part
            total += part
        for row in range(first, last):
            weight[row, lane] /= total


@kernel
def respond(steps, infoset, scale, value, weight, score, odds, probability):  # type: ignore[no-untyped-def]
    """Logit response of one information set; its log-odds go to ``odds`` when it belongs to the state."""
    first = steps.first_action[infoset]
    actions = steps.first_action[infoset + 1] - first
    choice, row = steps.choice_first[infoset], steps.first_weight[infoset]
    for k in range(actions):
        worth = load(value, steps.choice_value[choice + k])
        if steps.choice_payoff[choice + k]:
            worth = add(worth, load(value, steps.choice_payoff[choice + k]))
        if row >= 0:
            worth = multiply(worth, load(weight, row))
            for member in range(1, steps.members[infoset]):
                place = choice + member * actions + k
                part = load(value, steps.choice_value[place])
                if steps.choice_payoff[place]:
                    part = add(part, load(value, steps.choice_payoff[place]))
                worth = accumulate(worth, part, load(weight, row + member))
        store(score, k, worth)
    worth = load(score, 0)
    factor = load(scale, 0)
    for k in range(1, actions):
        store(score, k, multiply(factor, subtract(load(score, k), worth)))
    row = steps.first_state[infoset]
    if row >= 0:
        for k in range(1, actions):
            store(odds, row + k - 1, load(score, k))
    mix(first, actions, score, 1, probability)


@kernel
def backward(steps, begin, end, scale, weight, score, value, odds, probability):  # type: ignore[no-untyped-def]
    """Values and responses of the steps ``begin:end``."""
    for step in range(begin, end):
        index = steps.step_index[step]
        if steps.step_kind[step]:
            respond(steps, index, scale, value, weight, score, odds, probability)
            continue
        first, last = steps.value_first[index], steps.value_first[index + 1]
        part = load(value, steps.term_value[first])
        if steps.term_payoff[first]:
            part = add(part, load(value, steps.term_payoff[first]))
        total = multiply(part, load(probability, steps.term_probability[first]))
        for term in range(first + 1, last):
            part = load(value, steps.term_value[term])
            if steps.term_payoff[term]:
                part = add(part, load(value, steps.term_payoff[term]))
            total = accumulate(total, part, load(probability, steps.term_probability[term]))
        store(value, steps.value_row[index], total)


@kernel
def prepare(steps, scale, weight, score, odds, value, probability, reach):  # type: ignore[no-untyped-def]
    """What depends on payoffs and chances alone; to be done whenever a lane gets a new draw."""
    store(value, 0, fill(0.0))
    store(probability, steps.size[1] - 1, fill(1.0))
    backward(steps, steps.stage[0], steps.stage[1], scale, weight, score, value, odds, probability)
    arrive(steps, 1, probability, reach)


@kernel
def sweep(  # type: ignore[no-untyped-def]
    steps, active, scale, odds, score, logarithm, value, probability, reach, weight, fresh
):
    """Take the state ``odds`` to ``fresh``. Lanes that are not ``active`` hold numbers without meaning."""
    for infoset in steps.state_infoset:
        first = steps.first_action[infoset]
        actions = steps.first_action[infoset + 1] - first
        mix(first, actions, odds, steps.first_state[infoset], probability)
    arrive(steps, 0, probability, reach)
    believe(steps, reach, weight, score)
    for lane in range(LANES):
        if active[lane] and not score[0, lane] > FAINT:
            believe_faintly(steps, lane, odds, probability, logarithm, weight)
    backward(steps, steps.stage[1], steps.stage[2], scale, weight, score, value, fresh, probability)
