"""Run tests as other machines would, and list the checks that come close to their bounds.

    python -m tests.machines                       # every setting that this processor can run
    python -m tests.machines --setting sse4-1      # one setting
    python -m tests.machines --all                 # the whole default suite, not only the tests marked `numeric`

A setting is an instruction set that the processor has, a number of threads and a shift of all seeds. Rounding differs between
instruction sets and with the order in which threads add, so a check close to its bound may pass on one machine and fail on another.
A check is listed if its margin varies between settings and comes within a factor of two of its bound in one of them. `margins` defines
the margin.
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
MIN_MARGIN = 0.5
"""Margins above this are within a factor of two of their bound."""
MIN_VARIATION = 1e-9
"""Margins that differ by less, relative to their size, do not depend on the machine."""


@dataclass(frozen=True)
class Machine:
    """An instruction set.

    Attributes:
        needs: flags of the processor, as Linux lists them.
        flags: options of JAX's compiler.
        core: core type for OpenBLAS.
        without: groups of instructions that NumPy must not use.
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
    """One way to run the tests: instruction set (empty for the processor's own), number of threads, shift of the seeds."""

    machine: str
    threads: int
    seed: int = 0

    @property
    def name(self) -> str:
        """Return its name, such as sse4-1 or own-1-seed1."""
        return f"{self.machine or 'own'}-{self.threads}" + (f"-seed{self.seed}" if self.seed else "")

    def environment(self, scratch: Path) -> dict[str, str]:
        """Return the environment variables of a run; all its files go into the folder `scratch`."""
        threads = {
            name: str(self.threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")
        }
        folders = {"TOCSIN_CACHE": str(scratch / "cache"), "PYTHONPYCACHEPREFIX": str(scratch / "bytecode")}
        variables = {"TOCSIN_TEST_SEED": str(self.seed), **threads, **folders}
        if self.machine:
            machine = MACHINES[self.machine]
            flags = f"{os.environ.get('XLA_FLAGS', '')} {machine.flags}".strip()
            variables |= {"XLA_FLAGS": flags, "OPENBLAS_CORETYPE": machine.core}
            variables |= {"NPY_DISABLE_CPU_FEATURES": _detected(machine.without)}
        return os.environ | variables


def _detected(groups: str) -> str:
    """Return the groups of instructions that NumPy detects on this processor; it warns if others are disabled."""
    detected = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return " ".join(name for name in groups.split() if name in detected)


SETTINGS: tuple[Setting, ...] = (
    *(Setting(machine, threads) for machine in MACHINES for threads in (1, 2)),
    *(Setting("", 1, seed) for seed in (1, 2)),
)


@dataclass
class Run:
    """The result of a setting.

    Attributes:
        setting: how the tests ran.
        status: exit status of pytest; last_line: of its output; seconds: how long it ran.
        margins: largest margin of each check, by test, line and text.
    """

    setting: Setting
    status: int
    last_line: str
    seconds: float
    margins: dict[tuple[str, int, str], float] = field(default_factory=dict)


def missing(setting: Setting) -> str:
    """Return why this processor cannot run a setting; empty if it can."""
    if not setting.machine:
        return ""
    if platform.machine() not in ("x86_64", "AMD64") or not Path("/proc/cpuinfo").exists():
        return "instruction sets can be chosen only on x86 under Linux"
    flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags", 1)[1].split("\n", 1)[0].split())
    lacking = [flag for flag in MACHINES[setting.machine].needs if flag not in flags]
    return f"this processor lacks {', '.join(lacking)}" if lacking else ""


def run(setting: Setting, cpus: Sequence[int], *, everything: bool) -> Run:
    """Run the tests under a setting on some of the processor's cores."""
    start = time.perf_counter()
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
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["no output"]
    if done.returncode:
        sys.stdout.write(f"{done.stdout}{done.stderr}\n")
    return Run(setting, done.returncode, lines[-1], time.perf_counter() - start, margins)


def _pin(cpus: Sequence[int]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cpus)


def _margins(record: Path) -> dict[tuple[str, int, str], float]:
    margins: dict[tuple[str, int, str], float] = defaultdict(float)
    if record.exists():
        for line in record.read_text(encoding="utf-8").splitlines():
            check = json.loads(line)
            key = (check["test"], check["line"], check["check"])
            margins[key] = max(margins[key], check["margin"])
    return dict(margins)


def close_checks(runs: Sequence[Run]) -> Iterator[tuple[tuple[str, int, str], dict[str, float]]]:
    """Yield checks whose margin varies and comes close to the bound, with their margins by setting, the closest first."""
    by_check: dict[tuple[str, int, str], dict[str, float]] = defaultdict(dict)
    for result in runs:
        for check, margin in result.margins.items():
            by_check[check][result.setting.name] = margin
    for check, margins in sorted(by_check.items(), key=lambda item: -max(item[1].values())):
        high, low = max(margins.values()), min(margins.values())
        if high > MIN_MARGIN and high - low > MIN_VARIATION * high:
            yield check, margins


def run_all(settings: Sequence[Setting], *, everything: bool) -> Iterator[Run]:
    """Run the single-threaded settings in parallel, one per core, then the others one after another."""
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    free = list(cpus)

    def on_one_core(setting: Setting) -> Run:
        cpu = free.pop()
        try:
            return run(setting, [cpu], everything=everything)
        finally:
            free.append(cpu)

    with ThreadPoolExecutor(len(cpus)) as pool:
        yield from pool.map(on_one_core, [setting for setting in settings if setting.threads == 1])
    for setting in settings:
        if setting.threads > 1:
            yield run(setting, cpus[: setting.threads], everything=everything)


def main() -> int:
    """Run the requested settings and print the checks close to their bounds."""
    names = {setting.name: setting for setting in SETTINGS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--setting", action="append", choices=names, help="a setting (repeatable; default: all)")
    parser.add_argument("--all", action="store_true", help="the whole default suite")
    options = parser.parse_args()
    requested = [names[name] for name in options.setting or names]
    for setting in requested:
        if reason := missing(setting):
            print(f"{setting.name}: not run: {reason}", flush=True)
    runs = []
    for result in run_all([setting for setting in requested if not missing(setting)], everything=options.all):
        runs.append(result)
        print(f"{result.setting.name}: {result.last_line} ({result.seconds:.0f} s in all)", flush=True)
    if len(runs) < 2:
        print("run two or more settings to see which checks vary")
        return int(any(result.status for result in runs) or not runs)
    listed = list(close_checks(runs))
    print(
        f"\n{len(listed)} checks vary between settings and come within a factor of two of their bound in one (1 is at the bound):"
    )
    for (test, line, check), margins in listed:
        print(f"{test.removeprefix('tests/')} line {line}: {check}")
        print("    " + ", ".join(f"{name} {margin:.3g}" for name, margin in margins.items()))
    return int(any(result.status for result in runs))


if __name__ == "__main__":
    sys.exit(main())
