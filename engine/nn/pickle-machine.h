// SPDX-License-Identifier: GPL-3.0-or-later
// The stack machine that reads a pickle: inert values, a stack with marks, a memo, operands. What the instructions
// mean is unpickler.c's, the only user. Values live until the machine is cleared, so that a memo may hand one out again
// at no cost and cycles do no harm. A function that answers FALSE or NULL has set the machine's error.
#pragma once
#include <glib.h>

typedef enum {
  PCT_PICKLE_NUMBER,   // a truth value is 0 or 1
  PCT_PICKLE_TEXT,     // UTF-8
  PCT_PICKLE_TUPLE,
  PCT_PICKLE_DICT,
  PCT_PICKLE_NAME,     // of something that Python would import; here it stands for itself
  PCT_PICKLE_STORAGE,
  PCT_PICKLE_TENSOR,
} PctPickleKind;

typedef struct _PctPickleValue PctPickleValue;
struct _PctPickleValue {
  PctPickleKind kind;
  union {
    gint64 number;                   // NUMBER; NAME: which one
    char *text;                      // TEXT, owned
    GPtrArray *items;                // TUPLE, DICT (keys and values in turn), of borrowed values
    const PctPickleValue *made_of;   // STORAGE, TENSOR: the tuple that describes it
  };
};

typedef struct {
  const guint8 *at, *end;   // what is still to be read
  const char *shown;        // the file, for messages
  GError **error;
  GPtrArray *values;        // all that were made, owned
  GPtrArray *stack;
  GArray *marks;            // guint: how long the stack was
  GHashTable *memo;         // number -> value
} PctPickleMachine;

void pct_pickle_machine_init(PctPickleMachine *machine, const guint8 *bytes, gsize n, const char *shown,
                             GError **error);
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
gboolean pct_pickle_push_text(PctPickleMachine *machine);
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
// The n values on top become a tuple, or are put into the dict below them.
gboolean pct_pickle_make_tuple(PctPickleMachine *machine, guint n);
gboolean pct_pickle_set_items(PctPickleMachine *machine, guint n);

// The memo: notes the top down under the number that follows, or pushes what was noted.
gboolean pct_pickle_put(PctPickleMachine *machine, guint n_bytes);
gboolean pct_pickle_get(PctPickleMachine *machine, guint n_bytes);

// How many items a tuple or dict has.
guint pct_pickle_count(const PctPickleValue *value);
// Item i of a tuple if it is of the kind; else, or beyond its end, NULL.
const PctPickleValue *pct_pickle_item(const PctPickleValue *tuple, guint i, PctPickleKind kind);
