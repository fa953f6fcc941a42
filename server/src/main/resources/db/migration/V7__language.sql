-- In which language somebody reads pages and mail, as ISO 639 names it; null until they have signed in.
alter table person add column language text constraint person_language check (language ~ '^[a-z]{2}$');
