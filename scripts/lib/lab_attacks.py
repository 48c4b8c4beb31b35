"""What clients fetch in the kernel lab, and which rules of tests/e2e/kernel_lab.rules must say so.

The attacks are harmless: the server is Python's and has only the files that make_site() writes.
"""
import os

EXPECTED = [9000101, 9000102, 9000103]
LARGE_BYTES = 1_000_000


def make_site(folder):
    """The files of the web server."""
    files = {
        "index.html": b"<h1>Shop</h1>\n",
        "report.txt": b"$ id\nuid=0(root) gid=0(root) groups=0(root)\n",
        # Far into a stream of many packets, so that it is found by the stream and not by one packet.
        "backup.bin": b"\0" * LARGE_BYTES + b"-----BEGIN LAB PRIVATE KEY-----\n",
    }
    for name, content in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


def fetch_all(lab):
    """Fetches everything once, in a connection each."""
    lab.curl("/")
    lab.curl("/download?file=../../../etc/passwd")
    lab.curl("/report.txt")
    backup = lab.curl("/backup.bin")
    if len(backup) <= LARGE_BYTES:
        raise RuntimeError(f"curl got {len(backup)} bytes of the large file")
