"""How the command ends: its exit codes, and one line where something is wrong."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from shared.settings import Settings
from shared.web_keys import new_key
from tearsheet import cli
from tearsheet.commands import EXIT_BROKEN_PIPE


def run(*arguments: str, **more: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tearsheet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)  # type: ignore[call-overload]


def test_help_lists_every_command_and_imports_none() -> None:
    code = (
        "import sys, tearsheet.cli as c\ntry: c.main(['--help'])\nfinally: print(*sorted(sys.modules), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert all(command in ended.stdout for command in cli.COMMANDS)
    assert not {"pydantic", "celery", "redis", "tantivy"} & set(ended.stderr.split())


def test_help_of_commands_waits_for_no_service() -> None:
    code = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(f'tearsheet.{name}')\n"
    command = [sys.executable, "-c", f"{code}print(*sys.modules)", *cli.COMMANDS]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    slow = {
        "celery",
        "redis",
        "requests",
        "lxml",
        "warcio",
        "tantivy",
        "opensearchpy",
        "fastapi",
        "selectolax",
        "numpy",
    }
    assert not slow & set(ended.stdout.split())


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert "Example" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["crawl", "--nonsense"], "No such option"),
        (["crawl", "http://a.example/", "--report", "/nowhere/at/all"], "there is no folder"),
        (["crawl", "--file", "/nowhere/at/all"], "/nowhere/at/all: No such file or directory"),
        (["crawl", "--file", "/dev/null"], "there is no URL"),
        (["crawl", ""], "there is no URL"),
        (["crawl", "http://a.example/", "--report", "/proc/nothing"], "/proc/nothing: "),
        (["crawl", "http://a.example/", "--include", "("], "'(' is no regular expression"),
        (["crawl", "http://a.example/", "--depth", "3"], "--depth is for --follow"),
        (["crawl", "http://a.example/", "--limit", "5"], "--limit is for found URLs"),
        (["crawl", "--warc", "/dev/null", "--follow"], "--warc goes with --report alone"),
        (["crawl", "--warc", "/dev/null", "--include", "x"], "--warc goes with --report alone"),
        (["forget", "a.example"], "--yes"),
        (["serve", "--host", "0.0.0.0"], "0.0.0.0 is reached from other machines, so callers need a key"),
        (["key", "new", "--name", "a:b", "--scope", "read"], "letters, digits"),
        (["key", "new", "--name", "a", "--scope", "all"], "'all' is not one of 'read', 'write'"),
        (["parse", ""], "'': no such file"),
        (["parse", "/"], "/: a folder, not a page"),
        (["parse", "http://"], "'http://': not a URL"),
        (["parse", "--jsonl", "/dev/null", "--jobs", "100000"], "100000 is not in the range"),
    ],
)
def test_wrong_input_is_one_line(arguments: list[str], words: str) -> None:
    ended = run(*arguments, stdin=subprocess.DEVNULL)
    assert ended.returncode in (1, 2)
    assert words in ended.stderr
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1
    assert not ended.stdout


def test_wrong_setting_is_one_line(tmp_path: Path) -> None:
    import os

    ended = run("crawl", "http://a.example/", env=os.environ | {"TEARSHEET_FETCH_DELAY": "soon"})
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: TEARSHEET_FETCH_DELAY: ")
    assert ended.stderr.count("\n") == 1


def test_settings_in_a_file_that_is_no_text_are_one_line(tmp_path: Path) -> None:
    import os

    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    source = Path(cli.__file__).parent.parent
    ended = run("status", cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(source)})
    assert (ended.returncode, ended.stderr) == (1, f"error: {tmp_path / '.env'} is no text in UTF-8\n")


@pytest.mark.parametrize("url", ["127.0.0.1:6379", "http://a.example/0", "redis://:secret@a.example:port/0"])
def test_wrong_redis_url_is_one_line_without_its_password(url: str) -> None:
    import os

    ended = run("status", env=os.environ | {"TEARSHEET_REDIS_URL": url})
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: TEARSHEET_REDIS_URL: ")
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_standard_stream_is_an_empty_one(closed: int, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>A page</title><p>Words of it.")
    for command in (f"parse {page}", "parse -", "--help"):
        shell = f'"$0" -m tearsheet {command} {closed}>&-'
        ended = subprocess.run(
            ["sh", "-c", shell, sys.executable], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert bool(ended.stdout) == (closed != 1)


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    import os
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port), env=os.environ | {"TEARSHEET_DATA": str(tmp_path)})
    assert ended.returncode == 1
    assert ended.stderr == f"error: 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("command", [["crawl", "http://a.example/"], ["worker", "fetcher"]])
def test_wrong_sites_file_is_one_line(command: list[str], tmp_path: Path) -> None:
    import os

    file = tmp_path / "sites.toml"
    file.write_text('["a.example"]\ndelay = "soon"')
    redis = {"TEARSHEET_REDIS_URL": "redis://127.0.0.1:9/0"} if command[0] == "worker" else {}
    ended = run(
        *command, env=os.environ | redis | {"TEARSHEET_FETCH_SITES": str(file), "TEARSHEET_DATA": str(tmp_path)}
    )
    assert ended.returncode == 1
    assert ended.stderr == f"error: {file}: ['a.example'].delay: Input should be a valid number\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.ClickException("so it is"), 1, "error: so it is\n"),
        (FileNotFoundError(2, "No such file", "x"), 1, "error: x: No such file\n"),
        (KeyError("of\nours"), 1, "error: KeyError: 'of\\nours' (a fault of Tearsheet"),
    ],
)
def test_what_ends_a_command_is_one_line(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def crawl() -> None:
        raise error

    import tearsheet.crawl

    monkeypatch.setattr(tearsheet.crawl, "crawl", crawl)
    with pytest.raises(SystemExit) as ended:
        cli.main(["crawl"])
    assert ended.value.code == code
    said = capsys.readouterr().err
    assert said.startswith(words)
    assert said.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error_to_shout_about() -> None:
    code = "import click, tearsheet.crawl as c\n@click.command()\ndef crawl():\n  while True: click.echo('x' * 100)\n"
    code += "c.crawl = crawl\nimport tearsheet.cli\ntearsheet.cli.main(['crawl'])"
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout
    assert writer.stderr
    writer.stdout.readline()
    writer.stdout.close()
    assert writer.wait(20) == EXIT_BROKEN_PIPE
    assert writer.stderr.read() == b""
    writer.stderr.close()


def test_help_answers_at_once() -> None:
    started = time.monotonic()
    run("--help")
    assert time.monotonic() - started < 2.0  # 0.15 s on an idle machine


def test_a_key_is_made_beside_those_there_are() -> None:
    keys = {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEARSHEET_")}
    for name, scope in (("news", "read"), ("desk", "write")):
        ended = run("key", "new", "--name", name, "--scope", scope, env=environment)
        key, setting = ended.stdout.splitlines()
        assert key not in setting + ended.stderr
        variable, _, value = setting.partition("=")
        environment[variable] = value
        keys[name, scope] = key
    entries = Settings(web_keys=environment["TEARSHEET_WEB_KEYS"], _env_file=None).web_keys
    assert {(e.name, e.scope): e.digest for e in entries} == {
        about: hashlib.sha256(key.encode()).hexdigest() for about, key in keys.items()
    }
    again = run("key", "new", "--name", "news", "--scope", "read", env=environment)
    assert (again.returncode, again.stdout) == (2, "")
    assert "there is a key news already" in again.stderr


def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    key = new_key("test", "read")[1]
    environment = os.environ | {"TEARSHEET_WEB_KEYS": str(key), "TEARSHEET_DATA": str(tmp_path)}
    assert "nowhere.invalid:8000: " in run("serve", "--host", "nowhere.invalid", env=environment).stderr
