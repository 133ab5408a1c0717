/* lua_table: Lua 5.4's table, through its C interface.
 *
 * pkg-config: lua5.4
 * package: liblua5.4-dev
 * Licence: MIT. Bytes: lua_newstate's allocator, with sizes, exact; the interpreter
 * itself is not counted.
 *
 * An array part for keys 1, 2, ..., and a hash part of 2^k nodes with coalesced chains,
 * load limit 1. Deleting assigns nil, which frees nothing: a rehash, which an insert
 * that collides in a full table causes, counts what lives and fits the table to it. Only
 * then does it shrink. It has no call that compacts, copies or reserves. clear, which
 * it lacks too, is a new table, and a full collection of the old.
 * Cannot be equalised: its own integer hash (key modulo 2^k - 1), and a table does not
 * know how many entries it has: the adapter looks each new key up first, and counts.
 *
 * SPDX-License-Identifier: MIT */
#include "peer.h"

#include <lauxlib.h>
#include <lua.h>

struct ht {
    struct peer peer;
    int ref; /* of the table, in the registry */
    size_t live;
};

/* One interpreter for all tables; whose blocks the next ones are. */
static lua_State *lua;
static __thread struct peer *owner;

static void *hook(void *arg, void *block, size_t old, size_t bytes)
{
    (void)arg;
    if (!block)
        old = 0; /* then it is a kind of object */
    if (bytes == 0) {
        if (owner)
            peer_free(owner, block, old);
        else
            free(block);
        return NULL;
    }
    return owner ? peer_realloc(owner, block, old, bytes) : realloc(block, bytes);
}

__attribute__((destructor)) static void close_lua(void)
{
    if (lua)
        lua_close(lua);
}

/* Tables come and go in the registry, whose room is not theirs: `use` leaves the table
 * on top of the stack, and `done` takes it off. */
static void push(const struct ht *t)
{
    lua_rawgeti(lua, LUA_REGISTRYINDEX, t->ref);
}

static void make(struct ht *t)
{
    owner = &t->peer;
    lua_newtable(lua);
    owner = NULL;
    t->ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    t->live = 0;
}

/* Nothing but this table is garbage. */
static void release(struct ht *t, int ref)
{
    luaL_unref(lua, LUA_REGISTRYINDEX, ref);
    owner = &t->peer;
    lua_gc(lua, LUA_GCCOLLECT);
    owner = NULL;
}

static struct ht *create(struct ht_mem *mem, const struct ht_config *config)
{
    struct ht *t = PEER_CREATE(mem, config);
    if (!lua) {
        lua = lua_newstate(hook, NULL);
        CHECK(lua);
        lua_gc(lua, LUA_GCSTOP);
    }
    if (t)
        make(t);
    return t;
}

static void destroy(struct ht *t)
{
    release(t, t->ref);
    ht_free_handle(t->peer.mem, t, sizeof *t);
}

HT_INLINE enum ht_put put(struct ht *t, uint64_t key, uint64_t value)
{
    push(t);
    bool is_new = lua_rawgeti(lua, -1, (lua_Integer)key) == LUA_TNIL;
    lua_pop(lua, 1);
    lua_pushinteger(lua, (lua_Integer)value);
    owner = &t->peer;
    lua_rawseti(lua, -2, (lua_Integer)key);
    owner = NULL;
    lua_pop(lua, 1);
    t->live += is_new;
    return is_new ? HT_NEW : HT_REPLACED;
}

HT_INLINE bool get(const struct ht *t, uint64_t key, uint64_t *value)
{
    push(t);
    bool found = lua_rawgeti(lua, -1, (lua_Integer)key) != LUA_TNIL;
    if (found)
        *value = (uint64_t)lua_tointeger(lua, -1);
    lua_pop(lua, 2);
    return found;
}

HT_INLINE bool del(struct ht *t, uint64_t key)
{
    push(t);
    bool found = lua_rawgeti(lua, -1, (lua_Integer)key) != LUA_TNIL;
    lua_pop(lua, 1);
    if (found) {
        lua_pushnil(lua);
        lua_rawseti(lua, -2, (lua_Integer)key);
        t->live--;
    }
    lua_pop(lua, 1);
    return found;
}

static void clear(struct ht *t)
{
    int old = t->ref;
    make(t);
    release(t, old);
}

/* Calls visit on every entry; those it says no to are erased. */
static void walk(const struct ht *t, bool (*visit)(void *, uint64_t, uint64_t), void *arg)
{
    push(t);
    lua_pushnil(lua);
    while (lua_next(lua, -2)) {
        uint64_t key = (uint64_t)lua_tointeger(lua, -2), value = (uint64_t)lua_tointeger(lua, -1);
        lua_pop(lua, 1);
        if (visit(arg, key, value))
            continue;
        lua_pushnil(lua);
        lua_rawseti(lua, -3, (lua_Integer)key);
    }
    lua_pop(lua, 1);
}

static bool insert_again(void *t, uint64_t key, uint64_t value)
{
    return put(t, key, value) == HT_NEW;
}

static bool rebuild_copy(struct ht *t)
{
    struct ht old = *t;
    make(t);
    walk(&old, insert_again, t);
    release(t, old.ref);
    return true;
}

struct retained {
    struct ht *t;
    uint64_t modulus, sum;
};

static bool keeps(void *arg, uint64_t key, uint64_t value)
{
    struct retained *r = arg;
    if (ht_retain_deletes(key, r->modulus)) {
        r->t->live--;
        return false;
    }
    r->sum += ht_entry_sum(key, value);
    return true;
}

static uint64_t retain(struct ht *t, uint64_t modulus)
{
    struct retained r = {.t = t, .modulus = modulus};
    walk(t, keeps, &r);
    return r.sum;
}

static bool add_entry(void *sum, uint64_t key, uint64_t value)
{
    *(uint64_t *)sum += ht_entry_sum(key, value);
    return true;
}

static uint64_t scan(struct ht *t)
{
    uint64_t sum = 0;
    walk(t, add_entry, &sum);
    return sum;
}

struct visit {
    ht_visit *visit;
    void *arg;
};

static bool visit_entry(void *arg, uint64_t key, uint64_t value)
{
    const struct visit *v = arg;
    v->visit(v->arg, key, value);
    return true;
}

static void each(const struct ht *t, ht_visit *visit, void *arg)
{
    struct visit v = {visit, arg};
    walk(t, visit_entry, &v);
}

static void stats(const struct ht *t, struct ht_stats *s)
{
    peer_stats(&t->peer, s, t->live, 0, 0);
}

static const char *check(const struct ht *t)
{
    return peer_check(&t->peer, t->live, 16);
}

PEER_NO_COMPACT
PEER_NO_COPY
PEER_NO_RESERVE
PEER_NO_POP
PEER_NO_HOLD

PEER_IMPL(lua_table, "Lua 5.4: erasing frees nothing, a rehash fits the table",
          HT_DEAD_SLOTS | HT_NEEDS_MEMORY | HT_NO_COMPACT | HT_NO_COPY | HT_NO_RESERVE);
