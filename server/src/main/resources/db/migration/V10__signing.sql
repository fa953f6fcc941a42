-- Why a signature was refused, as programs are told, so that pages say it in the reader's language.
-- Empty for those that were refused before.
alter table refused_signature add column code text not null default '';

-- A passkey signs for a ticket, too.
alter table handover drop constraint handover_intent;
alter table handover add constraint handover_intent
  check (intent in ('decide','sign','enrol','practise','ticket'));

-- Who is of the other side is found by the mailbox behind an address (MailAddress).
create index person_by_mailbox on person (regexp_replace(address, '^([^+@]+)[+][^@]*@', '\1@'));
