/* cpython_dict: CPython's dict, in this process, through its C interface (3.11).
 *
 * pkg-config: python3-embed
 * package: libpython3-dev
 * Licence: PSF. Bytes: what sys.getsizeof says of the dict, and the int objects that are
 * its keys and values, each as the interpreter's allocator rounds it (to 16; ints up to
 * 256 are shared and cost nothing). Its allocator's hooks are not told how long a freed
 * block is, and its small blocks are not malloc's.
 *
 * A compact ordered dict: an index of 1 to 8 bytes a slot, a log of 24-byte entries,
 * load limit 2/3. Deletion leaves a hole; a full log is rebuilt for three times the
 * live entries, which is the only moment it shrinks. clear returns to shared keys.
 * copy is dict.copy, which clones holes too where two thirds live; rebuild_copy is
 * dict(d). It has no call that compacts or reserves.
 * Cannot be equalised: its own hash, a number's value modulo 2^61 - 1, and a boxed int for
 * every key and value.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"
#include "peer_runtime.h"

#define PY_SSIZE_T_CLEAN
#include <Python.h>

struct ht {
    struct peer peer;
    PyObject *dict;
    size_t counted; /* bytes of the dict's storage, part of held */
};

__attribute__((noreturn, cold)) static void die(const char *what)
{
    PyErr_Print();
    ht_check_failed(what, __FILE__, __LINE__);
}

static void start(void)
{
    PyConfig config;
    if (Py_IsInitialized())
        return;
    peer_runtime_starts();
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    config.install_signal_handlers = 0;
    PyStatus status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    CHECK(!PyStatus_Exception(status));
    peer_runtime_runs();
}

/* ---- bytes ----------------------------------------------------------------------- */

enum { OBJECT = sizeof(PyDictObject), GC_HEADER = 16, SHARED_INTS = 257 };

/* Of an int object: 24 bytes and 4 for each 30 bits. */
static size_t bytes_of(uint64_t number)
{
    size_t digits = number >> 60 ? 3 : number >> 30 ? 2 : 1;
    return number < SHARED_INTS ? 0 : (24 + 4 * digits + 15) & ~(size_t)15;
}

/* The dict's storage may have changed: new beside old for a moment. */
static void recount(struct ht *t)
{
    size_t now = (size_t)_PyDict_SizeOf((PyDictObject *)t->dict) - OBJECT;
    if (now == t->counted)
        return;
    peer_add(&t->peer, now);
    peer_drop(&t->peer, t->counted);
    t->counted = now;
    t->peer.mem->calls++;
}

/* ---- boxes ------------------------------------------------------------------------ */

HT_INLINE PyObject *boxed(uint64_t number)
{
    PyObject *box = PyLong_FromUnsignedLongLong(number);
    if (!box)
        die("a boxed int");
    return box;
}

HT_INLINE uint64_t unboxed(PyObject *box)
{
    return PyLong_AsUnsignedLongLong(box);
}

/* ---- the operations ----------------------------------------------------------------- */

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    start();
    if (!t)
        return NULL;
    t->dict = PyDict_New();
    if (!t->dict)
        die("a dict");
    recount(t);
    return t;
}

static void destroy(struct ht *t)
{
    Py_DECREF(t->dict);
    peer_drop(&t->peer, t->peer.held);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

/* setdefault finds or inserts in one probe; only a known key costs a second. */
HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    PyObject *k = boxed(key), *v = boxed(value);
    Py_ssize_t live = PyDict_GET_SIZE(t->dict);
    PyObject *there = PyDict_SetDefault(t->dict, k, v);
    bool is_new = PyDict_GET_SIZE(t->dict) != live;
    if (!there)
        die("setdefault");
    if (is_new) {
        peer_add(&t->peer, bytes_of(key) + bytes_of(value));
        recount(t);
    } else {
        peer_add(&t->peer, bytes_of(value));
        peer_drop(&t->peer, bytes_of(unboxed(there)));
        if (PyDict_SetItem(t->dict, k, v))
            die("an assignment");
    }
    Py_DECREF(k);
    Py_DECREF(v);
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    PyObject *k = boxed(key);
    PyObject *found = PyDict_GetItemWithError(t->dict, k);
    Py_DECREF(k);
    if (found)
        *value = unboxed(found);
    return found != NULL;
}

/* d.pop(key, None): `del` would cost an exception for a key that is not there. */
HT_INLINE bool del(struct ht *t, uint64_t key)
{
    PyObject *k = boxed(key);
    PyObject *erased = _PyDict_Pop(t->dict, k, Py_None);
    Py_DECREF(k);
    bool there = erased != Py_None;
    if (there)
        peer_drop(&t->peer, bytes_of(key) + bytes_of(unboxed(erased)));
    Py_DECREF(erased);
    return there;
}

static void clear(struct ht *t)
{
    PyDict_Clear(t->dict);
    peer_drop(&t->peer, t->peer.held - t->counted);
    recount(t);
}

static bool pop(struct ht *t, uint64_t *key, uint64_t *value)
{
    if (PyDict_GET_SIZE(t->dict) == 0)
        return false;
    PyObject *pair = PyObject_CallMethod(t->dict, "popitem", NULL);
    if (!pair)
        die("popitem");
    *key = unboxed(PyTuple_GET_ITEM(pair, 0));
    *value = unboxed(PyTuple_GET_ITEM(pair, 1));
    Py_DECREF(pair);
    peer_drop(&t->peer, bytes_of(*key) + bytes_of(*value));
    return true;
}

/* The ints are shared with the original, which then goes. */
static bool replace(struct ht *t, PyObject *fresh)
{
    if (!fresh)
        die("a copy");
    Py_SETREF(t->dict, fresh);
    recount(t);
    return true;
}

static bool copy(struct ht *t)
{
    return replace(t, PyDict_Copy(t->dict));
}

static bool rebuild_copy(struct ht *t)
{
    return replace(t, PyObject_CallOneArg((PyObject *)&PyDict_Type, t->dict));
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    Py_ssize_t at = 0;
    PyObject *key, *value;
    while (PyDict_Next(t->dict, &at, &key, &value))
        sum += ht_entry_sum(unboxed(key), unboxed(value));
    return sum;
}

/* for k in [k for k in d if ...]: del d[k] */
static uint64_t retain(struct ht *t, uint64_t modulus)
{
    Py_ssize_t at = 0;
    PyObject *key, *value, *doomed = PyList_New(0);
    while (doomed && PyDict_Next(t->dict, &at, &key, &value))
        if (ht_retain_deletes(unboxed(key), modulus) && PyList_Append(doomed, key))
            die("a list");
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(doomed); i++)
        (void)del(t, unboxed(PyList_GET_ITEM(doomed, i)));
    Py_DECREF(doomed);
    return scan(t);
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    Py_ssize_t at = 0;
    PyObject *key, *value;
    while (PyDict_Next(t->dict, &at, &key, &value))
        visit(arg, unboxed(key), unboxed(value));
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, (size_t)PyDict_GET_SIZE(t->dict), 0, 0);
    s->reported = (size_t)_PyDict_SizeOf((PyDictObject *)t->dict) + GC_HEADER;
}

static const char *check(const struct ht *t)
{
    if ((size_t)_PyDict_SizeOf((PyDictObject *)t->dict) - OBJECT != t->counted)
        return "the dict's storage changed unseen";
    return peer_check(&t->peer, (size_t)PyDict_GET_SIZE(t->dict), 24);
}

PEER_NO_COMPACT
PEER_NO_RESERVE
PEER_NO_HOLD

PEER_IMPL(cpython_dict, "the interpreter's own dict: " PY_VERSION,
          HT_ORDERED | HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_RESERVE);
