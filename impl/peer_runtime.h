/* For a peer that starts another language's interpreter in the process.
 *
 * LeakSanitizer does not see what an interpreter keeps in pools of its own: what is
 * allocated between the two calls is no leak. They do nothing without it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_RUNTIME_H
#define EBB_PEER_RUNTIME_H

extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static inline void peer_runtime_starts(void)
{
    if (__lsan_disable)
        __lsan_disable();
}

static inline void peer_runtime_runs(void)
{
    if (__lsan_enable)
        __lsan_enable();
}

#endif
