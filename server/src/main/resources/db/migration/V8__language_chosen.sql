-- Whether somebody chose the language themselves; else it is that of the browser in which they first came in.
alter table person add column language_chosen boolean not null default false;
