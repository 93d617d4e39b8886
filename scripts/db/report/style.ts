/** The page's style: no font, picture or script from anywhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5f6b76; --page: #fff; --card: #f4f6f8; --line: #d9dfe4;
  --ok: #18794e; --warn: #9a5b00; --critical: #c21f2f; --unknown: #7d3fb0; --skipped: #5f6b76; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --dim: #9aa6b2; --page: #14181c; --card: #1d2329;
  --line: #343d46; --ok: #4cc38a; --warn: #f1a10d; --critical: #ff6369; --unknown: #bf7af0; --skipped: #9aa6b2; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 0.25rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
p { margin: 0.25rem 0 0.75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; margin: 1rem 0; }
a { color: inherit; }
.dim { color: var(--dim); }
.badge { display: inline-block; min-width: 4.6em; padding: 0 0.5em; border: 1px solid currentColor; border-radius: 0.4em;
  font-size: 0.85em; font-weight: 600; text-align: center; }
.ok { color: var(--ok); } .warn { color: var(--warn); } .critical { color: var(--critical); }
.unknown { color: var(--unknown); } .skipped { color: var(--skipped); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9em; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; white-space: nowrap; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre, code { font: 0.85em/1.45 ui-monospace, monospace; }
pre { margin: 0.4rem 0; padding: 0.6rem; background: var(--card); border-radius: 0.4rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
td code { overflow-wrap: anywhere; display: inline-block; min-width: 16rem; }
article { margin: 0.75rem 0; }
@media print { nav { display: none; } }
`;
