-- Course core: people, classes, assignments, attempts, marks.
--
-- One text for SQLite and PostgreSQL: ids are UUIDv7 made by the server, times are bound from Rust (never now()),
-- whole numbers are BIGINT. Points are millionths of a point; shares are millionths of a whole.
-- Every table about people in a class carries class_id, so that a sharded PostgreSQL can split by it.

create table person (
    id             uuid primary key,
    -- what the person signs in with; stored in lower case. A student's is the student number.
    login          text not null unique,
    name           text not null,
    -- 'administrator', 'teacher' or 'student': what the person may do outside a class.
    role           text not null,
    -- argon2id in PHC form; null until the person has activated the account.
    password_hash  text,
    language       text,
    theme          text not null default 'auto',
    font_size      text not null default 'normal',
    created_at     timestamptz not null,
    disabled_at    timestamptz
);

create table session (
    id           uuid primary key,
    -- sha-256 of the random token in the cookie; the token itself is never stored.
    token_hash   bytea not null unique,
    person_id    uuid not null references person (id) on delete cascade,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null,
    user_agent   text not null,
    address      text not null
);
create index session_person on session (person_id);

create table api_token (
    id           uuid primary key,
    token_hash   bytea not null unique,
    person_id    uuid not null references person (id) on delete cascade,
    label        text not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz not null
);
create index api_token_person on api_token (person_id);

-- Failed sign-ins, counted by account and by address; shared by all nodes.
create table sign_in_failure (
    -- 'login:…' or 'address:…'
    subject       text primary key,
    failures      bigint not null,
    window_start  timestamptz not null,
    blocked_until timestamptz
);

-- Devices an account has signed in from: its owner still gets in while a stranger guesses.
create table known_device (
    token_hash bytea not null,
    person_id  uuid not null references person (id) on delete cascade,
    seen_at    timestamptz not null,
    -- a shared phone knows several people.
    primary key (token_hash, person_id)
);

-- Which accounts an address failed at, so that spraying is told from sixty students behind one address:
-- an account that got in counts no more.
create table sign_in_try (
    address      text not null,
    -- sha-256 of what was typed as login
    login_hash   bytea not null,
    failures     bigint not null,
    window_start timestamptz not null,
    succeeded_at timestamptz,
    primary key (address, login_hash)
);

-- One-time links and slips: first administrator, activation of an account, a new password.
create table activation (
    id         uuid primary key,
    code_hash  bytea not null unique,
    -- 'setup', 'activate' or 'password'
    purpose    text not null,
    person_id  uuid references person (id) on delete cascade,
    class_id   uuid,
    created_by uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index activation_person on activation (person_id);

create table class (
    id          uuid primary key,
    course      text not null,
    name        text not null,
    term        text not null,
    -- what a student types to join; upper case letters and digits without look-alikes.
    join_code   text not null unique,
    -- 'roster': only who is on the roster; 'open': anybody with the code, shown to the teacher; 'closed': slips only.
    join_rule   text not null default 'roster',
    time_zone   text not null default 'Asia/Shanghai',
    created_at  timestamptz not null,
    archived_at timestamptz
);

-- Who belongs to a class, as what. Leaving sets left_at and keeps everything.
create table membership (
    class_id       uuid not null references class (id),
    person_id      uuid not null references person (id),
    -- 'teacher' or 'student'
    role           text not null,
    student_number text,
    -- how the person came in: 'roster' (a file), 'hand' (typed by a teacher), 'code' (open class), 'transfer', 'founder'
    origin         text not null default 'roster',
    joined_at      timestamptz not null,
    left_at        timestamptz,
    primary key (class_id, person_id)
);
create index membership_person on membership (person_id);
create unique index membership_student_number on membership (class_id, student_number);

-- A post in a class, such as 'operator' (运营).
create table post (
    class_id   uuid not null,
    person_id  uuid not null,
    post       text not null,
    given_by   uuid not null,
    given_at   timestamptz not null,
    primary key (class_id, person_id, post),
    foreign key (class_id, person_id) references membership (class_id, person_id)
);

-- A roster file that a teacher looks at before applying it: its rows as JSON. Removed when applied, or after a day.
create table roster_upload (
    id         uuid primary key,
    class_id   uuid not null references class (id),
    created_by uuid not null references person (id),
    created_at timestamptz not null,
    file_name  text not null,
    content    text not null
);

-- A chapter's exercises in a class.
create table assignment (
    id                uuid primary key,
    class_id          uuid not null references class (id),
    course            text not null,
    chapter           text not null,
    title             text not null,
    -- the assignment file as imported, comments included; never shown to students.
    source            text not null,
    -- sha-256 of source in hex: what a re-import is compared with.
    fingerprint       text not null,
    created_by        uuid not null references person (id),
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    -- null: not given to the class yet.
    given_at          timestamptz,
    opens_at          timestamptz,
    due_at            timestamptz,
    -- when nothing is taken any more (the bell); null: never.
    closes_at         timestamptz,
    -- null: as many as wanted.
    attempts_allowed  bigint,
    -- 'best', 'last' or 'first'
    counting          text not null default 'best',
    -- 'hand-in': what was typed is handed in at the bell; 'none': only what was handed in.
    bell_rule         text not null default 'hand-in',
    -- per cent a day taken off after due_at, down to late_floor per cent; null: late work is not taken.
    late_per_day      bigint,
    late_floor        bigint not null default 0,
    -- when keys are shown: 'never', 'handed-in' (no attempt left or after closing), 'closed', 'always'
    reveal_keys       text not null default 'closed',
    -- whether verdicts and reasons are shown at once.
    show_verdicts     boolean not null default true,
    -- the bell has been rung (drafts handed in).
    bell_rung_at      timestamptz,
    unique (class_id, course, chapter, title)
);
create index assignment_closes on assignment (closes_at);

-- A later time for one student.
create table extension (
    assignment_id uuid not null references assignment (id),
    person_id     uuid not null references person (id),
    class_id      uuid not null,
    due_at        timestamptz,
    closes_at     timestamptz,
    reason        text not null,
    given_by      uuid not null,
    given_at      timestamptz not null,
    bell_rung_at  timestamptz,
    primary key (assignment_id, person_id)
);

create table question (
    id            uuid primary key,
    assignment_id uuid not null references assignment (id),
    class_id      uuid not null,
    number        text not null,
    position      bigint not null,
    -- 'blanks', 'essay' or 'project'
    kind          text not null,
    -- Markdown with blanks as {1}, {2} …
    text          text not null,
    points        bigint not null,
    rubric        text,
    removed_at    timestamptz
);
create index question_assignment on question (assignment_id, position);

create table blank (
    id          uuid primary key,
    question_id uuid not null references question (id),
    class_id    uuid not null,
    -- counts from 1 within the question, as {1} in its text.
    position    bigint not null,
    points      bigint not null,
    hint        text,
    -- the version of the key in force.
    key_version bigint not null,
    removed_at  timestamptz
);
create index blank_question on blank (question_id, position);

-- Keys have versions; a mark names the one it was made with.
create table blank_key (
    blank_id   uuid not null references blank (id),
    version    bigint not null,
    -- grader's Blank as JSON: alternatives, group, unit, match, surroundings.
    spec       text not null,
    confirmed  boolean not null,
    created_by uuid not null,
    created_at timestamptz not null,
    primary key (blank_id, version)
);

-- What a teacher decided about an answer; applies to every equal answer to the blank. Append-only, the last one that was
-- not taken back holds. The key's spec carries it as well: marking reads only that.
create table decision (
    id          uuid primary key,
    class_id    uuid not null,
    blank_id    uuid not null references blank (id),
    -- grader's normal form of the answer
    normal_form text not null,
    -- millionths of the blank credited
    credit      bigint not null,
    -- the answer as one student wrote it, for people
    sample      text not null,
    decided_by  uuid not null,
    decided_at  timestamptz not null,
    -- taken back; then the one before it holds again.
    undone_by   uuid,
    undone_at   timestamptz
);
create index decision_blank on decision (blank_id, normal_form);
create index decision_class on decision (class_id, decided_at);

-- One student's try at an assignment.
create table attempt (
    id              uuid primary key,
    class_id        uuid not null,
    assignment_id   uuid not null references assignment (id),
    person_id       uuid not null references person (id),
    number          bigint not null,
    started_at      timestamptz not null,
    -- arrival of the hand-in; null while open.
    handed_in_at    timestamptz,
    -- 'student' or 'bell'
    handed_in_by    text,
    -- idempotency key of the hand-in: a repeated send is the same hand-in.
    hand_in_key     text,
    -- false: only gaps or reviews were wrong, the attempt is not used up.
    counts          boolean not null default true,
    -- points of the blanks, overrides included, before the late rule; people's marks are in mark.
    blanks_points   bigint not null default 0,
    -- per cent taken off for lateness.
    late_per_cent   bigint not null default 0,
    grader_version  bigint,
    unique (assignment_id, person_id, number)
);
create index attempt_person on attempt (person_id);
create index attempt_class on attempt (class_id, assignment_id);

-- What is being typed, per field (a blank or a question); the highest sequence wins.
create table draft (
    attempt_id uuid not null references attempt (id),
    field      uuid not null,
    class_id   uuid not null,
    text       text not null,
    sequence   bigint not null,
    updated_at timestamptz not null,
    -- it arrived after closing: kept beside what was there in time and shown to the teacher, but not handed in.
    late       boolean not null,
    primary key (attempt_id, field, late)
);

-- One entry in one blank, as handed in and marked.
create table answer (
    attempt_id  uuid not null references attempt (id),
    blank_id    uuid not null references blank (id),
    class_id    uuid not null,
    text        text not null,
    normal_form text not null,
    -- 'correct', 'partial', 'incorrect', 'review' or 'unanswered'
    verdict     text not null,
    -- millionths of the blank (of the matched key's points in a group)
    credit      bigint not null,
    -- points awarded in millionths, before the late rule
    points      bigint not null,
    -- grader's Reason as JSON
    reason      text not null,
    key_version bigint not null,
    primary key (attempt_id, blank_id)
);
-- All answers to a blank by what they amount to: the answer map, regrades, imports.
create index answer_blank on answer (blank_id, normal_form);
-- The queue of answers that wait for a decision; stays small however many answers there are.
create index answer_waiting on answer (class_id, blank_id, normal_form) where verdict = 'review';

-- A text (essay, project) as handed in.
create table essay (
    attempt_id  uuid not null references attempt (id),
    question_id uuid not null references question (id),
    class_id    uuid not null,
    text        text not null,
    -- the attempt in which exactly this (text and attachments) was first handed in: a mark for it is that attempt's mark.
    origin      uuid not null references attempt (id),
    primary key (attempt_id, question_id)
);
create index essay_question on essay (question_id);

-- A project is handed in once for the class, by an operator: the essay in this attempt is the class's.
create table project_hand_in (
    question_id  uuid primary key references question (id),
    class_id     uuid not null,
    attempt_id   uuid not null references attempt (id),
    handed_in_by uuid not null references person (id),
    handed_in_at timestamptz not null
);
create index project_hand_in_class on project_hand_in (class_id);

create table attachment (
    id          uuid primary key,
    attempt_id  uuid not null references attempt (id),
    question_id uuid not null references question (id),
    class_id    uuid not null,
    name        text not null,
    media_type  text not null,
    size        bigint not null,
    -- its content is in attachment_content
    sha256      text not null,
    uploaded_by uuid not null,
    uploaded_at timestamptz not null,
    removed_at  timestamptz
);
create index attachment_attempt on attachment (attempt_id);
create index attachment_content_of on attachment (class_id, sha256);

-- Bytes of attachments, once for a class: a further attempt carries its attachments along without copying them.
create table attachment_content (
    class_id uuid not null,
    sha256   text not null,
    content  bytea not null,
    primary key (class_id, sha256)
);

-- Points given by a person for an essay or project. The last one holds; earlier ones stay as history.
create table mark (
    id          uuid primary key,
    class_id    uuid not null,
    attempt_id  uuid not null references attempt (id),
    question_id uuid not null references question (id),
    points      bigint not null,
    comment     text not null,
    marked_by   uuid not null,
    marked_at   timestamptz not null
);
create index mark_attempt on mark (attempt_id, question_id);

-- A teacher's change by hand of one answer's points.
create table override (
    id         uuid primary key,
    class_id   uuid not null,
    attempt_id uuid not null references attempt (id),
    blank_id   uuid not null references blank (id),
    points     bigint not null,
    reason     text not null,
    given_by   uuid not null,
    given_at   timestamptz not null
);
create index override_attempt on override (attempt_id);

create table reading_position (
    person_id  uuid not null references person (id) on delete cascade,
    course     text not null,
    chapter    text not null,
    anchor     text not null,
    updated_at timestamptz not null,
    primary key (person_id, course, chapter)
);

-- Who did what. Names no answers and no secrets.
create table audit (
    id         uuid primary key,
    at         timestamptz not null,
    person_id  uuid,
    class_id   uuid,
    action     text not null,
    subject    text not null,
    detail     text not null,
    address    text not null
);
create index audit_class on audit (class_id, at);
create index audit_at on audit (at);
create index audit_person on audit (person_id, at);

-- Settings an administrator changes in the browser.
create table setting (
    name       text primary key,
    value      text not null,
    updated_at timestamptz not null,
    updated_by uuid
);
