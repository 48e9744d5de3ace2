/*
 * What lexbor looks for in a page four bytes at a time (lexbor/core/swar.h, whose place this takes), sixteen at a time:
 * as many as WebAssembly's vectors have.
 */

#ifndef LEXBOR_SWAR_H
#define LEXBOR_SWAR_H

#include <wasm_simd128.h>

/* Where the first of some characters is, or less than sixteen bytes before the end. */
static inline const unsigned char *
lexbor_swar_seek4(const unsigned char *data, const unsigned char *end,
                  unsigned char c1, unsigned char c2, unsigned char c3, unsigned char c4)
{
    v128_t bytes, found;

    for (; end - data >= 16; data += 16) {
        bytes = wasm_v128_load(data);
        found = wasm_v128_or(
            wasm_v128_or(wasm_i8x16_eq(bytes, wasm_i8x16_splat(c1)), wasm_i8x16_eq(bytes, wasm_i8x16_splat(c2))),
            wasm_v128_or(wasm_i8x16_eq(bytes, wasm_i8x16_splat(c3)), wasm_i8x16_eq(bytes, wasm_i8x16_splat(c4))));
        if (wasm_v128_any_true(found)) {
            return data + __builtin_ctz(wasm_i8x16_bitmask(found));
        }
    }
    return data;
}

#endif
