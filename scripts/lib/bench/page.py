"""docs/performance.md: its generated part, and the checksums of inputs that it promises."""

import re

BEGIN, END = "<!-- scripts/bench writes from here -->", "<!-- to here -->"


class Unwritable(Exception):
    """Why the page is left as it is."""


def refusals(result):
    """What forbids to write these results down as the product's figures."""
    why = [f"row {row['key']}: {row['why']}" for row in result["rows"] if row["verdict"] == "refused"]
    why += [f"input {name}: its checksum is not the one in the page" for name, made in result["inputs"].items() if made.get("differs")]
    if result["mode"] != "full":
        why.append(f"a {result['mode']} run: the page has figures of full runs only")
    return why


def checksums(text):
    """SHA-256 by name of input, as the page has them."""
    return dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text, re.MULTILINE))


def with_table(text, table):
    """The page with its generated part replaced."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise Unwritable(f"needs the lines '{BEGIN}' and '{END}', once each")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    return f"{head}{BEGIN}\n\n{table}\n{END}{tail}"
