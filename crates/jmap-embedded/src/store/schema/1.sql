-- Who may log in. Everybody has one account, the id of which stands for them in all other tables. The password is a slow
-- hash with its salt (PHC); without one nobody gets in by password.
CREATE TABLE user (
    name TEXT PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    password TEXT
) WITHOUT ROWID;

-- Tokens that let somebody in: SHA-256 of what they are, which is long and random.
CREATE TABLE token (
    hash BLOB PRIMARY KEY,
    user TEXT NOT NULL
) WITHOUT ROWID;

-- All objects, as the JSON that was written, without what each user has of their own.
CREATE TABLE object (
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (account, type, id)
) WITHOUT ROWID;

-- What each user has of their own about an object.
CREATE TABLE private (
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    user TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (account, type, id, user)
) WITHOUT ROWID;

-- Every change: 1 created, 2 updated, 3 destroyed. Each user has a log of what they see of an account, and the number of
-- the last row is their state; a row without a user is for everybody.
CREATE TABLE change (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    kind INTEGER NOT NULL
);
CREATE INDEX change_of_type ON change (account, type, user, number);

-- What came before this number is forgotten.
CREATE TABLE horizon (
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account, type)
) WITHOUT ROWID;

-- What queries need to know of events. The times are seconds from 1970 on, of the first start and the last end; an event
-- without an end has none. A floating one has those of UTC, so it can be up to 15 hours earlier or later; how late an end is
-- that is not known has none either, and is not exact.
CREATE TABLE event (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    uid TEXT NOT NULL,
    recurrence_id TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER,
    floats INTEGER NOT NULL,
    is_exact INTEGER NOT NULL,
    created TEXT,
    updated TEXT,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX event_by_uid ON event (account, uid, recurrence_id);
-- With all that a window asks for, so that only rows in it are looked up.
CREATE INDEX event_by_start ON event (account, starts, ends, floats);

CREATE TABLE event_in_calendar (
    account TEXT NOT NULL,
    calendar TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (account, calendar, event)
) WITHOUT ROWID;
CREATE INDEX calendar_of_event ON event_in_calendar (account, event);

-- Octets. What no object refers to is for the user alone who brought it, and goes some time after it came; `came` is in
-- seconds from 1970 on.
CREATE TABLE blob (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    user TEXT NOT NULL,
    came INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX blob_by_age ON blob (came);

-- The blobs that objects name.
CREATE TABLE blob_of_object (
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    blob TEXT NOT NULL,
    PRIMARY KEY (account, type, id, blob)
) WITHOUT ROWID;
CREATE INDEX object_of_blob ON blob_of_object (account, blob);

-- Which row of the full-text index an event has.
CREATE TABLE event_row (
    number INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (account, event)
);

-- The words of events, those of overrides too: already cut and in small letters, so that nothing is left to the tokenizer.
CREATE VIRTUAL TABLE event_words USING fts5 (
    title, description, location, owner, attendee, other,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

-- What others may do with a collection of an account (a calendar), as JSON, and whether they want to see it.
CREATE TABLE share (
    account TEXT NOT NULL,
    collection TEXT NOT NULL,
    user TEXT NOT NULL,
    rights TEXT NOT NULL,
    is_visible INTEGER NOT NULL,
    is_subscribed INTEGER NOT NULL DEFAULT FALSE,
    PRIMARY KEY (account, collection, user)
) WITHOUT ROWID;
CREATE INDEX share_of_user ON share (user, account);

-- Messages to addresses outside.
CREATE TABLE outgoing (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    method TEXT NOT NULL,
    text TEXT NOT NULL
);

-- The uid of each task, and the occurrence that it is if it stands alone.
CREATE TABLE task (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    uid TEXT NOT NULL,
    recurrence_id TEXT NOT NULL,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX task_by_uid ON task (account, uid, recurrence_id);
