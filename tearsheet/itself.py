"""How this command is called by whoever called it: what a message tells to type must work when it is typed."""

import os
import shlex
import shutil
import sys
from pathlib import Path


def itself() -> str:
    """`tearsheet` where the shell finds this one by that name, else its path, relative where it is below."""
    called = Path(sys.argv[0])
    if called.name != "tearsheet":  # a module of ours, run by python -m
        called = Path(sys.executable).with_name("tearsheet")
    found = shutil.which("tearsheet")
    if found is not None and os.path.realpath(found) == os.path.realpath(called):
        return "tearsheet"
    here = Path.cwd()
    return shlex.quote(str(called.relative_to(here) if called.is_relative_to(here) else called))
