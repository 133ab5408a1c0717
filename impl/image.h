/* Writing the image of a table: all that its later behaviour depends on.
 *
 * SPDX-License-Identifier: MIT */
#ifndef EBB_IMAGE_H
#define EBB_IMAGE_H

#include <stddef.h>
#include <string.h>

struct image {
    unsigned char *bytes;
    size_t room, length; /* length counts on beyond room */
};

static inline void image_add(struct image *image, const void *bytes, size_t n)
{
    if (image->length + n <= image->room)
        memcpy(image->bytes + image->length, bytes, n);
    image->length += n;
}

#endif
