/* What Abseil's maps share when they are built from a checkout (PEER_VERSION).
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_PEER_ABSL_H
#define EBB_PEER_ABSL_H

#ifdef PEER_VERSION
#define PEER_ABSL PEER_VERSION
#define PEER_INSIDE 1 /* since 2024 */

#include <absl/container/internal/hashtablez_sampler.h>

/* Releases since May 2025 call their sampler of tables by this name. None of them samples unless its
 * build is changed, so that it is never reached; theirs would bring Abseil's mutexes, clocks and
 * stack traces with it. */
namespace absl
{
ABSL_NAMESPACE_BEGIN
namespace container_internal
{
__attribute__((weak)) HashtablezInfoHandle ForcedTrySample(size_t, size_t, size_t, uint16_t)
{
    return HashtablezInfoHandle(nullptr);
}
} // namespace container_internal
ABSL_NAMESPACE_END
} // namespace absl
#else
#define PEER_ABSL "Abseil 2022"
#endif

#endif
