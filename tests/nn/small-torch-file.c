// SPDX-License-Identifier: GPL-3.0-or-later
#include "small-torch-file.h"
#include <string.h>

static void
add_number(GByteArray *bytes, guint64 number, guint n)
{
  for (guint i = 0; i < n; i++, number >>= 8)
    g_byte_array_append(bytes, &(guint8){ (guint8)number }, 1);
}

// CRC-32, four bits at a time: the fuzzer makes thousands of files a second.
static guint32
checksum(const guint8 *bytes, gsize n)
{
  static const guint32 of_four_bits[] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < n; i++) {
    crc = crc >> 4 ^ of_four_bits[(crc ^ bytes[i]) & 15];
    crc = crc >> 4 ^ of_four_bits[(crc ^ bytes[i] >> 4) & 15];
  }
  return ~crc;
}

void
small_zip_init(SmallZip *zip)
{
  *zip = (SmallZip){ .bytes = g_byte_array_new(), .directory = g_byte_array_new() };
}

// What a part's own header and its line in the directory have in common.
static void
add_description(GByteArray *bytes, const char *name, guint method, guint32 crc, guint32 packed, guint32 size)
{
  add_number(bytes, 20, 2);
  add_number(bytes, 0, 2);
  add_number(bytes, method, 2);
  add_number(bytes, 0, 4);
  add_number(bytes, crc, 4);
  add_number(bytes, packed, 4);
  add_number(bytes, size, 4);
  add_number(bytes, strlen(name), 2);
  add_number(bytes, 0, 2);
}

static void
add_to_directory(SmallZip *zip, const char *name, guint method, guint32 packed, guint32 size)
{
  add_number(zip->directory, 0x02014b50, 4);
  add_number(zip->directory, 20, 2);
  add_description(zip->directory, name, method, zip->last_crc, packed, size);
  add_number(zip->directory, 0, 10);
  add_number(zip->directory, zip->last_start, 4);
  g_byte_array_append(zip->directory, (const guint8 *)name, (guint)strlen(name));
  zip->n++;
}

void
small_zip_add_lying(SmallZip *zip, const char *name, gconstpointer content, gsize n, guint method, guint32 packed,
                    guint32 size)
{
  zip->last_start = zip->bytes->len;
  zip->last_n = (guint)n;
  zip->last_crc = checksum(content, n);
  add_number(zip->bytes, 0x04034b50, 4);
  add_description(zip->bytes, name, method, zip->last_crc, packed, size);
  g_byte_array_append(zip->bytes, (const guint8 *)name, (guint)strlen(name));
  g_byte_array_append(zip->bytes, content, (guint)n);
  add_to_directory(zip, name, method, packed, size);
}

void
small_zip_add(SmallZip *zip, const char *name, gconstpointer content, gsize n)
{
  small_zip_add_lying(zip, name, content, n, 0, (guint32)n, (guint32)n);
}

void
small_zip_add_again(SmallZip *zip, const char *name)
{
  add_to_directory(zip, name, 0, zip->last_n, zip->last_n);
}

GByteArray *
small_zip_end(SmallZip *zip)
{
  guint start = zip->bytes->len;
  g_byte_array_append(zip->bytes, zip->directory->data, zip->directory->len);
  add_number(zip->bytes, 0x06054b50, 4);
  add_number(zip->bytes, 0, 4);
  add_number(zip->bytes, zip->n, 2);
  add_number(zip->bytes, zip->n, 2);
  add_number(zip->bytes, zip->directory->len, 4);
  add_number(zip->bytes, start, 4);
  add_number(zip->bytes, 0, 2);
  g_byte_array_unref(zip->directory);
  return g_steal_pointer(&zip->bytes);
}

void
small_pickle_add(GByteArray *pickle, const char *instructions)
{
  g_byte_array_append(pickle, (const guint8 *)instructions, (guint)strlen(instructions));
}

void
small_pickle_name(GByteArray *pickle, const char *module, const char *name)
{
  g_autofree char *text = g_strdup_printf("c%s\n%s\n", module, name);
  small_pickle_add(pickle, text);
}

void
small_pickle_text(GByteArray *pickle, const char *text)
{
  small_pickle_add(pickle, "X");
  add_number(pickle, strlen(text), 4);
  small_pickle_add(pickle, text);
}

void
small_pickle_number(GByteArray *pickle, gint64 number)
{
  if (number >= 0 && number < 256) {
    small_pickle_add(pickle, "K");
    add_number(pickle, (guint64)number, 1);
  } else if (number >= 0 && number < 65536) {
    small_pickle_add(pickle, "M");
    add_number(pickle, (guint64)number, 2);
  } else if (number >= G_MININT32 && number <= G_MAXINT32) {
    small_pickle_add(pickle, "J");
    add_number(pickle, (guint64)number, 4);
  } else {
    small_pickle_add(pickle, "\x8a\x08");
    add_number(pickle, (guint64)number, 8);
  }
}

void
small_pickle_tuple(GByteArray *pickle, const gint64 *numbers, int n)
{
  static const char *const ends[] = { ")", "\x85", "\x86", "\x87" };
  if (n > 3)
    small_pickle_add(pickle, "(");
  for (int i = 0; i < n; i++)
    small_pickle_number(pickle, numbers[i]);
  small_pickle_add(pickle, n > 3 ? "t" : ends[n]);
}

void
small_pickle_tensor(GByteArray *pickle, const SmallTensor *tensor)
{
  small_pickle_text(pickle, tensor->name);
  small_pickle_name(pickle, "torch._utils", "_rebuild_tensor_v2");
  small_pickle_add(pickle, "((");
  small_pickle_text(pickle, "storage");
  small_pickle_name(pickle, "torch", tensor->type);
  small_pickle_text(pickle, tensor->storage);
  small_pickle_text(pickle, "cpu");
  small_pickle_number(pickle, tensor->n_storage);
  small_pickle_add(pickle, "tQ");
  small_pickle_number(pickle, tensor->offset);
  small_pickle_tuple(pickle, tensor->shape, tensor->rank);
  small_pickle_tuple(pickle, tensor->stride, tensor->rank);
  small_pickle_add(pickle, "\x89");
  small_pickle_name(pickle, "collections", "OrderedDict");
  small_pickle_add(pickle, ")RtR");
}

GByteArray *
small_pickle_state_dict(const SmallTensor *tensors, guint n)
{
  GByteArray *pickle = g_byte_array_new();
  small_pickle_add(pickle, "\x80\x02");
  small_pickle_name(pickle, "collections", "OrderedDict");
  // The memo as PyTorch uses it: everything is noted, the dict's name is recalled.
  small_pickle_add(pickle, "q\x01)Rq\x02(");
  for (guint i = 0; i < n; i++)
    small_pickle_tensor(pickle, &tensors[i]);
  small_pickle_add(pickle, "u}r\x03\x01\x01\x01");
  small_pickle_text(pickle, "_metadata");
  small_pickle_add(pickle, "h\x01)R(");
  small_pickle_text(pickle, "layer");
  small_pickle_add(pickle, "}");
  small_pickle_text(pickle, "version");
  small_pickle_add(pickle, "K\x01s");
  // A cycle, which Python allows.
  small_pickle_text(pickle, "all of this");
  small_pickle_add(pickle, "j\x03\x01\x01\x01usb.");
  return pickle;
}
