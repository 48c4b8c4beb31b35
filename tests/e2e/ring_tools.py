"""A ring for end-to-end tests: the writer that they drive, and readers in the background."""
import os
import subprocess
import threading
import time

import common

SECONDS = 60  # for anything that has to happen


def tail_exe():
    return os.environ["MIRRORSCAN_TAIL_EXE"]


class Writer:
    """The program ring-writer: one command a line, one answer a line."""

    def __init__(self, path, size=65536):
        self.process = subprocess.Popen([os.environ["RING_WRITER_EXE"], path, str(size)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.hello = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(SECONDS)
        self.process.stdout.close()

    def write(self, kind, what):
        """The sequence number of the (last) record."""
        self.process.stdin.write("%s %s\n" % (kind, what))
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def kill(self):
        self.process.kill()
        self.process.wait(SECONDS)


class Background:
    """A program whose output is collected while it runs."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out, self.err = [], []
        self.threads = [threading.Thread(target=self._collect, args=pair, daemon=True) for pair in
                        ((self.process.stdout, self.out), (self.process.stderr, self.err))]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def _collect(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def wait_for(self, condition, what):
        until(lambda: condition(self), "%s; out: %s; err: %s" % (what, self.out[-5:], self.err[-5:]))

    def stop(self):
        """SIGTERM, then all that was printed. The exit status."""
        self.process.terminate()
        status = self.process.wait(SECONDS)
        for thread in self.threads:
            thread.join(SECONDS)
        return status


def until(condition, what):
    end = time.monotonic() + SECONDS
    while not condition():
        common.check(time.monotonic() < end, "did not come about in time: " + what)
        time.sleep(0.01)
