"""Small scenarios for tests of the compile step."""

from __future__ import annotations

from parley.scenario import loads
from parley.scenario.model import Scenario

HEAD = """
parley: 1
title: A test
question: Does it hold?
"""

SIGNALS = """
players: {a: A, b: B, c: C}
parameters:
  p: {range: [20%, 60%]}
  e: 15%
  w: {range: [1, 3]}
story:
  - nature: type
    options: {hard: p, soft: rest}
    seen by: [a]
  - player: a
    move: talk
    options: [yes, no]
  - signal: leak
    of: type
    error: e
    seen by: [b]
  - player: b
    move: answer
    options: {accept: always, refuse: always, wait: talk is no}
    seen by: [a]
  - player: c
    move: press
    when: talk is yes
    options: [loud, quiet]
  - outcomes: {deal: answer is accept, fight: answer is refuse, drift: otherwise}
payoffs:
  a: {deal: "w if type is soft else 0", fight: -1, drift: 0}
  b: {deal: "1 if type is soft else -w", fight: "-1 if type is hard else 0.5", drift: 0}
  c: {otherwise: "1 if press is loud and type is hard else 0.2"}
compare:
  player: a
  policies: {open: {talk: yes}, shut: {talk: no}, mixed: {talk: {yes: 25%, no: rest}}, free: free}
  recommend: open
  by: [payoff(a)]
quantities:
  p deal: P(deal)
  p deal hard: P(deal | type is hard)
  after yes: P(fight | talk is yes and type is hard)
  trust: belief(b, type is soft | deal)
  trust at answer: belief(b, type is soft | at answer)
  gain: payoff(b | deal)
"""

MEETING = """
players: {ann: Ann, bob: Bob}
parameters:
  b: {range: [1.5, 3]}
  n: {range: [2, 14]}
precision: n
story:
  - {player: ann, move: say, options: [first, silent]}
  - when: say is first
    story:
      - {player: ann, move: go, options: [opera, boxing]}
      - {player: bob, move: follow, options: [opera, boxing]}
      - outcomes:
          at the opera: go is opera and follow is opera
          at the fight: go is boxing and follow is boxing
          apart: otherwise
  - simultaneous:
      - {player: ann, move: walk, options: [opera, boxing]}
      - {player: bob, move: drive, options: [opera, boxing]}
  - outcomes:
      opera again: walk is opera and drive is opera
      fight again: walk is boxing and drive is boxing
      missed: otherwise
payoffs:
  ann: {at the opera: b - 0.3, at the fight: 0.7, apart: -0.3, opera again: b, fight again: 1, missed: 0}
  bob: {at the opera: 1, at the fight: b, apart: 0, opera again: 1, fight again: b, missed: 0}
compare:
  player: ann
  policies: {wait: {say: silent}, tell: {say: first}}
  recommend: tell
quantities: {met: P(not (apart or missed))}
"""

ROUNDS = """
players: {a: A, b: B}
parameters:
  s: {range: [0.2, 1]}
  k: {range: [0.1, 0.5]}
  v: 2
state:
  heat: {start: 0, from: 0, to: 3}
story:
  - repeat: 3
    as: round
    until: event is breach
    story:
      - player: a
        move: act
        options: [hit, hold]
        seen by: nobody
      - race: event
        clocks:
          blow: {rate: s, when: act is hit}
          breach: k
        horizon: 4
        otherwise: calm
        flow: {a: -0.1}
        seen by: [b]
      - set: {heat: "min(heat + 1, 3) if event is blow else heat"}
      - player: b
        move: react
        options: {stay: always, leave: "heat > 0"}
      - outcomes: {left: react is leave}
  - outcomes: {broken: event is breach, done: otherwise}
payoffs:
  a: {left: -v, broken: -1, done: "1 - 0.2 * times(act is hit)", add: "-0.05 * time(event)"}
  b: {left: 0.5, broken: -1, done: 1}
quantities:
  length: time(event)
  hits: E(times(act is hit))
  p left: P(left)
"""


def scenario(text: str) -> Scenario:
    """Read a bare model."""
    return loads(HEAD + text, path="test.yaml")
