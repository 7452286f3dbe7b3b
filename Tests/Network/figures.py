"""The figures of a test: what was measured, what was aimed at, and under which load of the machine."""

from dataclasses import asdict, dataclass, field
import json
import os
from pathlib import Path
import time


@dataclass
class Figure:
    name: str
    value: float | None
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def has_goal(self) -> bool:
        return self.at_most is not None or self.at_least is not None

    @property
    def is_met(self) -> bool:
        if not self.has_goal:
            return True
        if self.value is None:
            return False
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least)

    @property
    def goal(self) -> str:
        if self.at_most is not None and self.at_least == -self.at_most:
            return f"± {self.at_most:g}"
        bounds = ("≤", self.at_most), ("≥", self.at_least)
        return " ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)

    def __str__(self) -> str:
        value = "never" if self.value is None else f"{self.value:g}"
        return f"{self.name} {value} {self.unit}".strip() + (f" (goal {self.goal})" if self.has_goal else "")


@dataclass
class Row:
    """One fault and everything that was measured with it."""

    name: str
    fault: str
    browser: str = ""
    figures: list[Figure] = field(default_factory=list)
    load: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, value: float | None, unit: str = "", digits: int = 1, **goal: float) -> None:
        self.figures.append(Figure(name, None if value is None else round(float(value), digits), unit, **goal))

    def missed(self) -> list[str]:
        return [str(figure) for figure in self.figures if not figure.is_met]

    def save(self, directory: Path) -> str:
        """One line of JSON, which also goes into a file of its own."""
        directory.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(self), ensure_ascii=False)
        (directory / f"{self.name.replace(' ', '-')}.json").write_text(line + "\n")
        return line

    @staticmethod
    def load_from(path: Path) -> "Row":
        saved = json.loads(path.read_text())
        saved["figures"] = [Figure(**figure) for figure in saved["figures"]]
        return Row(**saved)


class Load:
    """How busy the machine was from the making of this on: by everybody, and by the processes of the test."""

    def __init__(self, own_namespaces: list[int]):
        self.inodes = {os.fstat(namespace).st_ino for namespace in own_namespaces}
        self.began = self._look()

    def _look(self) -> tuple[float, float, float]:
        user, nice, system, _, _, irq, softirq, steal, *_ = map(int, Path("/proc/stat").read_text().split()[1:11])
        return time.monotonic(), (user + nice + system + irq + softirq + steal) / ticks(), self._own_seconds()

    def _own_seconds(self) -> float:
        total = 0.0
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and (entry / "ns/net").stat().st_ino in self.inodes:
                    fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                    # Of the process itself and of its children that have ended, each as user and system.
                    total += sum(map(int, fields[11:15])) / ticks()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return total

    def figures(self) -> dict[str, float]:
        """In cores."""
        before, now = self.began, self._look()
        seconds = now[0] - before[0]
        busy, own = (now[1] - before[1]) / seconds, (now[2] - before[2]) / seconds
        others = max(0.0, busy - own)
        return {"cores": os.cpu_count(), "busy": round(busy, 2), "test": round(own, 2), "others": round(others, 2)}


def ticks() -> int:
    return os.sysconf("SC_CLK_TCK")
