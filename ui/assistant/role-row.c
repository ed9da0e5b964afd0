// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "assistant/role-row.h"
#include <glib/gi18n.h>
#include <string.h>
#include "drop-down.h"

struct _PctRoleRow {
  AdwActionRow parent_instance;
  PctImport *import;
  PctImportRole role;
  GPtrArray *names;       // of char *: the arrays of the list, after "none"
  GtkWidget *arrays, *axes;
  GPtrArray *orders;      // of char *: the axes of the list
  gboolean setting;       // the lists are being set from the plan
};

G_DEFINE_FINAL_TYPE(PctRoleRow, pct_role_row, ADW_TYPE_ACTION_ROW)

static char *
dup_shape(const PctForeignArray *array)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < array->n_dims; i++)
    g_string_append_printf(text, "%s%zu", i ? " × " : "", array->shape[i]);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

// "trials × neurons".
static char *
dup_order_text(const char *order)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (const char *letter = order; *letter; letter++) {
    const char *title = pct_import_axis_get_title(*letter);
    g_string_append_printf(text, "%s%s", letter > order ? " × " : "", title ? title : "?");
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

// Whether both hold the same texts, in whatever order; b may be NULL.
static gboolean
same_texts(const GPtrArray *a, const GPtrArray *b)
{
  if (!b || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_ptr_array_find_with_equal_func((GPtrArray *)b, a->pdata[i], g_str_equal, NULL))
      return FALSE;
  return TRUE;
}

static void
show_orders(PctRoleRow *self)
{
  const PctImportPlan *plan = pct_import_get_plan(self->import);
  const char *array = plan->roles[self->role].array, *order = pct_import_plan_get_axes(plan, self->role);
  g_autoptr(GPtrArray) orders =
    array ? pct_import_list_axes(pct_import_get_listing(self->import)->catalogue, plan, self->role, array)
          : g_ptr_array_new_with_free_func(g_free);
  guint chosen;
  if (array && !g_ptr_array_find_with_equal_func(orders, order, g_str_equal, NULL))
    g_ptr_array_add(orders, g_strdup(order));
  // What fits best comes first when it is asked again, but the list stays as it is while somebody chooses from it.
  if (!same_texts(orders, self->orders)) {
    g_clear_pointer(&self->orders, g_ptr_array_unref);
    self->orders = g_steal_pointer(&orders);
  }
  if (!array || !g_ptr_array_find_with_equal_func(self->orders, order, g_str_equal, &chosen))
    chosen = GTK_INVALID_LIST_POSITION;
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
  for (guint i = 0; i < self->orders->len; i++) {
    g_autofree char *text = dup_order_text(self->orders->pdata[i]);
    g_strv_builder_add(texts, text);
  }
  g_auto(GStrv) shown = g_strv_builder_end(texts);
  pct_drop_down_show(GTK_DROP_DOWN(self->axes), (const char *const *)shown, chosen);
  // A choice of one is no choice.
  gtk_widget_set_visible(self->axes, self->orders->len > 1);
}

void
pct_role_row_update(PctRoleRow *self)
{
  g_return_if_fail(PCT_IS_ROLE_ROW(self));
  const PctRoleInfo *info = pct_import_role_get(self->role);
  const char *array = pct_import_get_plan(self->import)->roles[self->role].array;
  const char *reason = pct_import_get_reason(self->import, self->role);
  g_autofree char *text = g_markup_escape_text(reason ? reason : _(info->help), -1);
  guint chosen = 0;
  for (guint i = 0; array && i < self->names->len; i++)
    if (g_str_equal(self->names->pdata[i], array))
      chosen = i + 1;
  self->setting = TRUE;
  if (gtk_drop_down_get_selected(GTK_DROP_DOWN(self->arrays)) != chosen)
    gtk_drop_down_set_selected(GTK_DROP_DOWN(self->arrays), chosen);
  show_orders(self);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self), text);
  self->setting = FALSE;
}

gboolean
pct_role_row_has_choice(PctRoleRow *self)
{
  g_return_val_if_fail(PCT_IS_ROLE_ROW(self), FALSE);
  return self->names->len > 0;
}

static void
array_chosen(PctRoleRow *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->arrays));
  if (!self->setting && chosen <= self->names->len)
    pct_import_assign(self->import, self->role, chosen ? self->names->pdata[chosen - 1] : NULL, NULL);
}

static void
order_chosen(PctRoleRow *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->axes));
  const char *array = pct_import_get_plan(self->import)->roles[self->role].array;
  if (self->setting || !array || chosen >= self->orders->len)
    return;
  // Assigning shows the orders anew.
  g_autofree char *name = g_strdup(array), *order = g_strdup(self->orders->pdata[chosen]);
  pct_import_assign(self->import, self->role, name, order);
}

static void
label_setup(GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_START);
  gtk_label_set_width_chars(GTK_LABEL(label), 24);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 24);
  gtk_list_item_set_child(item, label);
}

static void
wide_label_setup(GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_list_item_set_child(item, label);
}

static void
label_bind(GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const char *text = gtk_string_object_get_string(GTK_STRING_OBJECT(gtk_list_item_get_item(item)));
  gtk_label_set_label(GTK_LABEL(gtk_list_item_get_child(item)), text);
  gtk_widget_set_tooltip_text(gtk_list_item_get_child(item), text);
}

static GtkListItemFactory *
new_factory(GCallback setup)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", setup, NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(label_bind), NULL);
  return factory;
}

// Arrays that fit, with their shapes.
static GtkWidget *
new_array_list(PctRoleRow *self)
{
  const PctCatalogue *catalogue = pct_import_get_listing(self->import)->catalogue;
  const PctImportPlan *plan = pct_import_get_plan(self->import);
  g_autoptr(GtkStringList) texts = gtk_string_list_new(NULL);
  gtk_string_list_append(texts, _("None"));
  for (guint i = 0; i < catalogue->entries->len; i++) {
    const PctCatalogueEntry *entry = catalogue->entries->pdata[i];
    g_autoptr(GPtrArray) orders = pct_import_list_axes(catalogue, plan, self->role, entry->name);
    if (!orders->len && g_strcmp0(entry->name, plan->roles[self->role].array) != 0)
      continue;
    g_autofree char *shape = dup_shape(entry->array);
    g_autofree char *text = g_strdup_printf("%s  (%s)", entry->name, shape);
    gtk_string_list_append(texts, text);
    g_ptr_array_add(self->names, g_strdup(entry->name));
  }
  GtkExpression *expression = gtk_property_expression_new(GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkWidget *list = gtk_drop_down_new(G_LIST_MODEL(g_steal_pointer(&texts)), expression);
  g_autoptr(GtkListItemFactory) narrow = new_factory(G_CALLBACK(label_setup));
  g_autoptr(GtkListItemFactory) wide = new_factory(G_CALLBACK(wide_label_setup));
  gtk_drop_down_set_factory(GTK_DROP_DOWN(list), narrow);
  gtk_drop_down_set_list_factory(GTK_DROP_DOWN(list), wide);
  gtk_drop_down_set_enable_search(GTK_DROP_DOWN(list), self->names->len > 12);
  return list;
}

static void
pct_role_row_dispose(GObject *object)
{
  PctRoleRow *self = PCT_ROLE_ROW(object);
  g_clear_object(&self->import);
  g_clear_pointer(&self->names, g_ptr_array_unref);
  g_clear_pointer(&self->orders, g_ptr_array_unref);
  G_OBJECT_CLASS(pct_role_row_parent_class)->dispose(object);
}

static void
pct_role_row_class_init(PctRoleRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_role_row_dispose;
}

static void
pct_role_row_init(PctRoleRow *self)
{
  self->names = g_ptr_array_new_with_free_func(g_free);
}

GtkWidget *
pct_role_row_new(PctImport *import, PctImportRole role)
{
  g_return_val_if_fail(PCT_IS_IMPORT(import) && pct_import_get_listing(import), NULL);
  PctRoleRow *self = g_object_new(PCT_TYPE_ROLE_ROW, NULL);
  const char *title = _(pct_import_role_get(role)->title);
  g_autofree char *axes_label = g_strdup_printf(_("%s: order of dimensions"), title);
  self->import = g_object_ref(import);
  self->role = role;
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self), title);
  // Its lists have the focus; the row itself does nothing.
  gtk_widget_set_focusable(GTK_WIDGET(self), FALSE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top(box, 6);
  gtk_widget_set_margin_bottom(box, 6);
  self->arrays = new_array_list(self);
  self->axes = gtk_drop_down_new(NULL, NULL);
  gtk_widget_add_css_class(self->axes, "small");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->arrays), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->axes), GTK_ACCESSIBLE_PROPERTY_LABEL, axes_label, -1);
  gtk_box_append(GTK_BOX(box), self->arrays);
  gtk_box_append(GTK_BOX(box), self->axes);
  adw_action_row_add_suffix(ADW_ACTION_ROW(self), box);
  pct_role_row_update(self);
  g_signal_connect_object(self->arrays, "notify::selected", G_CALLBACK(array_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->axes, "notify::selected", G_CALLBACK(order_chosen), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET(self);
}
