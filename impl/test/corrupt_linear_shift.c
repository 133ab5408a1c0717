/* check() of linear_shift names every corruption.
 *
 * SPDX-License-Identifier: MIT */
#pragma GCC diagnostic ignored "-Wunused-function" /* a few operations are used */

#include "engine/linear_shift.h"

#include "strategy/tombstone.h"

#include "table.h"

#include "corrupt_flat.h"

int main(void)
{
    corrupt_counts();
    corrupt_slots();
    corrupt_tags();
    return 0;
}
