// A plugin in C for the tests of the loader. ABI versions, flags and manifest come from the command line.
#include "course_plugin.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#ifndef MANIFEST
#define MANIFEST "{\"id\": \"echo\", \"version\": \"0.1.0\", \"title\": {\"zh\": \"回声\", \"en\": \"Echo\"}}"
#endif
#ifndef MORE_FLAGS
#define MORE_FLAGS 0
#endif

static const CourseHostV1 *host;
static atomic_int running, most_at_once, freed, cancelled;

// Leaves a trace when anything of the library runs.
__attribute__((constructor)) static void opened(void) {
    const char *trace = getenv("ECHO_TRACE");
    FILE *file = trace != NULL ? fopen(trace, "w") : NULL;
    if (file != NULL) fclose(file);
}

static int32_t init(const CourseHostV1 *given) {
    host = given;
#ifdef REFUSE
    return COURSE_CODE_PLUGIN_ERROR;
#else
    return COURSE_CODE_OK;
#endif
}

static void counted_free(CourseBuf buf) {
    atomic_fetch_add(&freed, 1);
    free(buf.ptr);
}

static int32_t say(CourseBuf *output, const char *name, int number) {
    char text[80];
    snprintf(text, sizeof text, "{\"%s\": %d}", name, number);
    return course_reply(output, COURSE_CODE_OK, text);
}

// Notes how many calls run at a time.
static void overlap(void) {
    int now = atomic_fetch_add(&running, 1) + 1;
    int most = atomic_load(&most_at_once);
    while (now > most && !atomic_compare_exchange_weak(&most_at_once, &most, now)) {}
    nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
    atomic_fetch_sub(&running, 1);
}

static int32_t call(uint64_t token, uint32_t op, CourseSlice input, CourseBuf *output) {
    switch (op) {
    case 1: {  // What came, back.
        uint8_t *copy = malloc(input.len + 1);
        memcpy(copy, input.ptr, input.len);
        *output = (CourseBuf){copy, input.len, input.len + 1, counted_free};
        return COURSE_CODE_OK;
    }
    case 2: {  // What the host answers.
        CourseBuf answer;
        int32_t code = course_ask(host, token, 7, "\"asked\"", &answer);
        char text[80];
        snprintf(text, sizeof text, "%.*s", (int)answer.len, (const char *)answer.ptr);
        course_done(&answer);
        course_reply(output, code, text);
        return code;
    }
    case 3: return say(output, "freed", atomic_load(&freed));
    case 4: return say(output, "alive", host->alive(host->ctx, token));
    case 5: overlap(); return COURSE_CODE_OK;
    case 6: return say(output, "most", atomic_load(&most_at_once));
    case 7: return say(output, "cancelled", atomic_load(&cancelled));
    case 8: return say(output, "stranger", host->call(host->ctx, token + 1000000, 1, input, output));
    default: return COURSE_CODE_UNSUPPORTED;
    }
}

static void cancel(uint64_t token) { atomic_store(&cancelled, (int)token); }

#ifdef NO_PLUGIN
int unused(void) { return init(NULL) + call(0, 0, (CourseSlice){0}, NULL) + (cancel(0), 0); }
#else
COURSE_PLUGIN(echo, MORE_FLAGS, "echo.c", MANIFEST, init, call, cancel, NULL)
#endif
