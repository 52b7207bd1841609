//! How the page looks: dark on white, one column, tables that scroll in a box of their own.

/// The page's style sheet, without that of pictures.
pub const STYLE: &str = "\
:root{color-scheme:light;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;line-height:1.5}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:0 1rem 3rem;color:#1a1a1a;background:#fff;overflow-wrap:break-word}
:root:has(#lang-en:checked) .nb{display:none}
:root:has(#lang-nb:checked) .en{display:none}
h1{font-size:1.8rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.4rem;line-height:1.25;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:2px solid #1f4e79}
h3{font-size:1.1rem;margin:1.5rem 0 .5rem}
p,ul,ol{max-width:48rem}
.under{color:#444;margin:0}
a{color:#0b4f8a}
a:focus-visible,input:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}
.skip{position:absolute;left:-100rem;background:#fff;padding:.5rem}
.skip:focus{left:1rem;top:1rem;z-index:1}
.language{border:1px solid #767676;border-radius:.25rem;display:inline-flex;gap:1rem;padding:.1rem .75rem .35rem;margin:1rem 0 0}
.language legend{font-size:.85rem;padding:0 .25rem}
.language label{padding:.25rem 0}
nav ol{columns:16rem;padding-left:1.5rem;margin:1rem 0}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem}
figure{margin:1rem 0;min-width:0;max-width:48rem}
figcaption{font-weight:600;margin-bottom:.25rem}
figure svg{display:block;width:100%;min-width:28rem;height:auto}
details{margin:.5rem 0}
summary{cursor:pointer;color:#0b4f8a;padding:.25rem 0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-size:.9rem;margin:.25rem 0}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{padding:.2rem .6rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #555;vertical-align:bottom}
tbody th{font-weight:400}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td:not(.n){min-width:6rem;overflow-wrap:anywhere}
td.l{min-width:18rem}
pre{background:#f3f3f3;padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere}
pre.scroll{white-space:pre;overflow-wrap:normal;max-height:30rem;overflow:auto;font-size:.85rem}
@media print{
body{max-width:none;padding:0;font-size:9.5pt}
.skip,.language,nav,summary{display:none}
h2,h3,figcaption{break-after:avoid}
figure svg,tr{break-inside:avoid}
figure svg{min-width:0}
td.l{min-width:10rem}
.grid{grid-template-columns:1fr 1fr}
.scroll{overflow:visible}
table{font-size:7.5pt}
a{color:inherit;text-decoration:none}
@page{size:A4;margin:16mm}
}
";
