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
