"""Bytes to text in an encoding of the Encoding Standard (https://encoding.spec.whatwg.org/).

Python has codecs for all of them, made after other tables: they know no ① in EUC-JP, no € in GBK, and have another wave
dash. What differs is put right here, as a comparison with Firefox's decoders (encoding_rs) showed it for each byte,
each pair of bytes and JIS X 0212.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache

import webencodings

# Above this share of undecodable characters among those beyond ASCII a text is in another encoding.
_TOLERATED = 0.1
# U+FFFD, and C1 controls: what single-byte encodings make of bytes that no text in them has.
_MISFIT = re.compile("[\ufffd\x80-\x9f]")
# Undecoded places that are looked at one by one, at 1 us each; with more it is no text in this encoding.
_PUT_RIGHT = 10_000

# Single-byte encodings with bytes that Python has no character or another one for.
_TABLES = re.compile("windows-.*|koi8-u")
_OTHER_LETTERS = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}
# Characters for which the Standard has others.
_OTHER_CHARACTERS = {
    "euc-jp": dict(zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True)),
    "big5": dict(zip("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡", strict=True)),
    "gb18030": dict(
        zip(
            "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
            "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19ḿ龴龵龶龷龸龹龺龻",
            strict=True,
        )
    ),
    "shift_jis": dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", "\ufffd"),
}
# What Python's big5hkscs lacks of the Standard's index Big5: the bytes of the first character, then all in a row.
_BIG5 = """
    877a㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹
    87c1瓆鿇垳䤯呌䄱𣚎堘穲𧭥讏䚮𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋 8e69箸 8e6f簆 8e7e糎 8eab緒 8eb4縝 8ecd者
    8ed0耨 8f57菁 8f69蒨 8f6e萏 8fcb覦覩 8ffe起 906d都 907a銹 90dc靜 90f1響 91bf鼖 9244蔃 92af兙兛兝兞 92c8鍮
    92d1瑹 9447浧 94ca禛 95d9邗 9644靝 96ed瀞 96fc嬨 9b76爁 9b78矗 9b7b纇 9bc6駖 9bde釔 9bec惞 9bf6澶 9c42輶
    9c53侻 9c62營 9c68鄄 9c6b鷰 9c77菏 9cbc尐秣 9cd0婧 9d57輋 9d5a筑 9dc4拐 9ea9恢 9eef痹 9efd汊 9f60鬮 9f66鼗
    9fcb僭 9fd8弌 a063蠏 a077拎 a0d5瑨 a0df煢 a0e4牐 a3c0␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟␡€ c6cf廴 c6d3无 c6d5癶
    c6d7隶 c6de〃仝 fa5f倩 fa66偽 fabd包 fac5卄 fad5卿 fb48嘅 fbb8婷 fbf3幵 fbf9廐 fc4f彘 fc6c悤 fcb9撐 fce2晴
    fcf1杞 fdb7沜渝 fdbb港 fdf1煮 fe52猪 fe6f瑜 feaa瓩 fedd砉
"""
# What Python's EUC-JP may leave undecoded: rows of NEC and IBM.
_JIS_PAIRS = re.compile(rb"(?:[\xa1-\xfe][\xa1-\xfe])+")
# ISO-2022-JP: what follows says which set comes (ASCII, JIS-Roman, katakana, JIS X 0208 of 1978 and of 1983).
_ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B])")
_TO_EUC = bytes(each | 0x80 if 0x21 <= each <= 0x7E else each if each < 0x80 else 0xFF for each in range(256))


def decode_as(body: bytes, name: str) -> str:
    """The text in an encoding, by its name in the Standard; undecodable bytes as U+FFFD."""
    if name == "replacement":
        return "\ufffd"
    if name == "iso-2022-jp":
        return "".join(_iso_2022_jp(body))
    if _TABLES.fullmatch(name):
        return codecs.charmap_decode(body, "replace", _table(name))[0]
    if name == "gbk":
        name = "gb18030"  # One decoder for both.
    codec = webencodings.lookup(name).codec_info
    text: str = codec.decode(body, "replace")[0]
    if name in _HANDLERS and 0 < text.count("\ufffd") <= _PUT_RIGHT:
        text = body.decode(codec.name, f"tearsheet-{name}")
    others = _OTHER_CHARACTERS.get(name)
    return re.sub(f"[{''.join(others)}]", lambda m: others[m.group()], text) if others else text


def fits(text: str) -> bool:
    """Whether a text beyond ASCII is decoded well enough to have been in this encoding.

    A foreign snippet is forgiven, and that the text is cut in the middle of its last character.
    """
    text = text.rstrip("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return beyond > 0 and sum(1 for _ in _MISFIT.finditer(text)) <= _TOLERATED * beyond


@cache
def _table(name: str) -> str:
    """A character for each byte; where Python has none, C1 controls stand for themselves, as the Standard says."""
    decode = webencodings.lookup(name).codec_info.decode
    table = [decode(bytes([each]), "replace")[0] for each in range(256)]
    for each in range(0x80, 0xA0):
        if table[each] == "\ufffd":
            table[each] = chr(each)
    for each, letter in _OTHER_LETTERS.get(name, {}).items():
        table[each] = letter
    return "".join(table)


def _iso_2022_jp(body: bytes) -> Iterator[str]:
    charset = b"(B"
    for index, piece in enumerate(_ESCAPE.split(body)):
        if index % 2:
            charset = piece
        elif charset == b"(B":
            yield piece.decode("ascii", "replace")
        elif charset == b"(J":
            yield piece.decode("ascii", "replace").replace("\\", "¥").replace("~", "‾")
        else:
            yield decode_as(piece.translate(_TO_EUC), "shift_jis" if charset == b"(I" else "euc-jp")


def _euc_jp(error: UnicodeDecodeError) -> tuple[str, int]:
    """The pairs by way of Shift_JIS, whose codec has all rows."""
    pairs = _JIS_PAIRS.match(error.object, error.start)
    if pairs is None:
        return "\ufffd", error.end
    found = pairs.group()
    shifted = bytearray()
    for high_row, high_cell in zip(found[::2], found[1::2], strict=True):
        row, cell = high_row - 0x80, high_cell - 0x80
        shifted.append((row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0))
        shifted.append(cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20))
    return shifted.decode("cp932", "replace"), pairs.end()


def _big5(error: UnicodeDecodeError) -> tuple[str, int]:
    found = _big5_table().get(error.object[error.start : error.start + 2])
    return (found, error.start + 2) if found else ("\ufffd", error.end)


@cache
def _big5_table() -> dict[bytes, str]:
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    table = {}
    for run in _BIG5.split():
        lead, first = bytes.fromhex(run[:4])
        for number, character in enumerate(run[4:], start=trails.index(first)):
            row, place = divmod(number, len(trails))
            table[bytes([lead + row, trails[place]])] = character
    return table


def _gb18030(error: UnicodeDecodeError) -> tuple[str, int]:
    return ("€", error.start + 1) if error.object[error.start] == 0x80 else ("\ufffd", error.end)


_HANDLERS: dict[str, Callable[[UnicodeDecodeError], tuple[str, int]]] = {
    "big5": _big5,
    "euc-jp": _euc_jp,
    "gb18030": _gb18030,
}
for _name, _handler in _HANDLERS.items():
    codecs.register_error(f"tearsheet-{_name}", _handler)  # type: ignore[arg-type]
