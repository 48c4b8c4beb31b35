"""Planted breaches: the proof that a check finds what it is there for."""

import contextlib
import dataclasses


@dataclasses.dataclass(frozen=True)
class Breach:
    """A file written into (or, with `replace`, changed in) a copy of the project.

    `finds` are words the finding on `path` must contain; `on` is the path it must name, where that is another one.
    `also` is a second file with the same content.
    With `harmless` the check must stay silent: the proof that comments and literals raise no alarm.
    """

    path: str
    content: str = ""
    finds: str = ""
    replace: str = ""
    on: str = ""
    also: str = ""
    harmless: bool = False

    @contextlib.contextmanager
    def planted(self, root):
        """The breach stands in the tree at `root` for the length of a with block."""
        with contextlib.ExitStack() as stack:
            for path in filter(None, (self.path, self.also)):
                stack.enter_context(self._written(root / path))
            yield

    @contextlib.contextmanager
    def _written(self, target):
        before = target.read_bytes() if target.exists() else None
        new_folders = [p for p in target.parents if not p.exists()]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self._content(before), encoding="utf-8")
        try:
            yield
        finally:
            target.unlink()
            for folder in new_folders:
                folder.rmdir()
            if before is not None:
                target.write_bytes(before)

    def _content(self, before):
        if not self.replace:
            return self.content
        text = before.decode("utf-8")
        if self.replace not in text:
            raise ValueError(f"{self.path} does not contain {self.replace!r}: mend the planted breach")
        return text.replace(self.replace, self.content, 1)
