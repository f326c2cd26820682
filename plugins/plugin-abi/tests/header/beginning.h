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
 * `init` comes first and once; `call` may come from any of several threads at once when COURSE_FLAG_THREADS is set, else
 * calls follow one another; `cancel` and `shutdown` come from a thread that runs no call, and may be NULL. Nothing that
 * was passed by pointer may be kept after the function returns, but the CourseHostV1, which lives until the process
 * ends. All text is UTF-8, all bytes that go in and out are JSON. Both sides free what they were given with the `free`
 * that came with it.
 */
