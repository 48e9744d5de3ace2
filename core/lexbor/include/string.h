/* Of the C library what lexbor asks for; the first five are Rust's own. */
#ifndef TEARSHEET_STRING_H
#define TEARSHEET_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);
int memcmp(const void *one, const void *other, size_t size);
size_t strlen(const char *text);

static inline void *memchr(const void *text, int byte, size_t size)
{
    const unsigned char *at = text, *end = at + size;
    for (; at != end; at++) {
        if (*at == (unsigned char) byte) {
            return (void *) at;
        }
    }
    return NULL;
}

static inline int strncmp(const char *one, const char *other, size_t size)
{
    for (; size != 0; one++, other++, size--) {
        if (*one != *other || *one == '\0') {
            return (unsigned char) *one - (unsigned char) *other;
        }
    }
    return 0;
}

#endif
