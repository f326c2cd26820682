-- What each student adds to the class's project, reckoned from what the class's tools count.

-- What a fact of a tool is worth for a project; kept, so that reckoning again asks nothing.
create table project_rate (
    question_id uuid not null references question (id),
    class_id    uuid not null,
    plugin_id   text not null,
    fact        text not null,
    -- points for one, and the most that it can earn (null: no limit of its own), in millionths.
    each_points bigint not null,
    most_points bigint,
    primary key (question_id, plugin_id, fact)
);

-- A student's own share of a project. Never changed: the last one holds, the others tell what held before.
create table project_share (
    id          uuid primary key,
    class_id    uuid not null,
    question_id uuid not null references question (id),
    person_id   uuid not null references person (id),
    points      bigint not null,
    -- the facts that it was reckoned from, as JSON.
    facts       text not null,
    given_by    uuid not null,
    given_at    timestamptz not null
);
create index project_share_person on project_share (question_id, person_id);
create index project_share_class on project_share (class_id);
