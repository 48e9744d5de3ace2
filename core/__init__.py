"""The parser's core: Rust, compiled to WebAssembly (`core.wasm`, built by `core/build`) and run by wasmtime.

So it needs no compiler where it is installed, and whatever a page's bytes make of it, it can touch nothing but its own
memory. `docs/core.md` says what is where.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes import addressof, memmove, string_at
from enum import IntEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from wasmtime import Config, Engine, Func, FuncType, Linker, Memory, Module, Store, ValType, WasmtimeError

_WASM: Final = Path(__file__).with_name("core.wasm")


@cache
def _made() -> Engine:
    config = Config()
    try:
        # What was compiled once is kept, for this and other processes: 5 ms in the place of seconds.
        config.cache = True
    except WasmtimeError:
        # Without a home there is no place for it.
        config = Config()
    return Engine(config)


_MAKING: Final = threading.Lock()


def _engine() -> Engine:
    """One a process, whichever threads ask first: a module and an instance of two engines do not fit. Made when it is
    asked for, as it has a thread, and workers fork."""
    with _MAKING:
        return _made()


# WebAssembly's memory never shrinks. After a page that made it grow past this it is dropped whole, and made anew, which
# takes 0.2 s until all patterns are compiled again. A pass over 1,358 pages of up to 5 MB makes it grow to 75 MB.
_MOST_KEPT: Final = 80 << 20
# Bytes of arguments for which no room is made anew: of 1,358 pages 94 % have less.
_ROOM: Final = 1 << 20


class Question(IntEnum):
    """What the core asks of its host (`src/host.rs`)."""

    LEFT_OVER = 0
    """JSON with `text` and `language` -> how many microseconds ago dateparser says that is, or nothing."""
    DATE_WORDS = 1
    """A JSON list of languages -> JSON with each one's words for dates or null, everyday ones by the empty text."""
    YEAR = 2
    """Nothing -> the year now."""


_MOST: Final = 0xFFFFFFFF_FFFFFFFF
_TOO_DEEP: Final = _MOST
_NOT_DECODED: Final = _MOST - 1
"""What `parse` returns in place of an answer (`src/exports.rs`)."""

Answer = Callable[[str], str]


class CoreError(RuntimeError):
    """The core stopped, which no page may make it do: its message has the WebAssembly trap."""


class Core:
    """One instance of the core. For one thread at a time; it holds a lock while it works."""

    def __init__(
        self,
        answers: Mapping[Question, Answer] = MappingProxyType({}),
        weights: bytes | None = None,
        languages: bytes | None = None,
        *,
        platforms: bool = True,
    ) -> None:
        """`answers`: who answers the core's questions; `weights`: the models' (`src/arrays.rs`), which `parse` needs;
        `languages`: a fastText model (`src/fasttext.rs`), without which languages are told by their script alone;
        `platforms`: whether it knows what only one platform's markup has (`src/platforms.rs`).

        Raises ValueError where weights or model are none.
        """
        self._answers = answers
        self._models = {"load": weights, "load_languages": languages}
        self._platforms = platforms
        self._lock = threading.Lock()
        self._instance = self._new()

    def _new(self) -> "_Instance":
        instance = _Instance(self._answers)
        instance.asked("seed", secrets.token_bytes(8))
        if not self._platforms:
            instance.asked("forget_platforms")
        for load, model in self._models.items():
            if model is not None and (error := instance.ask(load, model)):
                raise ValueError(error.decode())
        instance.reserve(_ROOM)
        return instance

    def parse(
        self,
        about: dict[str, Any],
        body: bytes,
        decoded: Callable[[bytes], bytes],
        flattened: Callable[[bytes], bytes],
    ) -> bytes:
        """A page's records as JSON.

        `about`: `url`, `final_url`, `fetched_at`, `status`, `content_hash`, `parser_version`, `further`, `explain`;
        `body`: its bytes; `decoded`: makes them UTF-8, where they may be something else; `flattened`: makes its source
        less deep, where it is too deep. Raises CoreError.
        """
        done = {"decoded": False, "flat": False}
        with self._running() as instance:
            said = instance.asked("parse", json.dumps(about | done).encode(), body)
            if said == _NOT_DECODED:
                done["decoded"], body = True, decoded(body)
                said = instance.asked("parse", json.dumps(about | done).encode(), body)
            if said == _TOO_DEEP:
                done = dict.fromkeys(done, True)
                said = instance.asked("parse", json.dumps(about | done).encode(), flattened(body))
            return instance.answer(said)

    def call(self, name: str, **args: object) -> Any:  # noqa: ANN401 - as JSON has it
        """The answer of one of the core's functions (`src/calls`). Raises CoreError."""
        with self._running() as instance:
            said = json.loads(instance.ask("call", json.dumps({"name": name, "args": args}).encode()))
        if "error" in said:
            raise CoreError(said["error"])
        return said["answer"]

    def exceeds(self, source: bytes) -> bool:
        """Whether a page's source is nested too deep, or has too many tags, to be parsed as it is."""
        with self._running() as instance:
            return instance.asked("exceeds", source) != 0

    @contextmanager
    def _running(self) -> Iterator["_Instance"]:
        """The instance, for one thread; what stopped or grew too large is made anew."""
        with self._lock:
            kept = False
            try:
                yield self._instance
                kept = self._instance.size <= _MOST_KEPT
            finally:
                if not kept:
                    self._instance.close()
                    self._instance = self._new()


@cache
def _module() -> Module:
    return Module.from_file(_engine(), str(_WASM))


class _Instance:
    def __init__(self, answers: Mapping[Question, Answer]) -> None:
        self._answers = answers
        self._answer = b""
        self._store = Store(_engine())
        linker = Linker(_engine())
        number = ValType.i32()
        linker.define(self._store, "host", "ask", Func(self._store, FuncType([number] * 3, [number]), self._ask))
        linker.define(self._store, "host", "take", Func(self._store, FuncType([number], []), self._take))
        exports = linker.instantiate(self._store, _module()).exports(self._store)
        self._exports = exports
        self._memory = cast("Memory", exports["memory"])
        self._given = self._room = 0

    def close(self) -> None:
        """Gives its memory back, which the runtime would keep as long as it knows of our functions."""
        self._store.close()

    @property
    def size(self) -> int:
        """Bytes of its memory."""
        return self._memory.data_len(self._store)

    def ask(self, function: str, *arguments: bytes) -> bytes:
        """The bytes that one of the exported functions answers with. Raises CoreError."""
        return self.answer(self.asked(function, *arguments))

    def reserve(self, size: int) -> None:
        """Makes room for arguments of so many bytes, in the place of what there was."""
        self._given, self._room = self._call("reserve", size), size

    def answer(self, said: int) -> bytes:
        """The bytes that a number stands for: where they are, and how many."""
        return self._read(said >> 32, said & 0xFFFFFFFF)

    def asked(self, function: str, *arguments: bytes) -> int:
        """The number that it returns. Raises CoreError."""
        sizes = [len(argument) for argument in arguments]
        try:
            if sum(sizes) > self._room:
                self.reserve(sum(sizes))
            at = self._given
            for argument in arguments:
                self._write(at, argument)
                at += len(argument)
            return self._call(function, *sizes)
        except WasmtimeError as error:
            raise CoreError(str(error)) from error

    def _call(self, name: str, *arguments: int) -> int:
        answer = cast("Func", self._exports[name])(self._store, *arguments)
        # Numbers of 64 bits come back with their sign.
        return int(answer or 0) & _MOST

    def _ask(self, what: int, start: int, size: int) -> int:
        start, size = start & 0xFFFFFFFF, size & 0xFFFFFFFF
        text = self._read(start, size).decode()
        self._answer = self._answers[Question(what)](text).encode()
        return len(self._answer)

    def _take(self, to: int) -> None:
        self._write(to & 0xFFFFFFFF, self._answer)

    # The runtime's own ways copy twice, which for a page takes a quarter of the time that lexbor takes to parse it.
    def _read(self, start: int, size: int) -> bytes:
        return string_at(self._at(start, size), size)

    def _write(self, start: int, what: bytes) -> None:
        memmove(self._at(start, len(what)), what, len(what))

    def _at(self, start: int, size: int) -> int:
        """Where a stretch of its memory is in ours. Raises CoreError where it has none such."""
        if start + size > self.size:
            raise CoreError(f"{size} bytes from {start} on are beyond a memory of {self.size}")
        return addressof(self._memory.data_ptr(self._store).contents) + start


@cache
def plain() -> Core:
    """A core without weights and answers, for what needs none."""
    return Core()
