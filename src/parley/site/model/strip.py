"""The packed sweep of one assumption: the conclusion at each of its values.

What lives here: the layout, reading it, interpolation; in plain Python, so that the process that serves
pages can draw an estimate for a reader without JavaScript. What may not: solving
(:mod:`parley.site.model.sweeps`), NumPy.

Layout, all little-endian. P points, K policies (in the order of ``Edition.policies``), Q = 50 quantiles:

====================  =====  =============================================================================
offset                type   what
====================  =====  =============================================================================
0                     4 B    ``PSW1``
4                     u8     kind: 0 parameter, 1 switch
5                     u8     P
6                     u8     K
7                     u8     Q
8                     u8     index of the recommended policy
9                     u8     index of the author's point, 255 where no point is the author's own
10                    u16    readings behind each point
12                    u32    0
16                    f64    low: value of the first criterion that the code 0 stands for
24                    f64    high: that of the code 65534
32                    f64    the author's middle of the assumption; of a switch its default's index
40                    f64×P  values of the assumption, ascending; of a switch 0, 1, ... in the order
                             of its options
40 + 8P               u16    ``[P][K][Q]`` quantiles (k - 0.5) / 50 of the first criterion, k = 1 ... 50:
                             code c stands for low + (high - low) c / 65534
40 + 8P + 2PKQ        u16    ``[P][K]`` the mean, in the same code
40 + 8P + 2PK(Q + 1)  u16    ``[P][K]`` share c / 65534 of readings in which the recommended policy does
                             better than policy k
40 + 8P + 2PK(Q + 2)  u16    ``[P][K]`` share in which it does worse; in the rest both are the same
40 + 8P + 2PK(Q + 3)  u16    ``[P][K]`` share in which policy k is the best of those that compete
40 + 8P + 2PK(Q + 4)         end
====================  =====  =============================================================================

The code 65535 stands for "no value": no certified answer there; shares beside the recommended policy
itself; the best of what does not compete. Between two points everything is interpolated linearly,
quantile by quantile, for a parameter; never for a switch. Flagship: P = 41, K = 5: 22 KB.
"""
