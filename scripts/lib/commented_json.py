"""Reads JSON with // and /* */ comments, as mirrorscan's configuration allows them."""
import json
import re

STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.loads(STRING_OR_COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else " ", file.read()))
