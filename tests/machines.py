"""Run tests as other machines would, and print which checks come near their bounds.

    python -m tests.machines                       # every setting that this processor can run
    python -m tests.machines --setting sse4-1      # one of them
    python -m tests.machines --all                 # the whole default suite, not only the tests marked `numeric`

A setting is an instruction set, at most the processor's own, a number of threads and a seed of all fixtures. Rounding differs between
instruction sets and with the order in which threads add up, so a check close to its bound may pass on one machine and fail on another.
A check is listed if its margin varies over the settings and comes within a factor of two of its bound in one of them; see `margins`
for what is recorded.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
NEAR = 0.5
"""Margins above this are within a factor of two of their bound."""
STAYS = 1e-9
"""Margins that differ by less, relative to their size, do not depend on the machine."""


@dataclass(frozen=True)
class Machine:
    """An instruction set.

    Attributes:
        needs: flags of the processor as Linux lists them.
        flags: for the compiler of JAX; core: of OpenBLAS; without: groups of instructions that NumPy must not use.
    """

    needs: tuple[str, ...]
    flags: str
    core: str
    without: str


MACHINES: Mapping[str, Machine] = {
    "sse4": Machine(("sse4_2",), "--xla_cpu_max_isa=SSE4_2", "Nehalem", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"),
    "avx2": Machine(("avx2", "fma"), "--xla_cpu_max_isa=AVX2", "Haswell", "X86_V4 AVX512_ICL AVX512_SPR"),
    "avx512": Machine(("avx512f", "avx512bw"), "--xla_cpu_max_isa=AVX512", "SkylakeX", "AVX512_SPR"),
}


@dataclass(frozen=True)
class Setting:
    """One way to run the tests: instruction set (empty: the processor's own), threads, and what is added to seeds."""

    machine: str
    threads: int
    seed: int = 0

    @property
    def name(self) -> str:
        """Such as sse4-1, or own-1-seed1."""
        return f"{self.machine or 'own'}-{self.threads}" + (f"-seed{self.seed}" if self.seed else "")

    def environment(self, scratch: Path) -> dict[str, str]:
        """The variables of a run; everything that it keeps goes into a folder of its own."""
        threads = {
            name: str(self.threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")
        }
        folders = {"TOCSIN_CACHE": str(scratch / "cache"), "PYTHONPYCACHEPREFIX": str(scratch / "bytecode")}
        chosen = {"TOCSIN_TEST_SEED": str(self.seed), **threads, **folders}
        if self.machine:
            machine = MACHINES[self.machine]
            flags = f"{os.environ.get('XLA_FLAGS', '')} {machine.flags}".strip()
            chosen |= {"XLA_FLAGS": flags, "OPENBLAS_CORETYPE": machine.core}
            chosen |= {"NPY_DISABLE_CPU_FEATURES": _known(machine.without)}
        return os.environ | chosen


def _known(groups: str) -> str:
    """Those groups of instructions that this NumPy has found on this processor; it warns if told to do without others."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return " ".join(name for name in groups.split() if name in found)


SETTINGS: tuple[Setting, ...] = (
    *(Setting(machine, threads) for machine in MACHINES for threads in (1, 2)),
    *(Setting("", 1, seed) for seed in (1, 2)),
)


@dataclass
class Run:
    """The result of a setting: pytest's last line, its status, and the largest margin of each check by test, line and text."""

    setting: Setting
    status: int
    said: str
    seconds: float
    margins: dict[tuple[str, int, str], float] = field(default_factory=dict)


def missing(setting: Setting) -> str:
    """Why this processor cannot run a setting; empty if it can."""
    if not setting.machine:
        return ""
    if platform.machine() not in ("x86_64", "AMD64") or not Path("/proc/cpuinfo").exists():
        return "instruction sets can be chosen only on x86 under Linux"
    flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 1)[1].split("\n", 1)[0].split())
    lacking = [flag for flag in MACHINES[setting.machine].needs if flag not in flags]
    return f"this processor lacks {', '.join(lacking)}" if lacking else ""


def run(setting: Setting, cpus: Sequence[int], *, everything: bool) -> Run:
    """Run the tests under a setting, on some of the processor's cores."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        record = Path(scratch) / "margins.jsonl"
        command = [
            sys.executable, "-m", "pytest", "-p", "tests.margins", f"--margins={record}", "-p", "no:cacheprovider",
            "-o", "enable_assertion_pass_hook=true", "-m", "not slow" if everything else "numeric and not slow",
        ]  # fmt: skip
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=setting.environment(Path(scratch)),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: _pin(cpus),
        )
        margins = _margins(record)
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["nothing was printed"]
    if done.returncode:
        sys.stdout.write(f"{done.stdout}{done.stderr}\n")
    return Run(setting, done.returncode, lines[-1], time.perf_counter() - begun, margins)


def _pin(cpus: Sequence[int]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cpus)


def _margins(record: Path) -> dict[tuple[str, int, str], float]:
    found: dict[tuple[str, int, str], float] = defaultdict(float)
    if record.exists():
        for line in record.read_text(encoding="utf-8").splitlines():
            check = json.loads(line)
            key = (check["test"], check["line"], check["check"])
            found[key] = max(found[key], check["margin"])
    return dict(found)


def near(runs: Sequence[Run]) -> Iterator[tuple[tuple[str, int, str], dict[str, float]]]:
    """Checks whose margin varies and comes near the bound: the check, and its margin by setting; the nearest first."""
    by_check: dict[tuple[str, int, str], dict[str, float]] = defaultdict(dict)
    for one in runs:
        for check, margin in one.margins.items():
            by_check[check][one.setting.name] = margin
    for check, margins in sorted(by_check.items(), key=lambda item: -max(item[1].values())):
        high, low = max(margins.values()), min(margins.values())
        if high > NEAR and high - low > STAYS * high:
            yield check, margins


def together(settings: Sequence[Setting], *, everything: bool) -> Iterator[Run]:
    """Run the settings of one thread side by side, a core each, then the others one after another."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    free = list(cpus)

    def alone(setting: Setting) -> Run:
        cpu = free.pop()
        try:
            return run(setting, [cpu], everything=everything)
        finally:
            free.append(cpu)

    with ThreadPoolExecutor(len(cpus)) as pool:
        yield from pool.map(alone, [setting for setting in settings if setting.threads == 1])
    for setting in settings:
        if setting.threads > 1:
            yield run(setting, cpus[: setting.threads], everything=everything)


def main() -> int:
    """Run the settings asked for and print the table."""
    names = {setting.name: setting for setting in SETTINGS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--setting", action="append", choices=names, help="a setting; again for more (default: all)")
    parser.add_argument("--all", action="store_true", help="the whole default suite")
    options = parser.parse_args()
    chosen = [names[name] for name in options.setting or names]
    for setting in chosen:
        if reason := missing(setting):
            print(f"{setting.name}: not run: {reason}", flush=True)
    runs = []
    for one in together([setting for setting in chosen if not missing(setting)], everything=options.all):
        runs.append(one)
        print(f"{one.setting.name}: {one.said} ({one.seconds:.0f} s in all)", flush=True)
    if len(runs) < 2:
        print("two settings or more show which checks vary")
        return int(any(one.status for one in runs) or not runs)
    listed = list(near(runs))
    print(
        f"\n{len(listed)} checks vary and come within a factor of two of their bound in a setting (1 is at the bound):"
    )
    for (test, line, check), margins in listed:
        print(f"{test.removeprefix('tests/')} line {line}: {check}")
        print("    " + ", ".join(f"{name} {margin:.3g}" for name, margin in margins.items()))
    return int(any(one.status for one in runs))


if __name__ == "__main__":
    sys.exit(main())
