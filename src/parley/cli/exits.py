"""Exit codes of the command line.

====  ==============================================================================
0     done
1     the scenario is at fault
2     the command is at fault: an option, a name, a file that cannot be read or written
3     not solved well enough to speak, or a certificate does not hold
70    a fault in Parley
130   stopped by Ctrl-C
141   the reader of a pipe went away
====  ==============================================================================
"""

from __future__ import annotations

__all__ = ["FAULT", "INSUFFICIENT", "INTERRUPTED", "PIPE", "SCENARIO", "USAGE"]

SCENARIO = 1
USAGE = 2
INSUFFICIENT = 3
FAULT = 70
INTERRUPTED = 130
PIPE = 141
