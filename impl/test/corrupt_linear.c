/* check() of linear names every corruption.
 *
 * SPDX-License-Identifier: MIT */
#include "engine/linear.h"

#include "strategy/tombstone.h"

#include "table.h"

#include "corrupt_flat.h"

HT_TABLE_AS(corrupted, "linear", "corrupted");

int main(void)
{
    corrupt_counts();
    corrupt_slots();
    return 0;
}
