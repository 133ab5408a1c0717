/* A library for LD_PRELOAD that records which heap blocks of a process are live,
 * as a leak detector's table would: one record when a block appears, one when it
 * goes. A realloc that moves is both; one in place is neither. scripts/record-malloc
 * runs a command under it and turns the records into traces.
 *
 * Every process image writes a file of its own into the folder that the
 * environment variable EBB_RECORD_DIR names: NAME-PID.1.raw, or .2.raw where that
 * exists (exec of the same program again). A file is a row of 64-bit words: the
 * block's address, with the lowest bit set if the block goes. Words of zero at the
 * end are room not used.
 *
 * The file is mapped, a window at a time, and not held open. So nothing is lost
 * by _exit, abort or SIGKILL; no thread flushes anything; and a program that
 * closes all descriptors neither ends the recording nor has it written elsewhere.
 *
 * The order of records is the order under one lock: a block goes before it is
 * freed and appears after it is allocated, so that an address another thread gets
 * again never appears twice without going.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1 /* RTLD_NEXT, MADV_WIPEONFORK */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WINDOW = 1 << 18, WORDS = WINDOW / sizeof(uint64_t) };

/* In pages that read as zero in the child of a fork, whichever way it was made:
 * the child begins a file of its own, with the lock free. */
struct recording {
    pthread_mutex_t lock;
    uint64_t *window; /* NULL: no file yet */
    size_t used;      /* words of the window */
    off_t end;        /* of the window, in the file */
    char path[PATH_MAX];
};

static struct recording *recording;
static char folder[PATH_MAX - 300]; /* room for the file's name */
static atomic_bool on;

/* Set while this thread records: a signal handler that allocates meanwhile must
 * not wait for its own lock. Its records are lost. */
static __attribute__((tls_model("initial-exec"))) _Thread_local bool busy;

/* ---- the file ------------------------------------------------------------ */

static void give_up(const char *what, int error, const char *fix)
{
    char line[PATH_MAX + 300];
    const char *why = strerrordesc_np(error); /* strerror may allocate */
    int n = snprintf(line, sizeof line, "record_malloc: %s: %s; %s; goes on unrecorded\n", what,
                     why ? why : "unknown error", fix);
    atomic_store(&on, false);
    (void)!write(STDERR_FILENO, line, (size_t)n);
}

static int create(struct recording *r)
{
    char name[200] = "";
    const char *given = program_invocation_short_name;
    for (size_t i = 0; given[i] && i + 1 < sizeof name; i++)
        name[i] =
            (char)(given[i] > ' ' && given[i] != '/' ? given[i] : '_'); /* it may be a title */
    int fd = -1;
    for (int number = 1; fd < 0 && (number == 1 || errno == EEXIST); number++) {
        (void)snprintf(r->path, sizeof r->path, "%s/%s-%ld.%d.raw", folder, name, (long)getpid(),
                       number);
        fd = open(r->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    return fd;
}

/* Returns 0 or an error. */
static int map_window(struct recording *r)
{
    int fd = r->end ? open(r->path, O_RDWR | O_CLOEXEC) : create(r);
    if (fd < 0)
        return errno;
    /* Without blocks of its own, a window on a full disk would be a bus error. */
    int error = posix_fallocate(fd, r->end, WINDOW);
    void *window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, fd, r->end);
    (void)close(fd);
    if (error || window == MAP_FAILED)
        return error ? error : ENOMEM;
    (void)madvise(window, WINDOW, MADV_DONTFORK); /* of no use to a child */
    r->window = window;
    r->used = 0;
    r->end += WINDOW;
    return 0;
}

static void next_window(struct recording *r)
{
    if (!atomic_load(&on)) /* another thread gave up while this one waited */
        return;
    int saved = errno, cancel;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel); /* open() could end the thread */
    if (r->window)
        (void)munmap(r->window, WINDOW);
    r->window = NULL;
    int error = map_window(r);
    if (error)
        give_up(r->path, error, "name a folder that can be written, with room, in EBB_RECORD_DIR");
    (void)pthread_setcancelstate(cancel, NULL);
    errno = saved;
}

/* ---- recording ----------------------------------------------------------- */

static void end(void)
{
    (void)pthread_mutex_unlock(&recording->lock);
    busy = false;
}

static bool begin(void)
{
    if (!atomic_load_explicit(&on, memory_order_relaxed) || busy)
        return false;
    busy = true;
    (void)pthread_mutex_lock(&recording->lock);
    return true;
}

static void add(const void *block, bool goes)
{
    struct recording *r = recording;
    if (!r->window || r->used == WORDS)
        next_window(r);
    if (r->window)
        r->window[r->used++] = (uint64_t)(uintptr_t)block | goes;
}

static void *appears(void *block)
{
    if (block && begin()) {
        add(block, false);
        end();
    }
    return block;
}

/* Not before the library's constructors: until then libc has no environment. What
 * is allocated earlier stays unrecorded. */
__attribute__((constructor)) static void start(void)
{
    const char *given = getenv("EBB_RECORD_DIR");
    if (!given || *given != '/' || strlen(given) >= sizeof folder) { /* programs change folders */
        give_up("EBB_RECORD_DIR", EINVAL, "it must name a folder by an absolute path");
        return;
    }
    memcpy(folder, given, strlen(given) + 1);
    size_t room = sizeof *recording;
    void *pages = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || madvise(pages, room, MADV_WIPEONFORK) != 0) {
        give_up("memory for the recorder", errno, "it needs Linux 4.14 or newer");
        return;
    }
    recording = pages; /* zero bytes are an unlocked mutex, in glibc */
    atomic_store(&on, true);
}

/* ---- the allocator underneath -------------------------------------------- */

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    void *(*memalign)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
} real;

static enum { UNKNOWN, SEARCHING, KNOWN } found;

#define FIND(name) (*(void **)&real.name = dlsym(RTLD_NEXT, #name))

/* false while dlsym is at work. It may allocate room for an error message, and in
 * glibc has a buffer to fall back to: it gets NULL. The first call comes from the
 * dynamic linker or a constructor, before there is a second thread. */
static bool ready(void)
{
    if (found != UNKNOWN)
        return found == KNOWN;
    found = SEARCHING;
    FIND(malloc), FIND(calloc), FIND(realloc);
    FIND(free), FIND(memalign), FIND(posix_memalign);
    found = KNOWN;
    return true;
}

/* ---- what the program calls ---------------------------------------------- */

void *malloc(size_t size)
{
    return ready() ? appears(real.malloc(size)) : NULL;
}

void *calloc(size_t n, size_t size)
{
    return ready() ? appears(real.calloc(n, size)) : NULL;
}

void free(void *block)
{
    if (!block || !ready())
        return;
    if (begin()) {
        add(block, true);
        end();
    }
    real.free(block);
}

void *realloc(void *block, size_t size)
{
    if (!block)
        return malloc(size);
    if (!ready())
        return NULL;
    if (!begin())
        return real.realloc(block, size);
    /* Under the lock, since only afterwards is it known whether the block went. */
    const void *before = block;
    void *after = real.realloc(block, size);
    if (after != before && (after || size == 0)) {
        add(before, true);
        if (after)
            add(after, false);
    }
    end();
    return after;
}

void *reallocarray(void *block, size_t n, size_t size)
{
    size_t bytes;
    if (!__builtin_mul_overflow(n, size, &bytes))
        return realloc(block, bytes);
    errno = ENOMEM;
    return NULL;
}

void *memalign(size_t alignment, size_t size)
{
    return ready() ? appears(real.memalign(alignment, size)) : NULL;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

void *valloc(size_t size)
{
    return memalign((size_t)sysconf(_SC_PAGESIZE), size);
}

void *pvalloc(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return valloc(size > SIZE_MAX - page ? size : (size + page - 1) / page * page);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    int error = ready() ? real.posix_memalign(block, alignment, size) : ENOMEM;
    if (!error)
        (void)appears(*block);
    return error;
}
