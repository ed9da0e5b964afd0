// SPDX-License-Identifier: GPL-3.0-or-later
// The application: one window, what it opens (a file by command line, menu or desktop; the demo without one) and the
// commands that are not about a page. Everything a person can do is a GAction, so that menus, keys and D-Bus agree.
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define PCT_TYPE_APPLICATION (pct_application_get_type())
G_DECLARE_FINAL_TYPE(PctApplication, pct_application, PCT, APPLICATION, AdwApplication)

PctApplication *pct_application_new(void);

G_END_DECLS
