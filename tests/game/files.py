"""Games in Gambit's format for several tests."""

from __future__ import annotations

__all__ = ["DRIVER", "EXAMPLES", "HEAD", "KUHN_DEAL", "POKER"]

HEAD = 'EFG 2 R "t" { "A" } '
POKER = """EFG 2 R "poker" { "Alice" "Bob" }
c "" 1 "card" { "King" 1/3 "Queen" 2/3 } 9 "ante" { -1 1 }
p "" 1 1 "king" { "bet" "fold" } 0
p "" 2 1 "answer" { "call" "give up" } 0
t "" 1 "" { 2 -2 } t "" 2 "" { 1 -1 } t "" 3 "" { -1 1 }
p "" 1 2 "queen" { "bet" "fold" } 0
p "" 2 1 0 t "" 4 "" { -2, 2, } t "" 2 t "" 3
"""
DRIVER = HEAD + 'p "" 1 1 "" { "B" "E" } 0 p "" 1 1 0 t "" 1 "" { 1 } t "" 2 "" { 4 } t "" 0'
# What OpenSpiel's export of Kuhn poker begins with.
KUHN_DEAL = """EFG 2 R "kuhn_poker()" { "Pl0" "Pl1" }
c "" 1 "" { "Deal:0" 0.3333333333333333 "Deal:1" 0.3333333333333333 "Deal:2" 0.3333333333333333  } 0
"""
ODD = r"""EFG 2 D "odd \"words\" and \ slashes" { "Å \"q\"" "a'b" "a\"b" } "two
lines"
p "root" 1 0 "say \"go\"" { "a \"b\"" "a 'b'" "" } 7 "half" { 1/2 0.1 .25 }
c "" -4 "draw" { "x" 1/3 "y" 1/3 "z" 1/3 } 0
t "" 1 "win" { 1/3 0.12345678901234567890123456789 1e-3 }
t "" 1 t "" 2 "win" { 147483647/3 12345678901/4 -1e2 }
c "" -4 0 t "" 0 t "" 1 t "" 0
c "" 12 "" { "x" 0.1 "y" 0.9 } 0 t "end" 0 t "" 3 "" { 5. 00012 -0 }
"""
EXAMPLES = {"poker": POKER, "driver": DRIVER, "odd": ODD, "nothing": HEAD + 't "" 0'}
