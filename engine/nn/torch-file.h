// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's own files of weights (.pt, .pth: a zip file of a pickle and raw storages), as its torch.save writes a
// model's state dict since version 1.6. The pickle is read by unpickler.h and never run. Files are hostile: arrays must
// lie within their storages, and what is read is bounded by the file's own size.
#pragma once
#include "nn/safetensors.h"

// The arrays under their names, in the file's order, as float32 in row-major order: float32 as it is; float64, float16
// and int64 (counts of batches) converted. A view of any strides is copied out.
// NULL with PCT_ERROR_FORMAT (damaged, lying), _UNSUPPORTED (asks for anything else), _IO or _MEMORY.
PctTensors *pct_torch_load(const char *path, GError **error);
// From memory; name is for messages.
PctTensors *pct_torch_parse(const guint8 *bytes, gsize n, const char *name, GError **error);
