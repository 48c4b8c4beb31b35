# One way to speak to the person at the terminal: what is done now, and what went wrong.

say() { printf '== %s\n' "$*"; }

complain() { printf '!! %s\n' "$*" >&2; }
