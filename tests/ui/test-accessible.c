// SPDX-License-Identifier: GPL-3.0-or-later
// The Slide page as a screen reader has it, over AT-SPI: everything that can be pressed or moved has a name, a neuron's
// slider is moved and a button is pressed without a hand, and the responses follow. Skipped where there is no display, or no
// accessibility bus.
#include "demo-window.h"
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "slide/slide-page.h"

#define ROOT "/org/a11y/atspi/accessible/root"
#define ACCESSIBLE "org.a11y.atspi.Accessible"

static DemoWindow fixture;
static GDBusConnection *bus;  // the accessibility bus

typedef struct {
  GVariant *answer;
  gboolean over;
} Call;

static void
answered(GObject *connection, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  call->answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(connection), result, NULL);
  call->over = TRUE;
}

// The program asked is this one: its main loop goes on meanwhile. NULL: an error.
static GVariant *
ask(GDBusConnection *connection, const char *name, const char *path, const char *interface, const char *method,
    GVariant *parameters)
{
  Call call = { NULL, FALSE };
  g_dbus_connection_call(connection, name, path, interface, method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL,
                         answered, &call);
  while (!call.over)
    g_main_context_iteration(NULL, TRUE);
  return call.answer;
}

static char *
dup_name(const char *owner, const char *path)
{
  g_autoptr(GVariant) answer = ask(bus, owner, path, "org.freedesktop.DBus.Properties", "Get",
                                   g_variant_new("(ss)", ACCESSIBLE, "Name"));
  g_autoptr(GVariant) value = NULL;
  if (!answer)
    return g_strdup("");
  g_variant_get(answer, "(v)", &value);
  return g_variant_dup_string(value, NULL);
}

static char *
dup_role(const char *owner, const char *path)
{
  g_autoptr(GVariant) answer = ask(bus, owner, path, ACCESSIBLE, "GetRoleName", NULL);
  char *role = NULL;
  if (answer)
    g_variant_get(answer, "(s)", &role);
  return role ? role : g_strdup("");
}

typedef struct {
  char *path, *name, *role;
  gboolean in_drop_down;  // whose own parts GTK 4.8 leaves without names
} Node;

static void
node_free(gpointer data)
{
  Node *node = data;
  g_free(node->path);
  g_free(node->name);
  g_free(node->role);
  g_free(node);
}

// All of the tree below a path, of what is shown.
static void
collect(GPtrArray *nodes, const char *owner, const char *path, gboolean in_drop_down, int depth)
{
  g_autoptr(GVariant) answer = depth < 40 ? ask(bus, owner, path, ACCESSIBLE, "GetChildren", NULL) : NULL;
  if (!answer)
    return;
  g_autoptr(GVariantIter) children = NULL;
  const char *child_owner, *child;
  g_variant_get(answer, "(a(so))", &children);
  while (g_variant_iter_next(children, "(&s&o)", &child_owner, &child)) {
    Node *node = g_new(Node, 1);
    *node = (Node){ g_strdup(child), dup_name(owner, child), dup_role(owner, child), in_drop_down };
    g_ptr_array_add(nodes, node);
    collect(nodes, owner, child, in_drop_down || g_str_equal(node->role, "combo box"), depth + 1);
  }
}

// The bus' name of this program; NULL: it is not there (yet).
static char *
find_owner(void)
{
  g_autoptr(GVariant) answer = ask(bus, "org.a11y.atspi.Registry", ROOT, ACCESSIBLE, "GetChildren", NULL);
  if (!answer)
    return NULL;
  g_autoptr(GVariantIter) programs = NULL;
  const char *owner, *path;
  g_variant_get(answer, "(a(so))", &programs);
  while (g_variant_iter_next(programs, "(&s&o)", &owner, &path)) {
    guint32 id = 0;
    g_autoptr(GVariant) process = ask(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                      "GetConnectionUnixProcessID", g_variant_new("(s)", owner));
    if (process)
      g_variant_get(process, "(u)", &id);
    if (id == (guint32)getpid())
      return g_strdup(owner);
  }
  return NULL;
}

// By a part of its name: GTK 4.8 says a mnemonic label twice.
static const Node *
find_node(GPtrArray *nodes, const char *name, const char *role)
{
  for (guint i = 0; i < nodes->len; i++) {
    const Node *node = g_ptr_array_index(nodes, i);
    if (strstr(node->name, name) && g_str_equal(node->role, role))
      return node;
  }
  g_error("there is no %s “%s”", role, name);
}

static void
test_slide(void)
{
  GtkWidget *page = pct_slide_page_new(fixture.project, fixture.selection);
  int n;
  pct_selection_set_image(fixture.selection, pct_project_get_tier_images(fixture.project, PCT_TIER_TEST, &n)[0]);
  pct_selection_set_neurons(fixture.selection, (int[]){ 3, 9 }, 2);
  demo_window_show(&fixture, page);
  PctSlide *slide = pct_slide_page_get_slide(PCT_SLIDE_PAGE(page));
  spin_until(!pct_slide_is_busy(slide) && pct_slide_get_reconstruction(slide));
  g_autofree char *owner = NULL;
  for (int i = 0; i < 200 && !owner; i++, spin(20))
    owner = find_owner();
  if (!owner) {
    g_test_skip("no program is on the accessibility bus");
    demo_window_let_go(&fixture, page);
    return;
  }
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(node_free);
  collect(nodes, owner, ROOT, FALSE, 0);
  g_assert_cmpuint(nodes->len, >, 50);
  static const char *const pressed[] = { "button", "checkbox", "slider", "text box", "combo box", "tab" };
  for (guint i = 0; i < nodes->len; i++) {
    const Node *node = g_ptr_array_index(nodes, i);
    // What has no name of its own goes by its class.
    gboolean named = *node->name && !g_str_has_prefix(node->name, "Gtk") && !g_str_has_prefix(node->name, "Pct");
    for (guint k = 0; k < G_N_ELEMENTS(pressed); k++)
      if (g_str_equal(node->role, pressed[k]) && !node->in_drop_down && !named)
        g_error("there is a %s without a name, “%s”", node->role, node->name);
  }
  // The slider of a neuron: its value is the response.
  const Node *slider = find_node(nodes, "Response of neuron 9", "slider");
  double value = pct_slide_get_recorded(slide, 9) + 0.5;
  g_autoptr(GVariant) set = ask(bus, owner, slider->path, "org.freedesktop.DBus.Properties", "Set",
                                g_variant_new("(ssv)", "org.a11y.atspi.Value", "CurrentValue", g_variant_new_double(value)));
  g_assert_nonnull(set);
  spin_until(fabs((double)pct_slide_get_response(slide, 9) - value) < 1e-4);
  spin_until(!pct_slide_is_busy(slide));
  g_assert_true(pct_slide_get_reconstruction(slide) != pct_slide_get_baseline(slide));
  // And a button.
  const Node *button = find_node(nodes, "Silence", "button");
  g_autoptr(GVariant) done =
    ask(bus, owner, button->path, "org.a11y.atspi.Action", "DoAction", g_variant_new("(i)", 0));
  g_assert_nonnull(done);
  spin_until(pct_slide_get_response(slide, 9) == pct_project_get_ranges(fixture.project)->mean[9]);
  g_assert_cmpfloat(pct_slide_get_response(slide, 3), ==, pct_project_get_ranges(fixture.project)->mean[3]);
  demo_window_let_go(&fixture, page);
}

// NULL: there is no such bus.
static GDBusConnection *
open_bus(void)
{
  g_autoptr(GDBusConnection) session = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) answer =
    session ? ask(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", NULL) : NULL;
  const char *address = NULL;
  if (answer)
    g_variant_get(answer, "(&s)", &address);
  return address ? g_dbus_connection_new_for_address_sync(
                     address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                     NULL, NULL, NULL)
                 : NULL;
}

int
main(int argc, char **argv)
{
  if (!demo_window_begin(&fixture, argc, argv))
    return 0;
  bus = open_bus();
  if (bus)
    g_test_add_func("/accessible/slide", test_slide);
  int status = g_test_run();
  g_clear_object(&bus);
  demo_window_end(&fixture);
  return status;
}
