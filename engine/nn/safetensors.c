// SPDX-License-Identifier: GPL-3.0-or-later
// Reading the format. What a header says is believed only once the whole of it is checked: the arrays must
// lie side by side and fill the file exactly, which rules out overlaps and bounds memory by the file's own size. The
// JSON parser recurses and forgives, so a header is first looked through for what it could be misled by.
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/error.h"
#include "nn/float-bits.h"
#include "nn/safetensors.h"

// Some ten thousands of arrays; a larger header would only be there to exhaust memory.
#define MAX_HEADER (16 << 20)
#define BLOCK 65536

typedef struct {
  const guint8 *bytes;  // NULL: read from descriptor
  int descriptor;
  gsize size;
  const char *name;     // for messages
  const char *prefix;   // of the names of arrays that are wanted; NULL: all
} Source;

typedef struct {
  char *name;
  const char *dtype;    // borrowed from the JSON
  gsize bytes_each, begin, end, count;
  int rank;
  gsize shape[PCT_TENSOR_MAX_RANK];
} Entry;

static void
entry_free(gpointer data)
{
  g_free(((Entry *)data)->name);
  g_free(data);
}

static gboolean
refuse(const Source *source, GError **error, const char *reason)
{
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a valid safetensors file: %s."), source->name, reason);
  return FALSE;
}

static gboolean
refuse_entry(const Source *source, const char *name, GError **error, const char *reason)
{
  g_autofree char *start = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), 80));
  g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("“%s” is not a valid safetensors file: array “%s” %s."),
              source->name, start, reason);
  return FALSE;
}

static gboolean
read_at(const Source *source, gsize offset, gpointer out, gsize n, GError **error)
{
  if (source->bytes) {
    memcpy(out, source->bytes + offset, n);
    return TRUE;
  }
  for (gsize done = 0; done < n;) {
    gssize got = pread(source->descriptor, (char *)out + done, n - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not read “%s”: %s."), source->name,
                  got < 0 ? g_strerror(errno) : _("it became shorter meanwhile"));
      return FALSE;
    }
    done += (gsize)got;
  }
  return TRUE;
}

// A header is one object of objects with arrays of whole numbers and strings: nothing deeper, and outside strings no
// letters, signs or comments. Numbers of 19 digits and more might not fit.
static gboolean
is_plain_header(const char *header, gsize n)
{
  gboolean in_string = FALSE, ended = FALSE;
  int depth = 0, digits = 0;
  for (gsize i = 0; i < n; i++) {
    char c = header[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
      continue;
    }
    if (c == '\0' || !strchr(ended ? " \t\r\n" : "{}[]:,\" \t\r\n0123456789", c))
      return FALSE;
    digits = g_ascii_isdigit(c) ? digits + 1 : 0;
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    in_string = c == '"';
    ended = depth == 0;
    if (digits > 18 || depth > 3 || depth < 0)
      return FALSE;
  }
  return ended;
}

static gsize
bytes_of_dtype(const char *dtype)
{
  static const struct {
    const char *name;
    gsize bytes;
  } known[] = { { "F32", 4 }, { "F16", 2 }, { "BF16", 2 }, { "F64", 8 } };
  for (guint i = 0; i < G_N_ELEMENTS(known); i++)
    if (strcmp(dtype, known[i].name) == 0)
      return known[i].bytes;
  return 0;
}

static JsonArray *
member_array(JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member(object, name);
  return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static gboolean
element_size(JsonArray *array, guint i, gsize *out)
{
  JsonNode *node = json_array_get_element(array, i);
  if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64 || json_node_get_int(node) < 0)
    return FALSE;
  *out = (gsize)json_node_get_int(node);
  return TRUE;
}

static gboolean
is_string(JsonNode *node)
{
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING &&
         g_utf8_validate(json_node_get_string(node), -1, NULL);
}

// data: bytes after the header.
static gboolean
parse_entry(const Source *source, const char *name, JsonNode *node, gsize data, Entry *entry, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return refuse_entry(source, name, error, _("is not described by an object"));
  JsonObject *object = json_node_get_object(node);
  JsonArray *shape = member_array(object, "shape"), *offsets = member_array(object, "data_offsets");
  JsonNode *dtype = json_object_get_member(object, "dtype");
  if (!shape || !offsets || !is_string(dtype) || json_object_get_size(object) != 3 ||
      json_array_get_length(offsets) != 2)
    return refuse_entry(source, name, error,
                        _("should have “dtype”, “shape” and two “data_offsets”, and nothing else"));
  entry->dtype = json_node_get_string(dtype);
  entry->bytes_each = bytes_of_dtype(entry->dtype);
  if (entry->bytes_each == 0) {
    g_autofree char *start = g_utf8_substring(entry->dtype, 0, MIN(g_utf8_strlen(entry->dtype, -1), 20));
    g_set_error(error, PCT_ERROR, PCT_ERROR_UNSUPPORTED,
                _("In “%s”, array “%s” has the type %s; F32, F16, BF16 and F64 can be read."), source->name, name,
                start);
    return FALSE;
  }
  if (json_array_get_length(shape) > PCT_TENSOR_MAX_RANK)
    return refuse_entry(source, name, error, _("has more than eight axes"));
  entry->rank = (int)json_array_get_length(shape);
  entry->count = 1;
  for (int i = 0; i < entry->rank; i++)
    if (!element_size(shape, (guint)i, &entry->shape[i]) ||
        !g_size_checked_mul(&entry->count, entry->count, entry->shape[i]))
      return refuse_entry(source, name, error, _("has an impossible shape"));
  gsize bytes;
  if (!element_size(offsets, 0, &entry->begin) || !element_size(offsets, 1, &entry->end) || entry->begin > entry->end ||
      entry->end > data)
    return refuse_entry(source, name, error, _("lies outside the file"));
  if (!g_size_checked_mul(&bytes, entry->count, entry->bytes_each) || bytes != entry->end - entry->begin)
    return refuse_entry(source, name, error, _("has a shape that does not fit its length"));
  return TRUE;
}

static int
by_position(gconstpointer a, gconstpointer b)
{
  const Entry *x = *(Entry *const *)a, *y = *(Entry *const *)b;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return (x->end > y->end) - (x->end < y->end);
}

static void
convert(float *out, const guint8 *bytes, gsize n, const char *dtype)
{
  if (strcmp(dtype, "F32") == 0)
    memcpy(out, bytes, n * sizeof(float));
  else if (strcmp(dtype, "F64") == 0)
    for (gsize i = 0; i < n; i++) {
      double value;
      memcpy(&value, bytes + 8 * i, sizeof value);
      out[i] = (float)value;
    }
  else
    for (gsize i = 0; i < n; i++) {
      guint16 half = (guint16)(bytes[2 * i] | bytes[2 * i + 1] << 8);
      out[i] = dtype[0] == 'F' ? pct_float_of_half(half) : pct_float_of_bits((guint32)half << 16);
    }
}

static float *
read_values(const Source *source, const Entry *entry, gsize data_start, GError **error)
{
  g_autofree float *values = g_try_new(float, MAX(entry->count, 1));
  g_autofree guint8 *block = g_malloc(BLOCK);
  if (!values) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_MEMORY, _("There is not enough memory for array “%s” of “%s”."),
                entry->name, source->name);
    return NULL;
  }
  for (gsize i = 0, n; i < entry->count; i += n) {
    n = MIN(entry->count - i, BLOCK / entry->bytes_each);
    if (!read_at(source, data_start + entry->begin + i * entry->bytes_each, block, n * entry->bytes_each, error))
      return NULL;
    convert(values + i, block, n, entry->dtype);
  }
  return g_steal_pointer(&values);
}

static void
count_member(JsonParser *parser, JsonObject *object, const char *name, gpointer count)
{
  ++*(gsize *)count;
}

// The header's entries in order of position; metadata goes to tensors at once.
static GPtrArray *
parse_header(const Source *source, JsonObject *root, gsize n_members, gsize data, PctTensors *tensors, GError **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
  gsize n_kept = json_object_get_size(root), end = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init(&iter, root);
  while (json_object_iter_next(&iter, &name, &node)) {
    n_kept += JSON_NODE_HOLDS_OBJECT(node) ? json_object_get_size(json_node_get_object(node)) : 0;
    if (!g_utf8_validate(name, -1, NULL)) {
      refuse(source, error, _("a name is not UTF-8"));
      return NULL;
    }
    if (strcmp(name, "__metadata__") == 0) {
      JsonObjectIter pairs;
      const char *key;
      JsonNode *value;
      if (!JSON_NODE_HOLDS_OBJECT(node)) {
        refuse(source, error, _("“__metadata__” is not an object"));
        return NULL;
      }
      json_object_iter_init(&pairs, json_node_get_object(node));
      while (json_object_iter_next(&pairs, &key, &value)) {
        if (!g_utf8_validate(key, -1, NULL) || !is_string(value)) {
          refuse(source, error, _("“__metadata__” holds something that is not text"));
          return NULL;
        }
        pct_tensors_set_metadata(tensors, key, json_node_get_string(value));
      }
      continue;
    }
    Entry *entry = g_new0(Entry, 1);
    entry->name = g_strdup(name);
    g_ptr_array_add(entries, entry);
    if (!parse_entry(source, name, node, data, entry, error))
      return NULL;
  }
  if (n_kept != n_members) {
    refuse(source, error, _("a name occurs twice"));
    return NULL;
  }
  g_ptr_array_sort(entries, by_position);
  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = entries->pdata[i];
    if (entry->begin != end) {
      refuse_entry(source, entry->name, error,
                   entry->begin < end ? _("overlaps another one") : _("leaves a gap before it"));
      return NULL;
    }
    end = entry->end;
  }
  if (end != data) {
    refuse(source, error, _("there are bytes that belong to no array"));
    return NULL;
  }
  return g_steal_pointer(&entries);
}

static PctTensors *
parse(const Source *source, GError **error)
{
  guint8 prefix[8];
  guint64 length = 0;
  if (source->size < sizeof prefix) {
    refuse(source, error, _("it is shorter than eight bytes"));
    return NULL;
  }
  if (!read_at(source, 0, prefix, sizeof prefix, error))
    return NULL;
  for (int i = 7; i >= 0; i--)
    length = length << 8 | prefix[i];
  if (length > source->size - sizeof prefix || length > MAX_HEADER) {
    refuse(source, error, _("its header would be longer than the file, or than any header"));
    return NULL;
  }
  g_autofree char *header = g_malloc(length + 1);
  if (!read_at(source, sizeof prefix, header, length, error))
    return NULL;
  header[length] = '\0';
  g_autoptr(JsonParser) parser = json_parser_new();
  gsize n_members = 0, data = source->size - sizeof prefix - length;
  g_signal_connect(parser, "object-member", G_CALLBACK(count_member), &n_members);
  if (length == 0 || header[0] != '{' || !g_utf8_validate_len(header, length, NULL) ||
      !is_plain_header(header, length) || !json_parser_load_from_data(parser, header, (gssize)length, NULL) ||
      !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
    refuse(source, error, _("its header is not a JSON object of arrays"));
    return NULL;
  }
  g_autoptr(PctTensors) tensors = pct_tensors_new();
  pct_tensors_set_source(tensors, source->name);
  g_autoptr(GPtrArray) entries =
      parse_header(source, json_node_get_object(json_parser_get_root(parser)), n_members, data, tensors, error);
  for (guint i = 0; entries && i < entries->len; i++) {
    const Entry *entry = entries->pdata[i];
    if (source->prefix && !g_str_has_prefix(entry->name, source->prefix))
      continue;
    float *values = read_values(source, entry, sizeof prefix + length, error);
    if (!values)
      return NULL;
    pct_tensors_add_take(tensors, entry->name, values, entry->rank, entry->shape);
  }
  return entries ? g_steal_pointer(&tensors) : NULL;
}

PctTensors *
pct_safetensors_parse(const guint8 *bytes, gsize n, const char *name, GError **error)
{
  return parse(&(Source){ bytes ? bytes : (const guint8 *)"", -1, n, name, NULL }, error);
}

PctTensors *
pct_safetensors_load(const char *path, GError **error)
{
  return pct_safetensors_load_part(path, NULL, error);
}

PctTensors *
pct_safetensors_load_part(const char *path, const char *prefix, GError **error)
{
  g_autofree char *shown = g_filename_display_name(path);
  struct stat status;
  // Not to be kept waiting by a FIFO.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), code = errno;
  if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_IO, _("Could not open “%s”: %s."), shown,
                descriptor < 0 ? g_strerror(code) : _("it is not a file"));
    if (descriptor >= 0)
      close(descriptor);
    return NULL;
  }
  PctTensors *tensors = parse(&(Source){ NULL, descriptor, (gsize)status.st_size, shown, prefix }, error);
  close(descriptor);
  return tensors;
}
