"""A body of a test's own, as the fetcher reads bodies."""

from collections.abc import Iterable


class GivenBytes:
    """Pieces as they are given, whatever is asked for."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""
        self.sent = 0

    def read(self, most: int) -> bytes:
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = piece
            self.sent += len(piece)
        out, self._held = self._held[:most], self._held[most:]
        return out

    def complete(self) -> bool:
        return True


def in_steps(data: bytes, step: int) -> GivenBytes:
    return GivenBytes(data[n : n + step] for n in range(0, len(data), step))
