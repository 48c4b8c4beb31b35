"""Just enough of C++ to tell code from comments and literals."""

import re

TOKEN = re.compile(
    r"""
    (?P<line_comment>//(?:[^\\\n]|\\.|\\\n)*)
  | (?P<block_comment>/\*.*?\*/)
  | (?P<raw>\bu?8?[uUL]?R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)")
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<character>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')
    """,
    re.X | re.S,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")', re.M)


def _spaces(text):
    return re.sub(r"[^\n]", " ", text)


def blank(text, *, literals):
    """`text` with comments, and where asked literals, turned into spaces; newlines stay."""

    def replace(match):
        if match["line_comment"] or match["block_comment"]:
            return _spaces(match[0])
        if not literals:
            return match[0]
        return '"' + _spaces(match[0])[1:-1] + '"'

    return TOKEN.sub(replace, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def includes(text):
    bare = blank(text, literals=False)
    return [(line_of(bare, m.start(1)), m[1]) for m in INCLUDE.finditer(bare)]
