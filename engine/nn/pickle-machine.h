// SPDX-License-Identifier: GPL-3.0-or-later
// The stack machine that reads a pickle: inert values, a stack with marks, a memo, operands. Which instructions there are,
// and which names may be asked for, is its users' to say: unpickler.c, foreign/numpy-pickle.c. Values live until the machine is cleared, so that a memo may hand one out again
// at no cost and cycles do no harm. A function that answers FALSE or NULL has set the machine's error.
#pragma once
#include <glib.h>

typedef enum {
  PCT_PICKLE_NUMBER,   // a truth value is 0 or 1
  PCT_PICKLE_TEXT,     // UTF-8
  PCT_PICKLE_TUPLE,
  PCT_PICKLE_DICT,
  PCT_PICKLE_LIST,
  PCT_PICKLE_REAL,
  PCT_PICKLE_BYTES,    // as they lie in the pickle
  PCT_PICKLE_NONE,
  PCT_PICKLE_NAME,     // of something that Python would import; here it stands for itself
  PCT_PICKLE_STORAGE,
  PCT_PICKLE_TENSOR,
  PCT_PICKLE_DTYPE,
  PCT_PICKLE_ARRAY,
  PCT_PICKLE_SCALAR,   // one number of an array
} PctPickleKind;

typedef struct _PctPickleValue PctPickleValue;
struct _PctPickleValue {
  PctPickleKind kind;
  union {
    gint64 number;                   // NUMBER; NAME: which one
    double real;                     // REAL
    char *text;                      // TEXT, owned
    const guint8 *bytes;             // BYTES, borrowed
    GPtrArray *items;                // TUPLE, LIST, DICT (keys and values in turn), of borrowed values
    const PctPickleValue *made_of;   // STORAGE, TENSOR, DTYPE, ARRAY, SCALAR: the tuple that describes it; or NULL
  };
  union {
    gsize n_bytes;                   // BYTES
    const PctPickleValue *state;     // DTYPE, ARRAY: the tuple that it was filled with; or NULL
  };
};

typedef struct {
  const guint8 *at, *end;   // what is still to be read
  const char *shown;        // the file, for messages
  const char *refusal;      // printf format of a message: the file, the reason; translated
  GError **error;
  GPtrArray *values;        // all that were made, owned
  GPtrArray *stack;
  GArray *marks;            // guint: how long the stack was
  GHashTable *memo;         // number -> value
} PctPickleMachine;

// bytes, shown and refusal are borrowed. refusal takes two texts, the file and the rest of the sentence.
void pct_pickle_machine_init(PctPickleMachine *machine, const guint8 *bytes, gsize n, const char *shown,
                             const char *refusal, GError **error);
void pct_pickle_machine_clear(PctPickleMachine *machine);

// Always FALSE, with PCT_ERROR_FORMAT.
gboolean pct_pickle_refuse(PctPickleMachine *machine, const char *reason);

// An operand of n <= 8 bytes, least significant first.
gboolean pct_pickle_read(PctPickleMachine *machine, guint n_bytes, guint64 *out);
// Up to the end of the line, without it, as much as messages show. Free with g_free.
char *pct_pickle_read_line(PctPickleMachine *machine);

// These push a value whose operand follows.
gboolean pct_pickle_push_integer(PctPickleMachine *machine, guint n_bytes, gboolean is_signed);
gboolean pct_pickle_push_long(PctPickleMachine *machine);
gboolean pct_pickle_push_real(PctPickleMachine *machine);
// The operand begins with its length, of n_bytes bytes.
gboolean pct_pickle_push_text(PctPickleMachine *machine, guint n_bytes);
gboolean pct_pickle_push_bytes(PctPickleMachine *machine, guint n_bytes);
// These push one made here; always TRUE.
gboolean pct_pickle_push(PctPickleMachine *machine, PctPickleValue value);
gboolean pct_pickle_push_number(PctPickleMachine *machine, gint64 number);

// Whether there are n values above the last mark: what may be looked at and dropped.
gboolean pct_pickle_needs(PctPickleMachine *machine, guint n);
PctPickleValue *pct_pickle_peek(const PctPickleMachine *machine, guint below_top);
void pct_pickle_drop(PctPickleMachine *machine, guint n);

gboolean pct_pickle_mark(PctPickleMachine *machine);
// Takes the last mark away; what was above it is then the top n values.
gboolean pct_pickle_close_mark(PctPickleMachine *machine, guint *n);
// The n values on top become a tuple, or are put into the dict or the list below them.
gboolean pct_pickle_make_tuple(PctPickleMachine *machine, guint n);
gboolean pct_pickle_set_items(PctPickleMachine *machine, guint n);
gboolean pct_pickle_append(PctPickleMachine *machine, guint n);

// The memo: notes the top down under the number that follows, or under the next one; or pushes what was noted.
gboolean pct_pickle_put(PctPickleMachine *machine, guint n_bytes);
gboolean pct_pickle_memoize(PctPickleMachine *machine);
gboolean pct_pickle_get(PctPickleMachine *machine, guint n_bytes);

// How many items a tuple, a list or a dict has.
guint pct_pickle_count(const PctPickleValue *value);
// Item i of a tuple or list if it is of the kind; else, or beyond its end, NULL.
const PctPickleValue *pct_pickle_item(const PctPickleValue *tuple, guint i, PctPickleKind kind);
