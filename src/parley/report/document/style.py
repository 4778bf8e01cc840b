"""The style of a report: on a screen, at night, on a phone, on paper.

What lives here: one style sheet. What may not: the style of pictures (:mod:`parley.report.pictures.theme`).
"""

from __future__ import annotations

__all__ = ["STYLE"]

_SANS = (
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,"
    "'Liberation Sans','DejaVu Sans',sans-serif"
)
_MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_DARK = "--paper:#14181d;--ink:#e8ebee;--soft:#a3acb6;--line:#2f363e;--tint:#1c2229;--link:#6cb6ff"

_SCREEN = f"""
:root{{--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#dfe3e8;--tint:#f5f7f9;--link:#0a5fa8}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
html{{-webkit-text-size-adjust:100%}}
body{{margin:0 auto;padding:1.5rem clamp(.7rem,3.2vw,1.1rem) 4rem;max-width:46rem;
background:var(--paper);color:var(--ink);font:1.0625rem/1.6 {_SANS}}}
"""

_TEXT = """
a{color:var(--link)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);
outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
h1{font-size:clamp(1.7rem,5vw,2.3rem);line-height:1.15;margin:1rem 0 .4rem;letter-spacing:-.01em;
text-wrap:balance}
h2{font-size:1.4rem;line-height:1.25;margin:3rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--line);
text-wrap:balance}
h3{font-size:1.12rem;line-height:1.3;margin:2rem 0 .4rem;text-wrap:balance}
h4{font-size:1rem;margin:1.5rem 0 .3rem}
summary>h2,summary>h3,summary>h4{display:inline;border:0;padding:0}
p,ul,ol,dl,blockquote{margin:.7rem 0}
li+li{margin-top:.25rem}
.question{font-size:1.2rem;line-height:1.45;color:var(--soft);margin:.2rem 0 1rem;text-wrap:pretty}
.facts{list-style:none;padding:0;color:var(--soft);font-size:.94rem;margin:.5rem 0}
.lead{font-size:1.22rem;line-height:1.5;text-wrap:pretty}
.note{color:var(--soft);font-size:.94rem}
nav{background:var(--tint);border-radius:.5rem;padding:.7rem 1rem;margin:1.5rem 0;font-size:.97rem}
nav ol{margin:0;padding-left:1.4rem;columns:2 14rem;column-gap:2rem}
blockquote{margin-left:0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line);color:var(--soft)}
blockquote p{margin:.3rem 0}
dt{font-weight:600;margin-top:.7rem}dd{margin:.1rem 0 0 0}
"""

_PARTS = f"""
code{{font:.92em/1.4 {_MONO};background:var(--tint);padding:.08em .3em;border-radius:.25em;
overflow-wrap:anywhere}}
pre{{background:var(--tint);border-radius:.5rem;padding:.8rem 1rem;overflow-x:auto}}
pre code{{background:none;padding:0;overflow-wrap:normal}}
.wide{{overflow-x:auto;margin:1rem 0}}
table{{border-collapse:collapse;width:100%;font-size:.94rem;font-variant-numeric:tabular-nums}}
caption{{text-align:left;color:var(--soft);padding-bottom:.4rem;caption-side:top}}
th,td{{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line)}}
thead th{{color:var(--soft);font-weight:600;vertical-align:bottom}}
tbody th{{font-weight:500}}
.number{{text-align:right;white-space:nowrap}}
figure{{margin:1.6rem 0}}
figcaption{{color:var(--soft);font-size:.94rem;margin-top:.4rem;max-width:36rem}}
figure details{{font-size:.94rem;margin-top:.3rem;color:var(--soft)}}
details>summary{{cursor:pointer}}
footer{{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}}
"""

_PAPER = """
@media print{
:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--tint:#f4f4f4;--link:#000}
body{max-width:none;padding:0;font-size:10.5pt}nav,.skip{display:none}
h1,h2,h3,h4{break-after:avoid}h2{margin-top:2rem}
figure,blockquote,tr,figcaption{break-inside:avoid}thead{display:table-header-group}
p,li,dd{orphans:3;widows:3}dt{break-after:avoid}
table{font-size:9pt}th,td{padding:.25rem .6rem .25rem 0}
figure .parley-picture{max-width:30rem;max-height:225mm}
details::details-content{content-visibility:visible;display:block}
summary{list-style:none}summary::-webkit-details-marker{display:none}
pre{white-space:pre-wrap;overflow:visible;break-inside:avoid}pre code{overflow-wrap:anywhere}
figure details{display:none}.wide{overflow:visible}
@page{margin:18mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);
font:9pt sans-serif;color:#444}}
}
"""

STYLE = "".join((_SCREEN, _TEXT, _PARTS, _PAPER)).replace("\n", "")
