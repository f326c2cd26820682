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
