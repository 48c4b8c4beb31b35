"""Literals and rules made by seed, for whoever has no test data: as long, and as often without case, as those of
Emerging Threats Open's rules that the test data has literals of."""

import random

SYLLABLES = "ba co de fi gu ha jo ke li mu na po qu re si ta vu wa xe zo in er an st th on al or".split()
JOINTS = ["/", "-", "_", ".", "=", "&", " ", "%", "?", ":", ""]
LENGTHS = (6, 6, 8, 8, 10, 12, 14, 16, 16, 18, 20, 24, 28, 36, 60)  # quantiles: median 16, mean 20; shorter ones are words of any text
SHARE_WITHOUT_CASE, SHARE_TCP = 0.42, 0.85
FIRST_SID = 1_000_000  # the rules of literals count from 1


TO_SERVER = "alert tcp any any -> any 80 (flow:established,to_server; "
TO_CLIENT = "alert tcp any 80 -> any any (flow:established,to_client; "
DATAGRAM = "alert udp any any -> any any ("


def literal(draw):
    """One text, of words as paths and fields have them."""
    length, text = draw.choice(LENGTHS), ""
    while len(text) < length:
        word = "".join(draw.choice(SYLLABLES) for _ in range(draw.randint(1, 3)))
        text += (word.capitalize() if draw.random() < 0.3 else word) + draw.choice(JOINTS)
    return text[:length].encode()


def literals(count, seed=1):
    """`count` different (bytes, is without case, protocol)."""
    draw, seen = random.Random(seed), {}
    while len(seen) < count:
        seen.setdefault(literal(draw), (draw.random() < SHARE_WITHOUT_CASE, "tcp" if draw.random() < SHARE_TCP else "udp"))
    return [(text, *kind) for text, kind in seen.items()]


def literals_text(found):
    """As mirrorscan-bench reads it: HEX i|- PROTOCOL."""
    return "".join(f"{text.hex()} {'i' if nocase else '-'} {protocol}\n" for text, nocase, protocol in found)


def content(text, more=""):
    return f'content:"|{text.hex(" ")}|"; {more}'


def rule(number, draw, texts):
    """One of the shapes that rules with payload conditions have."""
    first, second = draw.choice(texts), draw.choice(texts)
    options = {
        0: content(first, "nocase; ") + content(second, "distance:0; within:200; "),
        1: content(first, "fast_pattern; ") + content(second, "nocase; "),
        2: content(first, "depth:300; "),
        3: content(first, "offset:4; depth:400; ") + content(second, "distance:1; "),
        4: content(first) + content(second[:6], "distance:0; ") + 'pcre:"/[0-9]{2,6}/R"; ',
    }[number % 5]
    head = TO_SERVER if number % 3 else TO_CLIENT
    if number % 7 == 0:
        head, options = DATAGRAM, content(first)
    return f'{head}msg:"made {number}"; {options}sid:{FIRST_SID + number}; rev:1;)\n'


def rules_text(count, seed=2):
    """Rules with headers, directions and two contents, as a set in use has them."""
    draw = random.Random(seed)
    texts = [text for text, *_ in literals(2 * count, seed)]
    return "".join(rule(number, draw, texts) for number in range(1, count + 1))
