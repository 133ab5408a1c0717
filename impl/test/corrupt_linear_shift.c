/* check() of linear_shift names every corruption.
 *
 * SPDX-License-Identifier: MIT */
#include "engine/linear_shift.h"

#include "strategy/tombstone.h"

#include "table.h"

#include "corrupt_flat.h"

HT_TABLE_AS(corrupted, "linear_shift", "corrupted");

int main(void)
{
    corrupt_counts();
    corrupt_slots();
    return 0;
}
