/* Watches processes from outside; see resident_watch.h.
 *
 * Two processes replay at a time (no time is measured); those that are drained sleep and are read when their
 * time has come, so that waiting for one costs the others nothing.
 *
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "resident_watch.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    SAMPLE_MS = 5,
    IDLE_SAMPLE_MS = 100,
    SLEEPERS_MAX = 24,
    ACTIVE_MAX = 2,
    USABLE = 5, /* the place of the two figures of blocks among the exact ones */
    MARKS = 4,
    TEXT = 2048
};

/* When a drained process is read, in ms since then. */
static const uint64_t marks[MARKS] = {0, 100, 1000, 5000};

enum phase { WAITING, STARTING, REPLAYING, SLEEPING, NUDGED, TRIMMED, OVER };

struct memory {
    uint64_t anonymous, lazy; /* bytes; lazy: of these, free for the system to take */
};

struct subject {
    const char *table, *allocator, *program;
    enum phase phase;
    pid_t pid;
    int in, out; /* the child's standard input and output */
    int rollup;  /* /proc/PID/smaps_rollup */
    struct resident_page *page;
    uint64_t begun_ms, drained_ms, sampled_ms;
    struct memory base, last;
    uint64_t peak, kernel_peak; /* of the samples; by the kernel's own mark */
    struct memory at[MARKS], nudged, trimmed;
    size_t marked; /* marks taken */
};

static uint64_t now_ms(void)
{
    struct timespec t;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static const char *name_of(const struct subject *s, char *out, size_t room)
{
    if (!s->program)
        return s->table;
    (void)snprintf(out, room, "%.*s", (int)strcspn(s->program, "="), s->program);
    return out;
}

/* ---- reading ----------------------------------------------------------------------- */

static uint64_t field(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) * 1024 : 0;
}

static bool read_all(int fd, char *text)
{
    ssize_t got = pread(fd, text, TEXT - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

static struct memory read_memory(const struct subject *s)
{
    char text[TEXT];
    if (!read_all(s->rollup, text))
        return s->last;
    return (struct memory){field(text, "\nAnonymous:"), field(text, "\nLazyFree:")};
}

/* The most resident memory since the mark was reset, of all kinds. */
static uint64_t read_kernel_peak(const struct subject *s)
{
    char path[64], text[TEXT] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    (void)read_all(fd, text);
    (void)close(fd);
    return field(text, "\nVmHWM:") - field(text, "\nRssFile:") - field(text, "\nRssShmem:");
}

static void reset_kernel_peak(const struct subject *s)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/clear_refs", (int)s->pid);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!write(fd, "5", 1);
    (void)close(fd);
}

static uint64_t above_base(const struct subject *s, uint64_t bytes)
{
    return bytes > s->base.anonymous ? bytes - s->base.anonymous : 0;
}

/* Reads the process; what changed, and every marked moment, goes to the samples. */
static void sample(struct watch *w, struct subject *s, const char *mark)
{
    struct memory m = read_memory(s);
    uint64_t now = now_ms(), bytes = above_base(s, m.anonymous);
    char name[80];
    if (bytes > s->peak)
        s->peak = bytes;
    s->sampled_ms = now;
    if (w->samples && (*mark || m.anonymous != s->last.anonymous || m.lazy != s->last.lazy))
        (void)fprintf(w->samples, "%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s\n",
                      w->cell, name_of(s, name, sizeof name), s->allocator, now - s->begun_ms,
                      atomic_load_explicit(&s->page->step, memory_order_relaxed), bytes, m.lazy,
                      mark);
    s->last = m;
}

/* ---- a process's life ----------------------------------------------------------------- */

static void become(const struct watch *w, const struct subject *s, int in, int out, int page)
{
    char preload[120];
    if (strcmp(s->allocator, "glibc") != 0) {
        (void)snprintf(preload, sizeof preload, "%s",
                       strcmp(s->allocator, "tcmalloc") == 0   ? "libtcmalloc_minimal.so.4"
                       : strcmp(s->allocator, "mimalloc") == 0 ? "libmimalloc.so.2"
                                                               : "libjemalloc.so.2");
        (void)setenv("LD_PRELOAD", preload, 1);
    }
    /* High first: the numbers wanted may be taken by what is wanted elsewhere. */
    int high[] = {fcntl(in, F_DUPFD, 64), fcntl(out, F_DUPFD, 64), fcntl(page, F_DUPFD, 64),
                  fcntl(w->trace_fd, F_DUPFD, 64)};
    const int wanted[] = {STDIN_FILENO, STDOUT_FILENO, RESIDENT_PAGE_FD, RESIDENT_TRACE_FD};
    for (size_t i = 0; i < sizeof high / sizeof *high; i++)
        if (high[i] < 0 || dup2(high[i], wanted[i]) < 0)
            _exit(127);
    closefrom(RESIDENT_TRACE_FD + 1);
    if (!s->program) {
        (void)execl("/proc/self/exe", "ebb-resident", "--child", s->table, s->allocator, NULL);
    } else {
        char command[400];
        (void)snprintf(command, sizeof command, "exec %s %s", strchr(s->program, '=') + 1,
                       s->allocator);
        (void)execl("/bin/sh", "sh", "-c", command, NULL);
    }
    _exit(127);
}

static void start(struct watch *w, struct subject *s)
{
    int to[2], from[2], page = memfd_create("page", MFD_CLOEXEC);
    char path[64];
    CHECK(page >= 0 && ftruncate(page, sizeof *s->page) == 0);
    void *mapped = mmap(NULL, sizeof *s->page, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
    CHECK(mapped != MAP_FAILED);
    CHECK(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
    s->page = mapped;
    s->pid = fork();
    CHECK(s->pid >= 0);
    if (s->pid == 0)
        become(w, s, to[0], from[1], page);
    (void)close(to[0]);
    (void)close(from[1]);
    (void)close(page);
    s->in = to[1];
    s->out = from[0];
    (void)snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)s->pid);
    s->rollup = open(path, O_RDONLY | O_CLOEXEC);
    s->phase = STARTING;
}

static void tell(struct subject *s, char what)
{
    (void)!write(s->in, &what, 1); /* a dead child is noticed by its silence */
}

static void end(struct subject *s, const char *wrong)
{
    int status;
    if (s->page && wrong && !s->page->wrong[0])
        (void)snprintf(s->page->wrong, sizeof s->page->wrong, "%s", wrong);
    (void)close(s->in);
    (void)close(s->out);
    (void)close(s->rollup);
    if (wrong)
        (void)kill(s->pid, SIGKILL);
    (void)waitpid(s->pid, &status, 0);
    s->phase = OVER;
}

/* The child has written a byte: on to its next phase. */
static void advance(struct watch *w, struct subject *s)
{
    char heard;
    if (read(s->out, &heard, 1) != 1) {
        end(s, "the process ended too early");
    } else if (s->phase == STARTING && heard == 'r') {
        (void)close(s->rollup); /* of the process before it became another program */
        char path[64];
        (void)snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)s->pid);
        s->rollup = open(path, O_RDONLY | O_CLOEXEC);
        s->base = read_memory(s);
        s->last = s->base;
        reset_kernel_peak(s);
        s->begun_ms = now_ms();
        s->phase = REPLAYING;
        tell(s, 'g');
    } else if (s->phase == REPLAYING && heard == 'd') {
        sample(w, s, "drained");
        s->kernel_peak = above_base(s, read_kernel_peak(s));
        s->drained_ms = now_ms();
        s->at[0] = s->last;
        s->marked = 1;
        s->phase = SLEEPING;
    } else if (s->phase == NUDGED && heard == 'n') {
        sample(w, s, "nudged");
        s->nudged = s->last;
        s->phase = TRIMMED;
        tell(s, 't');
    } else if (s->phase == TRIMMED && heard == 't') {
        sample(w, s, "trimmed");
        s->trimmed = s->last;
        end(s, NULL);
    } else {
        end(s, "the process does not speak as it should");
    }
}

/* A sleeping process is read when it is time to; after the last mark it is nudged. */
static void look_at_sleeper(struct watch *w, struct subject *s)
{
    static const char *const names[MARKS] = {"drained", "0.1 s", "1 s", "5 s"};
    uint64_t slept = now_ms() - s->drained_ms;
    if (s->marked < MARKS && marks[s->marked] <= w->wait_ms) {
        if (slept >= marks[s->marked]) {
            sample(w, s, names[s->marked]);
            s->at[s->marked++] = s->last;
        } else if (now_ms() - s->sampled_ms >= IDLE_SAMPLE_MS) {
            sample(w, s, "");
        }
        return;
    }
    s->phase = NUDGED;
    tell(s, 'n');
}

/* ---- all of them --------------------------------------------------------------------- */

void watch_add(struct watch *w, const char *table, const char *allocator, const char *program)
{
    w->subjects = realloc(w->subjects, (w->count + 1) * sizeof *w->subjects);
    CHECK(w->subjects);
    w->subjects[w->count++] =
        (struct subject){.table = table, .allocator = allocator, .program = program};
}

void watch_free(struct watch *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->subjects[i].page)
            (void)munmap(w->subjects[i].page, sizeof *w->subjects[i].page);
    free(w->subjects);
    w->subjects = NULL;
    w->count = 0;
}

static bool has_spoken(const struct subject *s)
{
    struct pollfd fd = {.fd = s->out, .events = POLLIN};
    return poll(&fd, 1, 0) > 0;
}

static void step(struct watch *w, struct subject *s)
{
    if (s->phase == WAITING || s->phase == OVER)
        return;
    if (has_spoken(s))
        advance(w, s);
    else if (s->phase == REPLAYING)
        sample(w, s, "");
    else if (s->phase == SLEEPING)
        look_at_sleeper(w, s);
}

/* Starts the next one if few enough replay and few enough sleep. Returns how many are
 * not over. */
static size_t start_next(struct watch *w)
{
    struct subject *waiting = NULL;
    size_t sleepers = 0, active = 0, left = 0;
    for (size_t i = w->count; i-- > 0;) {
        struct subject *s = &w->subjects[i];
        left += s->phase != OVER;
        sleepers += s->phase >= SLEEPING && s->phase != OVER;
        active += s->phase == STARTING || s->phase == REPLAYING;
        if (s->phase == WAITING)
            waiting = s;
    }
    if (waiting && active < ACTIVE_MAX && sleepers < SLEEPERS_MAX)
        start(w, waiting);
    return left;
}

/* Waits 5 ms, or until a process that replays has something to say. */
static void wait_a_little(const struct watch *w)
{
    struct pollfd fds[ACTIVE_MAX];
    nfds_t count = 0;
    for (size_t i = 0; i < w->count && count < ACTIVE_MAX; i++)
        if (w->subjects[i].phase == STARTING || w->subjects[i].phase == REPLAYING)
            fds[count++] = (struct pollfd){.fd = w->subjects[i].out, .events = POLLIN};
    (void)poll(fds, count, SAMPLE_MS);
}

static void print_bytes(FILE *csv, bool there, uint64_t bytes)
{
    if (there)
        (void)fprintf(csv, ",%" PRIu64, bytes);
    else
        (void)fputc(',', csv);
}

static void print_line(const struct watch *w, FILE *csv, const struct subject *s)
{
    const struct resident_page *p = s->page;
    const uint64_t exact[] = {p->steps,          p->live,   p->held,        p->requested,
                              p->requested_peak, p->usable, p->usable_peak, p->byte_steps,
                              p->allocations,    p->frees};
    char name[80];
    bool ours = p->steps > 0; /* a program of another kind leaves the page zero */
    (void)fprintf(csv, "%s,%s,%s", w->cell, name_of(s, name, sizeof name), s->allocator);
    /* A peer with blocks of its own: malloc was not asked what it gave for them. */
    bool asked = p->usable_peak >= p->requested_peak;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        print_bytes(csv, ours && (asked || i < USABLE || i > USABLE + 1), exact[i]);
    print_bytes(csv, ours, p->faults);
    print_bytes(csv, ours, p->cpu_ns);
    print_bytes(csv, true, s->base.anonymous);
    print_bytes(csv, true, s->peak);
    print_bytes(csv, true, s->kernel_peak);
    for (size_t i = 0; i < MARKS; i++)
        print_bytes(csv, i < s->marked, above_base(s, s->at[i].anonymous));
    print_bytes(csv, true, above_base(s, s->nudged.anonymous));
    print_bytes(csv, true, above_base(s, s->trimmed.anonymous));
    print_bytes(csv, true, s->at[s->marked - 1].lazy);
    (void)fputc('\n', csv);
}

size_t watch_run(struct watch *w, FILE *csv)
{
    size_t failed = 0;
    (void)signal(SIGPIPE, SIG_IGN);
    if (w->samples)
        (void)fputs("cell,arm,allocator,ms,step,resident,lazy,mark\n", w->samples);
    while (start_next(w)) {
        wait_a_little(w);
        for (size_t i = 0; i < w->count; i++)
            step(w, &w->subjects[i]);
    }
    (void)fputs(
        "cell,arm,allocator,steps,live,held,requested,requested_peak,usable,usable_peak,"
        "byte_steps,allocations,frees,faults,cpu_ns,base,peak,kernel_peak,after_0,after_100,"
        "after_1000,after_5000,nudged,trimmed,lazy\n",
        csv);
    for (size_t i = 0; i < w->count; i++) {
        const struct subject *s = &w->subjects[i];
        char name[80];
        if (s->page->wrong[0]) {
            failed++;
            (void)fprintf(stderr, "ebb-resident: %s under %s: %s\n", name_of(s, name, sizeof name),
                          s->allocator, s->page->wrong);
        } else {
            print_line(w, csv, s);
        }
    }
    return failed;
}
