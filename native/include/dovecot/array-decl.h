/*
 * Declaring arrays, which any header may do; array.h has what can be done with them. Part of lib.h.
 *
 *     ARRAY(struct foo *) foos;                    // one array
 *     ARRAY_DEFINE_TYPE(foo, struct foo *);   // a type with a name, to pass to functions:
 *     void sort_foos(ARRAY_TYPE(foo) *foos);
 */
#ifndef DOVECOT_ARRAY_DECL_H
#define DOVECOT_ARRAY_DECL_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

struct array {
    struct buffer *buffer; /**< NULL until the array is created */
    size_t element_size;
};

/* `v` and `v_modifiable` are never assigned: `*v` reads the first member of the buffer, which is
   the address of the first element, with the type of the elements. */
#define ARRAY_UNION_(array_type)    \
    {                               \
        struct array arr;           \
        array_type const *const *v; \
        array_type **v_modifiable;  \
    }

#define ARRAY(array_type) union ARRAY_UNION_(array_type)
#define ARRAY_DEFINE_TYPE(name, array_type) union array__##name ARRAY_UNION_(array_type)
#define ARRAY_TYPE(name) union array__##name
/* Initializer of an array that is not created yet. */
#define ARRAY_INIT  \
    {               \
        {           \
            NULL, 0 \
        }           \
    }

ARRAY_DEFINE_TYPE(string, char *);
ARRAY_DEFINE_TYPE(const_string, const char *);
ARRAY_DEFINE_TYPE(uint8_t, uint8_t);
ARRAY_DEFINE_TYPE(uint16_t, uint16_t);
ARRAY_DEFINE_TYPE(uint32_t, uint32_t);
ARRAY_DEFINE_TYPE(uint64_t, uint64_t);
ARRAY_DEFINE_TYPE(uint, unsigned int);
ARRAY_DEFINE_TYPE(void_array, void *);

#endif
