create table shop.customers (
  id serial primary key, tenant_id int not null, email varchar(50) not null, fax text, note text);
create table shop.faxes (id serial primary key, tenant_id int not null, page text);
