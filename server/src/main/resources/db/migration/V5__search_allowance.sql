-- How many sealed statements each person had opened by searches, lately: every server counts for all. Rows that are older than
-- what is counted are deleted by that person's next search.
create table statement_search (
  id         bigint generated always as identity primary key,
  person_id  bigint not null references person on delete cascade,
  at         timestamptz not null,
  statements bigint not null        constraint statement_search_not_negative check (statements >= 0)
);
create index statement_search_of_person on statement_search (person_id, at);
