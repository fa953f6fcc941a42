alter table shop.customers add column ssn text;
alter table shop.customers alter column email type varchar(400);
alter table shop.customers drop column fax;
drop table shop.faxes;
