/*
 * The data stack: blocks of memory in a row, a frame record at the place where each frame began.
 * Ending a frame moves the top back to its record. Which frame is innermost is told by numbers that
 * are never used twice, so that a frame left open, or a pool of a frame that ended, is noticed.
 */
#include <stdio.h>

#include "lib/memory.h"

#define FIRST_BLOCK_SIZE ((size_t)64 * 1024)

struct stack_block {
    struct stack_block *prev;
    size_t size, used; /* of what follows the block */
};

struct stack_frame {
    struct stack_frame *prev;
    /* Where the top was before the frame. */
    struct stack_block *block;
    size_t used;

    const char *marker;
    data_stack_frame_t id;
    /* The last allocation, which may still change its size. */
    void *last;
};

#define BLOCK_HEADER MEM_ALIGN(sizeof(struct stack_block))
#define FRAME_RECORD MEM_ALIGN(sizeof(struct stack_frame))

unsigned int data_stack_frame_id = 0;

/* What is allocated before any frame is opened belongs to this one, which never ends. */
static struct stack_frame root_frame;
static struct stack_frame *frame = &root_frame;
static struct stack_block *top_block, *spare_block;
static data_stack_frame_t last_frame_id;

/* What t_buffer_get() returned last. */
static void *wanted;
static size_t wanted_size;

static unsigned char *block_data(struct stack_block *block)
{
    return (unsigned char *)block + BLOCK_HEADER;
}

static size_t block_left(const struct stack_block *block)
{
    return block == NULL ? 0 : block->size - block->used;
}

static void block_free(struct stack_block *block)
{
    if (block == NULL)
        return;
    memory_unpoison(block_data(block), block->size);
    memory_give_back(block);
}

static void push_block(size_t min_size)
{
    struct stack_block *block = spare_block;
    size_t size = top_block == NULL ? FIRST_BLOCK_SIZE : top_block->size;

    spare_block = NULL;
    if (block == NULL || block->size < min_size) {
        block_free(block);
        if (size < min_size)
            size = nearest_power(min_size);
        block = memory_take(BLOCK_HEADER + size);
        block->size = size;
        memory_poison(block_data(block), size);
    }
    block->used = 0;
    block->prev = top_block;
    top_block = block;
}

static void pop_block(void)
{
    struct stack_block *block = top_block;

    top_block = block->prev;
    memory_poison(block_data(block), block->used);
    if (spare_block != NULL && spare_block->size >= block->size) {
        block_free(block);
        return;
    }
    block_free(spare_block);
    spare_block = block;
}

/* `size` bytes on top, aligned; the top does not move. */
static void *top_space(size_t size)
{
    void *mem;

    if (unlikely(size > block_left(top_block)))
        push_block(size);
    mem = block_data(top_block) + top_block->used;
    memory_unpoison(mem, size);
    return mem;
}

static void *allocate(size_t size)
{
    void *mem = top_space(MEM_ALIGN(size));

    top_block->used += MEM_ALIGN(size);
    /* The bytes that alignment added stay forbidden. */
    memory_poison((unsigned char *)mem + size, MEM_ALIGN(size) - size);
    wanted = NULL;
    return mem;
}

static void check_size(size_t size)
{
    if (unlikely(size == 0 || size > POOL_MAX_ALLOC_SIZE))
        i_panic("Trying to allocate %zu bytes from the data stack", size);
}

data_stack_frame_t t_push(const char *marker)
{
    struct stack_block *block = top_block;
    size_t used = block == NULL ? 0 : block->used;
    struct stack_frame *new_frame = allocate(FRAME_RECORD);

    new_frame->prev = frame;
    new_frame->block = block;
    new_frame->used = used;
    new_frame->marker = marker;
    new_frame->id = ++last_frame_id;
    new_frame->last = NULL;
    frame = new_frame;
    data_stack_frame_id = new_frame->id;
    return new_frame->id;
}

data_stack_frame_t t_push_named(const char *format, ...)
{
    data_stack_frame_t id = t_push("named frame");
    va_list args;

    va_start(args, format);
    frame->marker = t_strdup_vprintf(format, args);
    va_end(args);
    return id;
}

void t_pop_last_unsafe(void)
{
    struct stack_frame *ended = frame;
    struct stack_block *block = ended->block;
    size_t used = ended->used;

    if (unlikely(ended == &root_frame))
        i_panic("data stack: a frame is ended that was never opened");
    frame = ended->prev;
    data_stack_frame_id = frame->id;
    wanted = NULL;

    while (top_block != block && top_block->prev != NULL)
        pop_block();
    /* The very first block is kept, even if the frame was opened before it was there. */
    if (top_block != block)
        used = 0;
    memory_poison(block_data(top_block) + used, top_block->used - used);
    top_block->used = used;
}

bool t_pop(data_stack_frame_t *id)
{
    if (unlikely(*id != frame->id || frame == &root_frame)) {
        if (frame != &root_frame)
            i_error("data stack: frame %u is ended inside frame %u, opened at %s", *id, frame->id,
                    frame->marker);
        return FALSE;
    }
    t_pop_last_unsafe();
    *id = 0;
    return TRUE;
}

bool t_pop_pass_str(data_stack_frame_t *id, const char **str)
{
    char *copy;
    bool ended;

    if (str == NULL || *str == NULL || *id != frame->id || !data_stack_frame_contains(id, *str))
        return t_pop(id);

    copy = i_strdup(*str);
    ended = t_pop(id);
    *str = t_strdup(copy);
    i_free(copy);
    return ended;
}

void *t_malloc_no0(size_t size)
{
    void *mem;

    check_size(size);
    mem = allocate(size);
    frame->last = mem;
    return mem;
}

void *t_malloc0(size_t size)
{
    return memset(t_malloc_no0(size), 0, size);
}

bool t_try_realloc(void *mem, size_t size)
{
    size_t start, end;

    check_size(size);
    if (mem == NULL || mem != frame->last)
        return FALSE;

    start = (size_t)((unsigned char *)mem - block_data(top_block));
    if (MEM_ALIGN(size) > top_block->size - start)
        return FALSE;
    end = start + MEM_ALIGN(size);
    memory_unpoison(mem, size);
    memory_poison(block_data(top_block) + start + size, I_MAX(end, top_block->used) - start - size);
    top_block->used = end;
    wanted = NULL;
    return TRUE;
}

size_t t_get_bytes_available(void)
{
    return block_left(top_block) & ~((size_t)MEM_ALIGN_SIZE - 1);
}

void *t_buffer_get(size_t size)
{
    check_size(size);
    wanted = top_space(MEM_ALIGN(size));
    wanted_size = size;
    return wanted;
}

void *t_buffer_reget(void *buffer, size_t size)
{
    size_t old_size = wanted_size;
    void *mem;

    i_assert(buffer != NULL && buffer == wanted);
    mem = t_buffer_get(size);
    if (mem != buffer)
        memcpy(mem, buffer, I_MIN(old_size, size));
    return mem;
}

void t_buffer_alloc(size_t size)
{
    void *mem = wanted;

    if (unlikely(mem == NULL))
        i_panic("t_buffer_alloc(): nothing got, or something allocated since");
    i_assert(size <= wanted_size);
    memory_poison((unsigned char *)mem + size, MEM_ALIGN(wanted_size) - size);
    frame->last = allocate(size);
    i_assert(frame->last == mem);
}

void t_buffer_alloc_last_full(void)
{
    if (wanted != NULL)
        t_buffer_alloc(wanted_size);
}

static bool lies_in(const struct stack_block *block, size_t from, const void *ptr)
{
    uintptr_t start = (uintptr_t)block + BLOCK_HEADER;

    return (uintptr_t)ptr >= start + from && (uintptr_t)ptr < start + block->used;
}

bool data_stack_frame_contains(data_stack_frame_t *id, const void *ptr)
{
    const struct stack_block *block = top_block;

    i_assert(*id == frame->id && frame != &root_frame);
    for (; block != frame->block; block = block->prev) {
        if (lies_in(block, 0, ptr))
            return TRUE;
    }
    return block != NULL && lies_in(block, frame->used, ptr);
}

size_t data_stack_get_alloc_size(void)
{
    size_t size = spare_block == NULL ? 0 : spare_block->size;

    for (const struct stack_block *block = top_block; block != NULL; block = block->prev)
        size += block->size;
    return size;
}

size_t data_stack_get_used_size(void)
{
    size_t size = 0;

    for (const struct stack_block *block = top_block; block != NULL; block = block->prev)
        size += block->used;
    return size;
}

void data_stack_free_unused(void)
{
    block_free(spare_block);
    spare_block = NULL;
}

void data_stack_init(void)
{
    if (top_block == NULL)
        push_block(FIRST_BLOCK_SIZE);
}

void data_stack_deinit(void)
{
    if (frame != &root_frame)
        i_panic("data stack: frame opened at %s was left open", frame->marker);
    wanted = NULL;
    root_frame.last = NULL;
    while (top_block != NULL)
        pop_block();
    data_stack_free_unused();
}
