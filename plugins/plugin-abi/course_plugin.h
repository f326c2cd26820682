/*
 * The interface between a plugin and the course platform that loads it, for plugins in C. Made from the Rust source.
 *
 * A plugin is a shared library with four functions and a manifest, brought together by COURSE_PLUGIN below:
 *
 *     #include "course_plugin.h"
 *
 *     static const CourseHostV1 *host;
 *
 *     static int32_t init(const CourseHostV1 *given) { host = given; return COURSE_CODE_OK; }
 *
 *     static int32_t call(uint64_t token, uint32_t op, CourseSlice input, CourseBuf *output) {
 *         if (op != COURSE_OP_HTTP) return COURSE_CODE_UNSUPPORTED;
 *         return course_reply(output, COURSE_CODE_OK,
 *             "{\"kind\": \"view\", \"template\": \"hello.html\", \"values\": {\"name\": \"C\"}}");
 *     }
 *
 *     COURSE_PLUGIN(hello, 0, "hello 0.1.0",
 *         "{\"id\": \"hello\", \"version\": \"0.1.0\", \"title\": {\"zh\": \"你好\", \"en\": \"Hello\"},"
 *         " \"routes\": [{\"method\": \"GET\", \"path\": \"/\"}],"
 *         " \"templates\": {\"hello.html\": \"<p>{{ name }}</p>\"}}",
 *         init, call, NULL, NULL)
 *
 *     cc -shared -fPIC -O2 -o libhello.so hello.c
 *
 * Which function is called when, and from where:
 *
 * - `init` first and once. Of the host it can only ask COURSE_HOST_OP_LOG, with token 0.
 * - `call` for each operation. Without COURSE_FLAG_THREADS calls follow one another; with it they come at once, from
 *   several threads.
 * - `cancel`, which may be NULL, while the call with its token runs or just after, from a thread that runs no call. The
 *   call ends by returning, whatever it returns; one that asks `alive` now and then needs no `cancel`.
 * - `shutdown`, which may be NULL, last and once, when no call runs.
 *
 * Bytes that go in and out are JSON, in UTF-8 and without a NUL at the end. The input of every call is
 *
 *     {"context": {"now": …, "language": "en", "class": …, "person": …, …}, "input": …, "until": …}
 *
 * where "input" is what stands before the arrow of the operation below, and the output what stands behind it; "nothing"
 * is null. What goes to the host is the bare structure of the service, without a context. The structures are in
 * plugin-protocol/src: context.rs, op.rs, host.rs, value.rs (ids and times in SQL) and manifest.rs. A code other than
 * COURSE_CODE_OK goes with {"code": "not-found", "message": "…"}, or with no bytes.
 *
 * `output` is empty when a function begins, and may stay so. Whoever receives a CourseBuf calls its `free` once. What
 * else was passed by pointer may not be used after the function returns, but the CourseHostV1, which lives until the
 * process ends. A token is valid until its call returns; a thread that asks with it later gets COURSE_CODE_CANCELLED.
 *
 * Later minor versions append to the structures. `struct_size` is the size that its writer knew: what lies beyond it is
 * not there.
 */

#ifndef COURSE_PLUGIN_H
#define COURSE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Major version: equal, or the library is refused.
#define COURSE_ABI_MAJOR 1

// Minor version: what has been appended so far.
#define COURSE_ABI_MINOR 0

// Flag of a plugin: a panic unwinds, so that it is caught inside and ends one call. A library without it is refused.
#define COURSE_FLAG_UNWIND 1

// Flag of a plugin: `call` may come from several threads at once, as many as `limits.threads` of the manifest says.
// Without it calls follow one another.
#define COURSE_FLAG_THREADS 2

// The most rows that a query returns.
#define COURSE_MOST_ROWS 5000

// The most bytes that a query returns, as JSON.
#define COURSE_MOST_BYTES ((4 * 1024) * 1024)

// The most statements of a batch.
#define COURSE_MOST_STATEMENTS 1000

// An operation of a plugin.
enum CourseOp {
    // A page: `Page` → `Response`.
    COURSE_OP_HTTP = 1,
    // A box on the class page: `Widget` → `View`.
    COURSE_OP_WIDGET = 2,
    // Something happened: `Event` → nothing.
    COURSE_OP_EVENT = 3,
    // It is time: `Job` → nothing.
    COURSE_OP_JOB = 4,
    // Another plugin asks: `Service` → any JSON.
    COURSE_OP_SERVICE = 5,
    // Is it well?: nothing → `Health`.
    COURSE_OP_HEALTH = 6,
    // After the migrations of an upgrade: `Upgrade` → nothing.
    COURSE_OP_MIGRATE_DATA = 7,
    // What is known about a person beside the declared columns: `Subject` → any JSON.
    COURSE_OP_EXPORT_PERSON = 8,
    // Forget a person beside the declared columns: `Subject` → nothing.
    COURSE_OP_ERASE_PERSON = 9,
    // Settings have changed; the context holds the new ones: nothing → nothing.
    COURSE_OP_SETTINGS_CHANGED = 10,
    // What each student of the class has done: nothing → `Facts`.
    COURSE_OP_FACTS = 11,
    // The host's own, done beside the plugin in its worker: `Render` → `Rendered`.
    COURSE_OP_RENDER = 12,
};

// A service of the host.
enum CourseHostOp {
    // A line for the log: `Log` → nothing. No permission needed.
    COURSE_HOST_OP_LOG = 1,
    // Rows of the plugin's own tables: `Query` → `Rows`. Permission `tables`.
    COURSE_HOST_OP_QUERY = 2,
    // Changes to them, all or none: `Batch` → `Done`. Permission `tables`.
    COURSE_HOST_OP_BATCH = 3,
    // Tells other plugins: `Emit` → `Emitted`. Permission: named in `events.emits`.
    COURSE_HOST_OP_EMIT = 4,
    // Asks another plugin: `Service` → any JSON. Permission: named in `needs` or `wants`.
    COURSE_HOST_OP_SERVICE = 5,
    // Who is in a class: `OfClass` → `Roster`. Permission `roster`.
    COURSE_HOST_OP_ROSTER = 6,
    // Outgoing HTTP: `Fetch` → `Fetched`. Permission: the host is named in `http`.
    COURSE_HOST_OP_FETCH = 7,
    // A setting that no page shows: `Secret` → `SecretValue`. Permission `secrets`.
    COURSE_HOST_OP_SECRET = 8,
    // The settings of a class, without secrets: `OfClass` → an object. No permission needed.
    COURSE_HOST_OP_SETTINGS = 9,
    // A job at a moment: `Schedule` → nothing. Permission `schedule`.
    COURSE_HOST_OP_SCHEDULE = 10,
    // The classes that use the plugin: nothing → `Classes`. Permission `roster`.
    COURSE_HOST_OP_CLASSES = 11,
};

// How a call ended. Codes from 100 on are the host's own: returned by a plugin, as any unknown one, they count as its
// error.
enum CourseCode {
    // Done.
    COURSE_CODE_OK = 0,
    // The input cannot be accepted.
    COURSE_CODE_BAD_REQUEST = 1,
    // There is no such thing.
    COURSE_CODE_NOT_FOUND = 2,
    // Not allowed: to the person, or to the plugin.
    COURSE_CODE_DENIED = 3,
    // Something changed meanwhile.
    COURSE_CODE_CONFLICT = 4,
    // The plugin failed and says so.
    COURSE_CODE_PLUGIN_ERROR = 5,
    // The plugin panicked.
    COURSE_CODE_PANIC = 6,
    // The plugin, or the host, knows no such operation.
    COURSE_CODE_UNSUPPORTED = 7,
    // Too many calls are waiting.
    COURSE_CODE_BUSY = 8,
    // Whoever asked no longer waits.
    COURSE_CODE_CANCELLED = 9,
    // The time was up before the plugin answered.
    COURSE_CODE_TIMEOUT = 100,
    // The worker process ended during the call.
    COURSE_CODE_WORKER_DIED = 101,
    // The plugin failed too often lately and is left alone for a moment.
    COURSE_CODE_BREAKER_OPEN = 102,
    // The plugin cannot be loaded here.
    COURSE_CODE_INCOMPATIBLE = 103,
    // The worker said something that is no message.
    COURSE_CODE_PROTOCOL = 104,
    // The plugin is not running: disabled, quarantined, or a needed plugin is missing.
    COURSE_CODE_NOT_RUNNING = 105,
};

// Borrowed bytes, for the length of a call.
typedef struct CourseSlice {
    // First byte; may be null when `len` is 0.
    const uint8_t *ptr;
    // Number of bytes.
    size_t len;
} CourseSlice;

// Owned bytes that carry their own way to be freed, since both sides have an allocator of their own.
typedef struct CourseBuf {
    // First byte; may be null when `len` is 0.
    uint8_t *ptr;
    // Number of bytes.
    size_t len;
    // For `free` alone: what the owner's allocator needs beside `ptr` and `len`.
    size_t cap;
    // Frees it, called once by whoever received it; null when there is nothing to free.
    void (*free)(struct CourseBuf);
} CourseBuf;

// What the plugin may ask the host.
typedef struct CourseHostV1 {
    // Size of this structure in bytes.
    uint32_t struct_size;
    // Major version of the interface.
    uint16_t abi_major;
    // Minor version of the interface.
    uint16_t abi_minor;
    // None yet; 0.
    uint32_t flags;
    // To be passed back unchanged.
    void *ctx;
    // Asks for service `op` on behalf of the call `token`, and waits for the answer; from any thread, several at once
    // too, as long as that call runs. The plugin frees `output`.
    int32_t (*call)(void *ctx, uint64_t token, uint32_t op, struct CourseSlice input, struct CourseBuf *output);
    // 1 while somebody waits for the call, 0 when it was cancelled, its time is up or it has returned; from any thread.
    int32_t (*alive)(void *ctx, uint64_t token);
} CourseHostV1;

// The exported symbol of a plugin.
typedef struct CoursePluginV1 {
    // The four bytes `CLSP`.
    uint8_t magic[4];
    // Size of this structure in bytes.
    uint32_t struct_size;
    // Major version of the interface.
    uint16_t abi_major;
    // Minor version of the interface.
    uint16_t abi_minor;
    // `COURSE_FLAG_…`.
    uint32_t flags;
    // What it was built with, for people: `plugin-sdk 0.1.0`.
    struct CourseSlice sdk_version;
    // The manifest as JSON, the same bytes as in the section.
    struct CourseSlice manifest;
    // Starts the plugin; `host` may be kept. Returns a code; not 0: it does not start.
    int32_t (*init)(const struct CourseHostV1 *host);
    // Does operation `op` on the JSON in `input`. Writes JSON to `output` (the answer, or the error that explains
    // the code) and returns a code. `token` names the call towards the host, and is never 0. An operation that the
    // plugin does not know, as a newer host may have, is answered "unsupported".
    int32_t (*call)(uint64_t token, uint32_t op, struct CourseSlice input, struct CourseBuf *output);
    // Nobody waits for the call with this token any more; may be null.
    void (*cancel)(uint64_t token);
    // The process ends within so many milliseconds; no call follows. May be null.
    void (*shutdown)(uint32_t grace_ms);
} CoursePluginV1;

// Start of the ELF section; `manifest_len` bytes of JSON follow at `header_size`.
typedef struct CourseSectionHeader {
    // The four bytes `CLSP`.
    uint8_t magic[4];
    // Size of this structure in bytes: where the manifest begins.
    uint32_t header_size;
    // Major version of the interface.
    uint16_t abi_major;
    // Minor version of the interface.
    uint16_t abi_minor;
    // `COURSE_FLAG_…`.
    uint32_t flags;
    // Bytes of the manifest.
    uint64_t manifest_len;
} CourseSectionHeader;


static inline void course_free(CourseBuf buf) { free(buf.ptr); }

// Answers a call with JSON text: `return course_reply(output, COURSE_CODE_OK, "{}");`
static inline int32_t course_reply(CourseBuf *output, int32_t code, const char *json) {
    size_t len = strlen(json);
    uint8_t *copy = malloc(len + 1);
    if (copy == NULL) return COURSE_CODE_PLUGIN_ERROR;
    memcpy(copy, json, len + 1);
    *output = (CourseBuf){copy, len, len + 1, course_free};
    return code;
}

// Asks the host for a service (COURSE_HOST_OP_…); free the answer with `course_done(&answer)`.
static inline int32_t course_ask(const CourseHostV1 *host, uint64_t token, uint32_t op, const char *json,
                                 CourseBuf *answer) {
    *answer = (CourseBuf){0};
    return host->call(host->ctx, token, op, (CourseSlice){(const uint8_t *)json, strlen(json)}, answer);
}

// Frees an answer of the host, also an empty one.
static inline void course_done(CourseBuf *buf) {
    if (buf->free != NULL) buf->free(*buf);
    *buf = (CourseBuf){0};
}

// Exports a plugin; once, in one file. `name` is the id from the manifest with _ for -, `more_flags` is 0 or
// COURSE_FLAG_THREADS, `built_with` is for people, `json` is the manifest as a string literal. COURSE_FLAG_UNWIND is set:
// C has no panics that could end the process.
#define COURSE_PLUGIN(name, more_flags, built_with, json, init_, call_, cancel_, shutdown_)                            \
    static const struct {                                                                                              \
        CourseSectionHeader header;                                                                                    \
        char manifest[sizeof(json)];                                                                                   \
    } course_section __attribute__((used, section(".clsp"))) = {                                                       \
        {{'C', 'L', 'S', 'P'}, sizeof(CourseSectionHeader), COURSE_ABI_MAJOR, COURSE_ABI_MINOR,                        \
         COURSE_FLAG_UNWIND | (more_flags), sizeof(json) - 1},                                                         \
        json};                                                                                                         \
    extern const CoursePluginV1 course_plugin_v1_##name;                                                               \
    __attribute__((used, visibility("default"))) const CoursePluginV1 course_plugin_v1_##name = {                      \
        {'C', 'L', 'S', 'P'}, sizeof(CoursePluginV1), COURSE_ABI_MAJOR, COURSE_ABI_MINOR,                              \
        COURSE_FLAG_UNWIND | (more_flags), {(const uint8_t *)built_with, sizeof(built_with) - 1},                      \
        {(const uint8_t *)course_section.manifest, sizeof(json) - 1}, init_, call_, cancel_, shutdown_};

#endif  /* COURSE_PLUGIN_H */
