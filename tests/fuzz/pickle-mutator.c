// SPDX-License-Identifier: GPL-3.0-or-later
#include "pickle-mutator.h"
#include <string.h>
#include "base/random.h"

// Instructions as a state dict uses them, and a few that it never does.
static const struct {
  const char *bytes;
  gsize n;
} phrases[] = {
#define PHRASE(text) { text, sizeof text - 1 }
  PHRASE("\x80\x02"), PHRASE("}"), PHRASE("("), PHRASE(")"), PHRASE("t"), PHRASE("u"), PHRASE("s"), PHRASE("b"),
  PHRASE("\x85"), PHRASE("\x86"), PHRASE("\x87"), PHRASE("\x88"), PHRASE("\x89"), PHRASE("R"), PHRASE("Q"),
  PHRASE("."), PHRASE("q\x01"), PHRASE("h\x01"), PHRASE("r\x00\x01\x00\x00"), PHRASE("j\x00\x01\x00\x00"),
  PHRASE("K\x00"), PHRASE("K\x01"), PHRASE("K\x06"), PHRASE("M\xff\xff"), PHRASE("J\xff\xff\xff\xff"),
  PHRASE("\x8a\x00"), PHRASE("\x8a\x01\x80"), PHRASE("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"),
  PHRASE("\x8a\x05\x00\x10\xa5\xd4\xe8"), PHRASE("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80"), PHRASE("\x8a\x09" "123456789"),
  PHRASE("X\x01\x00\x00\x00" "0"), PHRASE("X\x01\x00\x00\x00" "1"), PHRASE("X\x01\x00\x00\x00" "w"),
  PHRASE("X\x00\x00\x00\x00"), PHRASE("X\x07\x00\x00\x00storage"), PHRASE("X\x02\x00\x00\x00\xc3\xa9"),
  PHRASE("ccollections\nOrderedDict\n"), PHRASE("ctorch._utils\n_rebuild_tensor_v2\n"),
  PHRASE("ctorch\nFloatStorage\n"), PHRASE("ctorch\nDoubleStorage\n"), PHRASE("ctorch\nHalfStorage\n"),
  PHRASE("ctorch\nLongStorage\n"), PHRASE("cos\nsystem\n"), PHRASE("cnumpy\ndtype\n"),
  PHRASE("cnumpy.core.multiarray\n_reconstruct\n"), PHRASE("cnumpy.core.multiarray\nscalar\n"), PHRASE("X\2\0\0\0f8"),
  PHRASE("X\2\0\0\0O8"), PHRASE("]"), PHRASE("a"), PHRASE("e"), PHRASE("l"), PHRASE("N"), PHRASE("0"), PHRASE("\x94"),
  PHRASE("C\1b"), PHRASE("C\0"), PHRASE("G\x3f\xf8\0\0\0\0\0\0"), PHRASE("\x8c\1x"), PHRASE("\x93"), PHRASE("\x81"),
#undef PHRASE
};

// Bytes of the instruction at the start, operand included, as far as they are there.
static gsize
instruction_length(const guint8 *bytes, gsize n)
{
  gsize length = 1;
  switch (bytes[0]) {
  case 0x80:
  case 'K':
  case 'q':
  case 'h': length = 2; break;
  case 'M': length = 3; break;
  case 'J':
  case 'r':
  case 'j': length = 5; break;
  case 'G':
  case 0x95: length = 9; break;
  case 'C':
  case 0x8c:
  case 0x8a: length = 2 + (n > 1 ? bytes[1] : 0); break;
  case 'B':
  case 'X': length = 5 + (n >= 5 ? bytes[1] | (gsize)bytes[2] << 8 : 0); break;
  case 'c':
    for (int lines = 0; length < n && lines < 2; length++)
      lines += bytes[length] == '\n';
    break;
  }
  return MIN(length, n);
}

// Where instruction i begins, counted from 0; n where there are fewer.
static gsize
find_instruction(const guint8 *bytes, gsize n, guint i)
{
  gsize at = 0;
  while (at < n && i-- > 0)
    at += instruction_length(bytes + at, n - at);
  return at;
}

// old bytes at a place give way to new ones, which may lie anywhere else; n after.
static gsize
replace(guint8 *bytes, gsize n, gsize max, gsize at, gsize old, const guint8 *new, gsize n_new)
{
  if (n - old + n_new > max)
    return n;
  memmove(bytes + at + n_new, bytes + at + old, n - at - old);
  if (n_new > 0)
    memcpy(bytes + at, new, n_new);
  return n - old + n_new;
}

// Of the first number from here on another value: what shapes, strides and offsets are made of.
static void
change_number(PctRandom *random, guint8 *bytes, gsize n)
{
  static const guint8 telling[] = { 0, 1, 2, 6, 7, 8, 9, 0x7f, 0x80, 0xff };
  gsize at = 0;
  while (at < n && !memchr("KMJ\x8a", bytes[at], 4))
    at += instruction_length(bytes + at, n - at);
  gsize length = at < n ? instruction_length(bytes + at, n - at) : 0;
  if (length < 2)
    return;
  guint8 *operand = bytes + at + 1 + pct_random_below(random, (guint32)length - 1);
  *operand = pct_random_below(random, 2) ? telling[pct_random_below(random, G_N_ELEMENTS(telling))]
                                         : (guint8)pct_random_below(random, 256);
}

gsize
pickle_mutate(guint8 *bytes, gsize n, gsize max, guint seed)
{
  PctRandom random = pct_random(seed, 0);
  for (guint32 left = 1 + pct_random_below(&random, 4); left > 0; left--) {
    guint count = 0;
    for (gsize at = 0; at < n; at += instruction_length(bytes + at, n - at))
      count++;
    guint i = pct_random_below(&random, count + 1), from = pct_random_below(&random, count + 1);
    gsize at = find_instruction(bytes, n, i), start = find_instruction(bytes, n, from);
    gsize length = at < n ? instruction_length(bytes + at, n - at) : 0;
    gsize stretch = find_instruction(bytes + start, n - start, 1 + pct_random_below(&random, 40));
    guint phrase = pct_random_below(&random, G_N_ELEMENTS(phrases));
    const guint8 *words = (const guint8 *)phrases[phrase].bytes;
    g_autofree guint8 *copy = g_memdup2(bytes + start, stretch);
    switch (pct_random_below(&random, 7)) {
    case 0: n = replace(bytes, n, max, at, length, words, phrases[phrase].n); break;
    case 1: n = replace(bytes, n, max, at, 0, words, phrases[phrase].n); break;
    case 2: n = replace(bytes, n, max, at, length, NULL, 0); break;
    case 3: n = replace(bytes, n, max, at, 0, copy, stretch); break;
    case 4: n = replace(bytes, n, max, start, stretch, NULL, 0); break;
    default: change_number(&random, bytes + at, n - at);
    }
  }
  return n;
}
