"""The guard, which stands in for the kernel's word where there is none: tested wherever the tests run."""

import signal
import subprocess
import sys

from tearsheet.embedded import guard


def test_ends_what_runs_when_its_pipe_ends() -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        for code in ("import time; print('on', flush=True); time.sleep(600)", stubborn, "print('on')")
    ]
    for child in children:
        assert child.stdout
        assert child.stdout.readline() == b"on\n"
    plain, deaf, ended = children
    ended.wait(10)
    lines = f"+{plain.pid}\n+{ended.pid}\n+{deaf.pid}\n-{ended.pid}\n"
    subprocess.run([sys.executable, "-I", "-S", str(guard.__file__)], input=lines, text=True, check=True, timeout=20)
    assert plain.wait(10) == -signal.SIGTERM
    assert deaf.wait(10) == -signal.SIGKILL
    for child in children:
        child.communicate()
